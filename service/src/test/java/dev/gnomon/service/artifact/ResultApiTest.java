package dev.gnomon.service.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.service.ScriptedExecutor;
import dev.gnomon.service.ServiceTest;
import dev.gnomon.service.storage.DataDirectory;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

class ResultApiTest extends ServiceTest {

    private static final String STDOUT = "hosts/client/curl.1000.stdout";
    private static final byte[] CONTENT = "0123456789".repeat(1000).getBytes(StandardCharsets.UTF_8);
    private static final String TAG = '"' + ScriptedExecutor.sha256(CONTENT) + '"';

    @Autowired
    private DataDirectory directory;

    private String run;
    private String files;

    @BeforeEach
    void aRunHasEnded() throws Exception {
        run = succeededRun();
        files = "/api/v1/runs/" + run + "/files/";
    }

    @Test
    void everyFileIsListedAndSent() throws Exception {
        JsonNode listing = json(get("/api/v1/runs/" + run + "/files"));
        assertThat(listing).hasSize(8);
        for (JsonNode file : listing) {
            String path = file.path("path").asString();
            String encoded = java.net.URLEncoder.encode(path, StandardCharsets.UTF_8)
                    .replace("%2F", "/")
                    .replace("+", "%20");
            HttpResponse<byte[]> response = sendForBytes(request(files + encoded));
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(ScriptedExecutor.sha256(response.body()))
                    .as(path)
                    .isEqualTo(file.path("sha256").asString());
            assertThat(response.body().length).isEqualTo(file.path("bytes").asInt());
            boolean engines = path.equals("manifest.json") || path.equals("summary.json");
            assertThat(file.path("deterministic").asBoolean()).as(path).isEqualTo(!engines);
        }
    }

