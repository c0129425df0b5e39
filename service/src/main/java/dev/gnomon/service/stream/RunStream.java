package dev.gnomon.service.stream;

import dev.gnomon.service.event.RunEvent;
import dev.gnomon.service.event.RunEvents;
import dev.gnomon.service.run.RunSnapshot;
import dev.gnomon.service.run.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/** One client following one run. */
final class RunStream {

    private static final Logger log = LoggerFactory.getLogger(RunStream.class);
    private static final int BATCH = 100;

    private final RunSnapshot run;
    private final SseEmitter emitter;
    private final Runs runs;
    private final RunEvents events;
    private final JsonMapper mapper;
    private final Duration heartbeat;

    private long sent;
    private boolean news;
    private boolean closed;

    RunStream(
            RunSnapshot run,
            long after,
            SseEmitter emitter,
            Runs runs,
            RunEvents events,
            JsonMapper mapper,
            Duration heartbeat) {
        this.run = run;
        this.sent = after;
        this.emitter = emitter;
        this.runs = runs;
        this.events = events;
        this.mapper = mapper;
        this.heartbeat = heartbeat;
    }

    /** Sends until the run has ended or the client is gone. */
    void send() {
        try {
            if (sent == 0) {
                // Taken now and not when the request came: between the two, the stream was not yet listening.
                RunSnapshot now = runs.snapshot(run.view().id());
                send(new RunEvent(now.lastEvent(), RunEvent.Kind.STATE, mapper.writeValueAsString(now.view())));
            }
            while (!isClosed()) {
                // Asked before the events are read: whatever belongs to the end is then among them.
                boolean ended = runs.hasEnded(run.ordinal());
                List<RunEvent> batch = events.after(run.ordinal(), sent, BATCH);
                for (RunEvent event : batch) {
                    send(event);
                }
                if (batch.isEmpty()) {
                    if (ended) {
                        break;
                    }
                    if (!awaitNews()) {
                        emitter.send(SseEmitter.event().comment("still here"));
                    }
                }
            }
            emitter.complete();
        } catch (IOException | IllegalStateException gone) {
            log.debug("The client that followed run {} is gone: {}", run.view().id(), gone.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            emitter.complete();
        } catch (RuntimeException failure) {
            log.error("The stream of run {} broke", run.view().id(), failure);
            emitter.complete();
        }
    }

    private void send(RunEvent event) throws IOException {
        emitter.send(SseEmitter.event()
                .id(Long.toString(event.id()))
                .name(event.kind().text())
                .data(event.data(), MediaType.TEXT_PLAIN));
        sent = event.id();
    }

    /** Something may have been added. */
    synchronized void wake() {
        news = true;
        notifyAll();
    }

    /** The client is gone, or the service is being stopped. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for a reason to look again; false where none came within the time. */
    private synchronized boolean awaitNews() throws InterruptedException {
        long end = System.nanoTime() + heartbeat.toNanos();
        while (!news && !closed) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        news = false;
        return true;
    }
}
