package dev.gnomon.service.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.run.RunProgress;
import dev.gnomon.service.ScriptedExecutor;
import dev.gnomon.service.ServiceTest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RunStreamTest extends ServiceTest {

    private record Event(long id, String kind, JsonNode data) {}

    private List<Event> events(String text) {
        List<Event> events = new ArrayList<>();
        long id = 0;
        String kind = "";
        for (String line : text.split("\n")) {
            if (line.startsWith("id:")) {
                id = Long.parseLong(line.substring(3));
            } else if (line.startsWith("event:")) {
                kind = line.substring(6);
            } else if (line.startsWith("data:")) {
                events.add(new Event(id, kind, mapper.readTree(line.substring(5))));
            }
        }
        return events;
    }

    private HttpResponse<String> follow(String run, String lastEventId) throws Exception {
        return send(request("/api/v1/runs/" + run + "/events").header("Last-Event-ID", lastEventId));
    }

    @Test
    void aStreamBeginsWithTheStateAndEndsWithTheEnd() throws Exception {
        String name = freshName();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch halfway = new CountDownLatch(1);
        executor.on(name, (options, observer) -> {
            go.await(20, TimeUnit.SECONDS);
            observer.progress(new RunProgress(5_000_000_000L, 10_000_000_000L, 1_000_000_000L, 2, 1, 1, 0));
            halfway.await(20, TimeUnit.SECONDS);
            return ScriptedExecutor.succeeded();
        });
        String run = submit(store(name));
        await(run, "running");
        StringBuilder text = new StringBuilder();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write(("GET /api/v1/runs/" + run + "/events HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            boolean heartbeat = false;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                text.append(line).append('\n');
                if (line.startsWith(":") && !heartbeat) {
                    heartbeat = true;
                    go.countDown();
                }
                if (line.startsWith("event:progress")) {
                    halfway.countDown();
                }
            }
            assertThat(heartbeat).isTrue();
        } finally {
            go.countDown();
            halfway.countDown();
        }
        assertThat(text.toString())
                .contains("HTTP/1.1 200", "text/event-stream", "Cache-Control: no-store", "X-Accel-Buffering: no");
        List<Event> events = events(text.toString());
        assertThat(events).extracting(Event::kind).containsExactly("state", "progress", "progress", "state");
        assertThat(events).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        assertThat(events.get(0).data().path("state").asString()).isEqualTo("running");
        assertThat(events.get(1).data().toString())
                .isEqualTo("{\"virtualNanos\":5000000000,\"stopNanos\":10000000000,\"wallNanos\":1000000000,"
                        + "\"ratio\":5.0,\"hosts\":2,\"processesRunning\":1,\"processesEnded\":1,"
                        + "\"processesFailed\":0}");
        assertThat(events.get(3).data()).isEqualTo(run(run));
        assertThat(events.get(3).data().path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void aStreamOfARunThatHasEndedIsItsEnd() throws Exception {
        String run = succeededRun();
        List<Event> events = events(get("/api/v1/runs/" + run + "/events").body());
        assertThat(events).hasSize(1);
        assertThat(events.get(0).data()).isEqualTo(run(run));
    }

    @Test
    void aClientThatWasAwayGetsWhatItMissedAndNothingTwice() throws Exception {
        String run = succeededRun();
        List<Event> all = events(follow(run, "0").body());
        // Without an event to go by the stream begins with the state; the first of all events is asked for by its
        // predecessor.
        long last = all.get(0).id();
        List<Event> history = events(follow(run, "1").body());
        if (history.get(0).id() == last) {
            throw new AssertionError("The history is missing: " + history);
        }
        assertThat(history)
                .extracting(event -> event.data().path("state").asString(""))
                .startsWith("queued", "running")
                .endsWith("succeeded");
        Event second = history.get(1);
        List<Event> resumed = events(follow(run, Long.toString(second.id())).body());
        assertThat(resumed).isEqualTo(history.subList(2, history.size()));
        assertThat(resumed.get(resumed.size() - 1).id()).isEqualTo(last);
    }

    @Test
    void aClientThatHasSeenTheEndIsToldToStop() throws Exception {
        String run = succeededRun();
        long last = events(get("/api/v1/runs/" + run + "/events").body()).get(0).id();
        assertThat(follow(run, Long.toString(last)).statusCode()).isEqualTo(204);
    }

    @Test
    void anEventThatWasNeverSentBeginsAgain() throws Exception {
        String run = succeededRun();
        List<Event> events = events(follow(run, "999999999999999999").body());
        assertThat(events).hasSize(1);
        assertThat(events.get(0).data().path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void whatIsNoNumberIsRefused() throws Exception {
        String run = succeededRun();
        problem(follow(run, "abc"), 400);
        problem(follow(run, "-1"), 400);
        problem(follow(run, "9999999999999999999999"), 400);
    }

    @Test
    void clientsThatDoNotReadOrVanishHarmNobodyAndStreamsAreLimited() throws Exception {
        String name = freshName();
        CountDownLatch release = new CountDownLatch(1);
        executor.on(name, (options, observer) -> {
            release.await(30, TimeUnit.SECONDS);
            return ScriptedExecutor.succeeded();
        });
        String run = submit(store(name));
        await(run, "running");
        List<Socket> idle = new ArrayList<>();
        try {
            for (int number = 0; number < 6; number++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(1024);
                socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
                socket.getOutputStream()
                        .write(("GET /api/v1/runs/" + run + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // The first byte of the answer: the stream is open.
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                idle.add(socket);
            }
            HttpResponse<String> refused = get("/api/v1/runs/" + run + "/events");
            assertThat(problem(refused, 503).path("detail").asString()).contains("6 streams");

            assertThat(get("/api/v1/status").statusCode()).isEqualTo(200);
            for (Socket socket : idle) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            // A heartbeat finds out that they are gone, and their places become free.
            int status = 503;
            for (int attempt = 0; attempt < 100 && status == 503; attempt++) {
                Thread.sleep(100);
                try (Socket probe = new Socket("127.0.0.1", port)) {
                    probe.getOutputStream()
                            .write(("GET /api/v1/runs/" + run + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    byte[] head = probe.getInputStream().readNBytes("HTTP/1.1 200".length());
                    status = Integer.parseInt(new String(head, StandardCharsets.US_ASCII).substring(9));
                }
            }
            assertThat(status).isEqualTo(200);
        } finally {
            release.countDown();
            for (Socket socket : idle) {
                socket.close();
            }
        }
        await(run, "succeeded");
    }
}