    @Test
    void aFileSaysWhatItIsAndCannotBeTakenForMore() throws Exception {
        HttpResponse<String> response = get(files + STDOUT);
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("Content-Type", "text/plain;charset=UTF-8");
        expected.put("Content-Length", "10000");
        expected.put("Accept-Ranges", "bytes");
        expected.put("ETag", TAG);
        expected.put("X-Content-Type-Options", "nosniff");
        expected.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        expected.put(
                "Repr-Digest",
                "sha-256=:"
                        + java.util.Base64.getEncoder()
                                .encodeToString(java.util.HexFormat.of().parseHex(ScriptedExecutor.sha256(CONTENT)))
                        + ":");
        expected.forEach((name, value) ->
                assertThat(response.headers().firstValue(name)).as(name).hasValue(value));
        assertThat(response.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith("inline");
    }

    @ParameterizedTest
    @CsvSource({
        "hosts/client/curl.1000.stderr, text/plain;charset=UTF-8, inline",
        "definition.yaml, text/plain;charset=UTF-8, inline",
        "summary.json, application/json, inline",
        "hosts/client/eth0.pcap, application/octet-stream, attachment",
        "hosts/server/%3Cb%3Epage%3C/b%3E.html, application/octet-stream, attachment"
    })
    void typesAreChosenByNameAndNeverExecutable(String path, String type, String disposition) throws Exception {
        HttpResponse<String> response = get(files + path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).isEqualToIgnoringCase(type);
        assertThat(response.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith(disposition);
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-9, 0, 9", "bytes=9990-, 9990, 9999", "bytes=-5, 9995, 9999", "bytes=17-17, 17, 17"})
    void aPartIsSent(String range, int first, int last) throws Exception {
        HttpResponse<byte[]> response = sendForBytes(request(files + STDOUT).header("Range", range));
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes " + first + "-" + last + "/10000");
        assertThat(response.headers().firstValue("Content-Length")).hasValue(Integer.toString(last - first + 1));
        assertThat(response.headers().firstValue("ETag")).hasValue(TAG);
        assertThat(response.body()).isEqualTo(java.util.Arrays.copyOfRange(CONTENT, first, last + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10000-", "bytes=-0", "bytes=a-b", "bytes=5-4", "bytes=99999999999999999999-"})
    void aPartThatIsNotThereIsRefused(String range) throws Exception {
        HttpResponse<String> response = send(request(files + STDOUT).header("Range", range));
        problem(response, 416);
        assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes */10000");
    }

    @Test
    void severalPartsAreAnsweredWithTheWhole() throws Exception {
        HttpResponse<byte[]> response = sendForBytes(request(files + STDOUT).header("Range", "bytes=0-1,5-6"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(CONTENT);
    }

    @Test
    void aDownloadIsResumedOnlyIntoTheSameBytes() throws Exception {
        HttpResponse<byte[]> same =
                sendForBytes(request(files + STDOUT).header("Range", "bytes=5-").header("If-Range", TAG));
        assertThat(same.statusCode()).isEqualTo(206);
        for (String other : new String[] {"\"other\"", "W/" + TAG, "Wed, 21 Oct 2015 07:28:00 GMT"}) {
            HttpResponse<byte[]> whole = sendForBytes(
                    request(files + STDOUT).header("Range", "bytes=5-").header("If-Range", other));
            assertThat(whole.statusCode()).as(other).isEqualTo(200);
            assertThat(whole.body()).isEqualTo(CONTENT);
        }
    }

    @Test
    void whatIsKnownIsNotSentAgain() throws Exception {
        for (String known : new String[] {TAG, "W/" + TAG, "\"a\", " + TAG, "*"}) {
            HttpResponse<String> response = send(request(files + STDOUT).header("If-None-Match", known));
            assertThat(response.statusCode()).as(known).isEqualTo(304);
            assertThat(response.body()).isEmpty();
        }
        assertThat(send(request(files + STDOUT).header("If-None-Match", "\"a\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void headSaysTheSameWithoutContent() throws Exception {
        HttpResponse<String> response = send(
                request(files + STDOUT).method("HEAD", BodyPublishers.noBody()).header("Range", "bytes=0-4"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Length")).hasValue("10000");
        assertThat(response.headers().firstValue("ETag")).hasValue(TAG);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../lock",
                "%2e%2e/%2e%2e/%2e%2e/lock",
                "%2E%2E%2F%2E%2E%2F%2E%2E%2Flock",
                "..%2f..%2f..%2flock",
                "hosts/../../../../lock",
                "hosts/%2e%2e/%2e%2e/%2e%2e/lock",
                "%252e%252e/%252e%252e/lock",
                "..%5c..%5clock",
                "..;/..;/..;/lock",
                "%c0%ae%c0%ae/lock",
                "/etc/passwd",
                "%2fetc%2fpasswd",
                "//etc/passwd",
                "hosts",
                "hosts/",
                "hosts/client/curl.1000.stdout/",
                "hosts//client/curl.1000.stdout",
                "./definition.yaml%00.txt",
                "%zz",
                ""
            })
    void nothingOutsideTheListingIsSent(String path) throws Exception {
        String response = raw("GET " + files + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(response).matches("(?s)HTTP/1.1 40[04] .*");
        assertThat(response).contains("application/problem+json").doesNotContain("root:");
    }

    @Test
    void aFileThatBecameALinkAfterTheRunIsNotSent() throws Exception {
        var file = directory.run(run).resolve(STDOUT);
        Files.delete(file);
        Files.createSymbolicLink(file, directory.root().resolve("lock"));
        problem(get(files + STDOUT), 404);
    }

    @Test
    void theArchiveHoldsEverythingAndIsBuiltOnce() throws Exception {
        String archive = "/api/v1/runs/" + run + "/archive.zip";
        HttpResponse<byte[]> whole = sendForBytes(request(archive));
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("Content-Type")).hasValue("application/zip");
        assertThat(whole.headers().firstValue("ETag")).hasValue('"' + ScriptedExecutor.sha256(whole.body()) + '"');
        assertThat(whole.headers().firstValue("Content-Disposition").orElse(""))
                .contains("attachment")
                .contains(run + ".zip");

        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(whole.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getTimeLocal()).hasToString("2000-01-01T00:00");
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        JsonNode listing = json(get("/api/v1/runs/" + run + "/files"));
        assertThat(entries).hasSize(listing.size()).containsKey("definition.yaml");
        for (JsonNode file : listing) {
            assertThat(ScriptedExecutor.sha256(entries.get(file.path("path").asString())))
                    .isEqualTo(file.path("sha256").asString());
        }

        HttpResponse<byte[]> part = sendForBytes(request(archive)
                .header("Range", "bytes=10-19")
                .header("If-Range", whole.headers().firstValue("ETag").orElseThrow()));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(whole.body(), 10, 20));

        var modified = Files.getLastModifiedTime(directory.archive(run));
        sendForBytes(request(archive));
        assertThat(Files.getLastModifiedTime(directory.archive(run))).isEqualTo(modified);
        Files.delete(directory.archive(run));
        assertThat(sendForBytes(request(archive)).body()).isEqualTo(whole.body());
        FileSystemUtils.deleteRecursively(directory.archive(run).getParent());
        assertThat(sendForBytes(request(archive)).body()).isEqualTo(whole.body());
    }

    @Test
    void theArchiveOfARunThatNeverStartedHoldsTheDefinition() throws Exception {
        String blocker = freshName();
        CountDownLatch release = new CountDownLatch(1);
        executor.on(blocker, (options, observer) -> {
            release.await(20, TimeUnit.SECONDS);
            return ScriptedExecutor.succeeded();
        });
        String experiment = store(blocker);
        try {
            await(submit(experiment), "running");
            await(submit(experiment), "running");
            String waiting = submit(experiment);
            assertThat(send(request("/api/v1/runs/" + waiting + "/cancel").POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(202);
            HttpResponse<byte[]> archive = sendForBytes(request("/api/v1/runs/" + waiting + "/archive.zip"));
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
                assertThat(zip.getNextEntry().getName()).isEqualTo("definition.yaml");
                assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(definition(blocker));
                assertThat(zip.getNextEntry()).isNull();
            }
        } finally {
            release.countDown();
        }
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
