package dev.gnomon.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.service.ServiceTest;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest extends ServiceTest {

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String status(String method, String headers) throws Exception {
        return raw(method + " /api/v1/status HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:8080", "[::1]:99", "gnomon.example"})
    void ownNamesAreAnswered(String host) throws Exception {
        assertThat(status("GET", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example:8080", "10.0.0.1"})
    void foreignNamesAreNot(String host) throws Exception {
        for (String path : new String[] {"/api/v1/status", "/", "/actuator/health", "/v3/api-docs"}) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("application/problem+json", "urn:gnomon:problem:unknown-host");
        }
    }

    @Test
    void aRequestWithoutHostIsRefused() throws Exception {
        assertThat(raw("GET /api/v1/status HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 421 ");
        assertThat(status("GET", "Host: a\r\nHost: b\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, 'null'",
        "Origin, http://127.0.0.1:1",
        "Origin, http://localhost",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void changesFromOtherOriginsAreRefused(String header, String value) throws Exception {
        String type = "Content-Type: application/yaml\r\nContent-Length: 0\r\n";
        assertThat(raw("POST /api/v1/experiments HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:8080\r\n" + type
                        + header + ": " + value + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("urn:gnomon:problem:forbidden-origin");
    }

    @Test
    void thePageItselfAndProgramsMayChange() throws Exception {
        for (String headers : new String[] {
            "Origin: http://127.0.0.1:8080\r\nSec-Fetch-Site: same-origin\r\n", "Sec-Fetch-Site: none\r\n", ""
        }) {
            assertThat(raw("POST /api/v1/experiments HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:8080\r\n"
                            + "Content-Type: application/yaml\r\nContent-Length: 2\r\n" + headers + "\r\n{}"))
                    .startsWith("HTTP/1.1 422 ");
        }
    }

    @Test
    void readingFromOtherOriginsIsNotOpenedUp() throws Exception {
        String answer = status("GET", "Host: localhost\r\nOrigin: http://evil.example\r\n");
        assertThat(answer).doesNotContainIgnoringCase("Access-Control-Allow").contains("Cross-Origin-Resource-Policy");
        String preflight = raw("OPTIONS /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
        assertThat(preflight).doesNotContainIgnoringCase("Access-Control-Allow");
    }

    @Test
    void formsAreRefusedEvenWhereNoBodyIsWanted() throws Exception {
        problem(post("/api/v1/runs/x/cancel", "application/x-www-form-urlencoded", "a=b"), 415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%zz HTTP/1.1", "GET /a b HTTP/1.1", "G\0T / HTTP/1.1", "GET /a%2fb HTTP/1.1"})
    void whatIsNoRequestIsAnsweredWithAProblem(String line) throws Exception {
        assertThat(raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json", "\"status\":400")
                .doesNotContain("<html");
    }

    @Test
    void unknownPathsAndMethodsAreProblems() throws Exception {
        problem(get("/api/v1/nothing"), 404);
        problem(get("/api"), 404);
        problem(get("/actuator/env"), 404);
        problem(send(request("/api/v1/status").method("PATCH", BodyPublishers.noBody())), 405);
        problem(send(request("/api/v1/status").method("TRACE", BodyPublishers.noBody())), 405);
        problem(send(request("/api/v1/status").header("Accept", "image/png")), 406);
    }

    @Test
    void onlyHealthIsTold() throws Exception {
        assertThat(get("/actuator/health").body()).contains("\"status\":\"UP\"");
        assertThat(get("/actuator/health").body()).doesNotContain("database", "jdbc");
    }
}
