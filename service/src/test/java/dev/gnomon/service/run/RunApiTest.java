package dev.gnomon.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunProgress;
import dev.gnomon.run.RunResult;
import dev.gnomon.service.ScriptedExecutor;
import dev.gnomon.service.ServiceTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RunApiTest extends ServiceTest {

    private static final String RUNS = "/api/v1/runs";
    private static final String JSON = "application/json";

    @Test
    void aRunIsQueuedExecutedAndShown() throws Exception {
        String name = freshName();
        String experiment = store(name);
        HttpResponse<String> queued = post(RUNS, JSON, "{\"experimentId\":\"" + experiment + "\"}");

        assertThat(queued.statusCode()).isEqualTo(202);
        String id = json(queued).path("id").asString();
        assertThat(queued.headers().firstValue("Location")).hasValue(RUNS + "/" + id);
        assertThat(json(queued).path("state").asString()).isEqualTo("queued");
        assertThat(json(queued).path("queuePosition").asInt()).isPositive();
        assertThat(json(queued).path("startedAt").isNull()).isTrue();

        JsonNode run = await(id, "succeeded");
        assertThat(run.path("experimentId").asString()).isEqualTo(experiment);
        assertThat(run.path("experimentName").asString()).isEqualTo(name);
        assertThat(run.path("seed").asInt()).isEqualTo(7);
        assertThat(run.path("attempts").asInt()).isEqualTo(1);
        assertThat(run.path("virtualNanos").asLong()).isEqualTo(10_000_000_000L);
        assertThat(run.path("stopNanos").asLong()).isEqualTo(10_000_000_000L);
        assertThat(run.path("wallNanos").asLong()).isEqualTo(4_000_000_000L);
        assertThat(run.path("ratio").asDouble()).isEqualTo(2.5);
        assertThat(run.path("hosts").asInt()).isEqualTo(2);
        assertThat(run.path("processesRunning").asInt()).isZero();
        assertThat(run.path("processesEnded").asInt()).isEqualTo(2);
        assertThat(run.path("processesFailed").asInt()).isZero();
        assertThat(run.path("digest").asString()).isEqualTo(ScriptedExecutor.DIGEST);
        assertThat(run.path("failure").isNull()).isTrue();
        assertThat(run.path("queuePosition").isNull()).isTrue();
        assertThat(run.path("endedAt").asString())
                .isGreaterThanOrEqualTo(run.path("startedAt").asString());

        JsonNode processes = json(get(RUNS + "/" + id + "/processes"));
        assertThat(processes).hasSize(2);
        assertThat(processes.get(1).toString())
                .isEqualTo("{\"host\":\"server\",\"program\":\"curl\",\"pid\":1000,\"startNanos\":1000000000,"
                        + "\"endNanos\":2000000000,\"expected\":\"exited 0\",\"actual\":\"exited 0\","
                        + "\"asExpected\":true,\"stdoutPath\":\"hosts/server/curl.1000.stdout\","
                        + "\"stderrPath\":\"hosts/server/curl.1000.stderr\"}");
        assertThat(json(get(RUNS + "/" + id + "/warnings")).toString())
                .isEqualTo("[{\"kind\":\"unsupported-call\",\"program\":\"curl\",\"subject\":\"io_uring_setup\","
                        + "\"count\":3,\"message\":\"io_uring_setup is not supported\"}]");
    }

    @Test
    void aSeedReplacesTheDefinitions() throws Exception {
        String experiment = store(freshName());
        HttpResponse<String> queued =
                post(RUNS, JSON, "{\"experimentId\":\"" + experiment + "\",\"seed\":9223372036854775807}");
        JsonNode run = await(json(queued).path("id").asString(), "succeeded");
        assertThat(run.path("seed").asLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(executor.seeds).contains(Long.MAX_VALUE);
    }

    @Test
    void aProcessThatEndsOtherwiseFailsTheRun() throws Exception {
        String name = freshName();
        executor.on(name, (options, observer) -> {
            ScriptedExecutor.write(options.dataDirectory(), java.util.Map.of(), true);
            return new RunResult(
                    false,
                    false,
                    ScriptedExecutor.DIGEST,
                    1,
                    2,
                    3,
                    30,
                    4,
                    2,
                    List.of(ScriptedExecutor.outcome("client", false), ScriptedExecutor.outcome("server", true)),
                    List.of(),
                    List.of("client: curl exited 1, expected exited 0", "a second reason"));
        });
        JsonNode run = await(submit(store(name)), "failed");
        assertThat(run.path("failure").asString())
                .isEqualTo("client: curl exited 1, expected exited 0\na second reason");
        assertThat(run.path("processesFailed").asInt()).isEqualTo(1);
        assertThat(run.path("digest").asString()).isEqualTo(ScriptedExecutor.DIGEST);
    }

    @Test
    void anEngineThatGivesUpFailsTheRunAndKeepsWhatItSaid() throws Exception {
        String name = freshName();
        executor.on(name, (options, observer) -> {
            observer.processEnded(ScriptedExecutor.outcome("client", true));
            throw new RunFailedException("no user namespaces here\0");
        });
        String id = submit(store(name));
        JsonNode run = await(id, "failed");
        assertThat(run.path("failure").asString()).isEqualTo("no user namespaces here\ufffd");
        assertThat(run.path("digest").isNull()).isTrue();
        assertThat(json(get(RUNS + "/" + id + "/processes"))).hasSize(1);
        assertThat(json(get(RUNS + "/" + id + "/files"))).isEmpty();
    }

    @Test
    void anEngineThatBreaksFailsTheRunAndTheNextIsExecuted() throws Exception {
        String name = freshName();
        executor.on(name, (options, observer) -> {
            throw new AssertionError("a bug");
        });
        assertThat(await(submit(store(name)), "failed").path("failure").asString())
                .contains("a bug");
        succeededRun();
    }

    @Test
    void whileItRunsProgressAndEndedProcessesAreShownAndItCanBeCancelled() throws Exception {
        String name = freshName();
        executor.on(name, (options, observer) -> {
            observer.progress(new RunProgress(3_000_000_000L, 10_000_000_000L, 1_000_000_000L, 2, 1, 1, 0));
            observer.processEnded(ScriptedExecutor.outcome("client", true));
            while (!options.cancellation().isCancelled()) {
                Thread.sleep(5);
            }
            ScriptedExecutor.write(options.dataDirectory(), java.util.Map.of(), true);
            return ScriptedExecutor.cancelled();
        });
        String id = submit(store(name));
        await(id, "running");
        while (run(id).path("virtualNanos").asLong() == 0) {
            Thread.sleep(20);
        }
        JsonNode running = run(id);
        assertThat(running.path("ratio").asDouble()).isEqualTo(3.0);
        assertThat(running.path("processesRunning").asInt()).isEqualTo(1);
        assertThat(running.path("queuePosition").isNull()).isTrue();
        assertThat(json(get(RUNS + "/" + id + "/processes"))).hasSize(1);
        problem(get(RUNS + "/" + id + "/archive.zip"), 409);

        HttpResponse<String> cancelled =
                send(request(RUNS + "/" + id + "/cancel").POST(BodyPublishers.noBody()));
        assertThat(cancelled.statusCode()).isEqualTo(202);
        JsonNode run = await(id, "cancelled");
        assertThat(run.path("digest").isNull()).isTrue();
        assertThat(run.path("failure").isNull()).isTrue();
        assertThat(run.path("attempts").asInt()).isEqualTo(1);
        assertThat(json(get(RUNS + "/" + id + "/files"))).isNotEmpty();

        problem(send(request(RUNS + "/" + id + "/cancel").POST(BodyPublishers.noBody())), 409);
    }

    @Test
    void whatWaitsHasAPlaceInTheQueueAndCanBeCancelled() throws Exception {
        String name = freshName();
        CountDownLatch release = new CountDownLatch(1);
        executor.on(name, (options, observer) -> {
            release.await(20, TimeUnit.SECONDS);
            return ScriptedExecutor.succeeded();
        });
        String experiment = store(name);
        String first = submit(experiment);
        String second = submit(experiment);
        try {
            await(first, "running");
            await(second, "running");
            String third = submit(experiment);
            String fourth = submit(experiment);
            assertThat(run(third).path("queuePosition").asInt()).isEqualTo(1);
            assertThat(run(fourth).path("queuePosition").asInt()).isEqualTo(2);
            JsonNode status = json(get("/api/v1/status"));
            assertThat(status.path("queued").asInt()).isEqualTo(2);
            assertThat(status.path("running").asInt()).isEqualTo(2);
            assertThat(status.path("executors").asInt()).isEqualTo(2);
            assertThat(status.path("version").asString()).matches("\\d+\\.\\d+.*");

            HttpResponse<String> cancelled =
                    send(request(RUNS + "/" + third + "/cancel").POST(BodyPublishers.noBody()));
            assertThat(cancelled.statusCode()).isEqualTo(202);
            assertThat(json(cancelled).path("state").asString()).isEqualTo("cancelled");
            assertThat(run(fourth).path("queuePosition").asInt()).isEqualTo(1);

            JsonNode queued = json(get(RUNS + "?state=queued"));
            assertThat(queued.path("items")).hasSize(1);
            JsonNode ofExperiment = json(get(RUNS + "?experimentId=" + experiment));
            assertThat(StreamSupport.stream(ofExperiment.path("items").spliterator(), false)
                            .map(run -> run.path("id").asString()))
                    .containsExactly(fourth, third, second, first);
            assertThat(json(get(RUNS + "?experimentId=" + experiment + "&size=1&page=3"))
                            .path("items")
                            .get(0)
                            .path("id")
                            .asString())
                    .isEqualTo(first);
            release.countDown();
            await(fourth, "succeeded");
        } finally {
            release.countDown();
        }
    }

    @Test
    void anEmptyFilterFindsNothing() throws Exception {
        assertThat(json(get(RUNS + "?experimentId=nothing")).path("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"x\"", "nonsense", "{\"experimentId\":\"a\"} {}"})
    void whatIsNotSuchAnObjectIsRefused(String body) throws Exception {
        assertThat(post(RUNS, JSON, body).statusCode()).isIn(400, 422);
        problem(post(RUNS, JSON, body), post(RUNS, JSON, body).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"experimentId\":null}",
                "{\"experimentId\":\" \"}",
                "{\"experimentId\":\"a\",\"sede\":1}",
                "{\"experimentId\":\"a\",\"seed\":-1}",
                "{\"experimentId\":\"a\",\"seed\":99999999999999999999}",
                "{\"experimentId\":\"a\",\"seed\":1.5}",
                "{\"experimentId\":\"a\",\"seed\":\"7\"}"
            })
    void wrongValuesAreNamed(String body) throws Exception {
        JsonNode problem = problem(post(RUNS, JSON, body), 422);
        assertThat(problem.path("errors").get(0).path("pointer").asString()).isIn("/experimentId", "/seed", "/sede");
    }

    @Test
    void aRunIsNotSubmittedAsYaml() throws Exception {
        problem(post(RUNS, "application/yaml", "experimentId: a"), 415);
    }

    @Test
    void unknownNamesAreNotFound() throws Exception {
        problem(post(RUNS, JSON, "{\"experimentId\":\"nothing\"}"), 404);
        for (String below : List.of("", "/processes", "/warnings", "/files", "/files/a", "/archive.zip", "/events")) {
            problem(get(RUNS + "/nothing" + below), 404);
        }
        problem(send(request(RUNS + "/nothing/cancel").POST(BodyPublishers.noBody())), 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=done", "size=101", "page=-1"})
    void impossibleFiltersAreRefused(String query) throws Exception {
        JsonNode problem = problem(get(RUNS + "?" + query), 400);
        assertThat(problem.path("errors").get(0).path("message").asString()).isNotBlank();
    }
}
