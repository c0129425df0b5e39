package dev.gnomon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running service, with all of HTTP, for all tests that extend this; every test brings its own experiments. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "gnomon.executor.concurrency=2",
            "gnomon.events.streams=6",
            "gnomon.events.heartbeat=300ms",
            "gnomon.hosts=gnomon.example",
            "server.tomcat.connection-timeout=2s"
        })
@Import(ServiceTest.Scripted.class)
public abstract class ServiceTest {

    private static final AtomicInteger names = new AtomicInteger();
    private static final HttpClient client = HttpClient.newHttpClient();

    @TestConfiguration
    static class Scripted {
        @Bean
        @Primary
        ScriptedExecutor scriptedExecutor() {
            return new ScriptedExecutor();
        }
    }

    @DynamicPropertySource
    static void data(DynamicPropertyRegistry registry) throws IOException {
        Path directory = Files.createTempDirectory("gnomon-service-test");
        registry.add("gnomon.data-directory", () -> directory.resolve("data").toString());
    }

    @Value("${local.server.port}")
    protected int port;

    @Autowired
    protected ScriptedExecutor executor;

    @Autowired
    protected JsonMapper mapper;

    /** A name that no other experiment has. */
    protected static String freshName() {
        return "experiment-" + names.incrementAndGet();
    }

    /** A right definition of two hosts with a process each. */
    protected static String definition(String name) {
        return """
                experiment:
                  name: %s
                  description: Two hosts, nothing else.
                  tags: [small, test]
                general:
                  stop_time: 10 s
                  seed: 7
                network:
                  graph:
                    type: 1_gbit_switch
                hosts:
                  client:
                    network_node_id: 0
                    processes:
                      - path: /bin/true
                  server:
                    network_node_id: 0
                    processes:
                      - path: /bin/true
                """.formatted(name);
    }

    protected HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    protected HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    protected HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    protected HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    protected HttpResponse<String> post(String path, String type, String body)
            throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    protected JsonNode json(HttpResponse<String> response) {
        return mapper.readTree(response.body());
    }

    /** The body of an error, checked for what every error has. */
    protected JsonNode problem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asString()).startsWith("urn:gnomon:problem:");
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank();
        return problem;
    }

    /** Stores an experiment of this name and returns its id. */
    protected String store(String name) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/api/v1/experiments", "application/yaml", definition(name));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return json(response).path("id").asString();
    }

    /** Queues a run of an experiment and returns its id. */
    protected String submit(String experiment) throws IOException, InterruptedException {
        HttpResponse<String> response =
                post("/api/v1/runs", "application/json", "{\"experimentId\":\"" + experiment + "\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return json(response).path("id").asString();
    }

    protected JsonNode run(String id) throws IOException, InterruptedException {
        return json(get("/api/v1/runs/" + id));
    }

    /** Waits until a run is in a state, and returns it. */
    protected JsonNode await(String id, String state) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        JsonNode run = run(id);
        while (!run.path("state").asString().equals(state)) {
            assertThat(System.nanoTime()).as("waiting for %s: %s", state, run).isLessThan(end);
            Thread.sleep(20);
            run = run(id);
        }
        return run;
    }

    /** A run of the plain script that has ended well. */
    protected String succeededRun() throws IOException, InterruptedException {
        String run = submit(store(freshName()));
        await(run, "succeeded");
        return run;
    }
}
