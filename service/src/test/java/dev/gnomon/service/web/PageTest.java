package dev.gnomon.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.service.ServiceTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest extends ServiceTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/index.html", "/submit", "/runs/0a1b2c", "/experiments/x", "/runs/x/hosts", "/apiary"})
    void everyRouteIsAnsweredWithThePage(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("The page, for tests");
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(response.headers().firstValue("Last-Modified")).isEmpty();
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void filesNamedAfterTheirContentAreKept() throws Exception {
        HttpResponse<String> response = get("/assets/page-1a2b3c.js");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).contains("javascript");
        assertThat(response.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/nothing.js",
                "/nothing.png",
                "/api/v1/nothing",
                "/v3/nothing",
                "/actuator/nothing",
                "/application.yaml"
            })
    void missingFilesAreNotThePage(String path) throws Exception {
        problem(get(path), 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../application.yaml", "/assets/../../application.yaml"})
    void pathsThatLeaveTheRootAreRefused(String path) throws Exception {
        problem(get(path), 400);
    }
}
