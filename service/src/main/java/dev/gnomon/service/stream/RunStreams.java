package dev.gnomon.service.stream;

import dev.gnomon.service.event.RunChanged;
import dev.gnomon.service.event.RunEvents;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.run.RunSnapshot;
import dev.gnomon.service.run.Runs;
import dev.gnomon.service.settings.GnomonSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The open streams. Each has a thread of its own that reads what is new from the database and writes it out, so a client
 * that reads slowly holds up that thread only, and nothing piles up in memory; the number of streams is limited.
 */
@Component
class RunStreams implements SmartLifecycle {

    /** First to be stopped: the web server waits for requests under way, and a stream would keep it waiting. */
    private static final int PHASE = Integer.MAX_VALUE;

    private final Runs runs;
    private final RunEvents events;
    private final JsonMapper mapper;
    private final Duration heartbeat;
    private final int limit;
    private final Map<Long, Set<RunStream>> open = new ConcurrentHashMap<>();

    private volatile ThreadPoolExecutor threads;

    RunStreams(Runs runs, RunEvents events, JsonMapper mapper, GnomonSettings settings) {
        this.runs = runs;
        this.events = events;
        this.mapper = mapper;
        this.heartbeat = settings.events().heartbeat();
        this.limit = settings.events().streams();
    }

    /**
     * Starts a stream.
     *
     * @param after send what came after this event; 0 = begin with the state as it is
     * @throws ProblemException where there are too many already
     */
    SseEmitter open(RunSnapshot run, long after) {
        SseEmitter emitter = new SseEmitter(0L);
        RunStream stream = new RunStream(run, after, emitter, runs, events, mapper, heartbeat);
        emitter.onCompletion(stream::close);
        emitter.onError(failure -> stream.close());
        open.computeIfAbsent(run.ordinal(), ordinal -> ConcurrentHashMap.newKeySet())
                .add(stream);
        ThreadPoolExecutor executor = threads;
        try {
            if (executor == null) {
                throw new RejectedExecutionException("stopped");
            }
            executor.execute(() -> {
                try {
                    stream.send();
                } finally {
                    forget(run.ordinal(), stream);
                }
            });
        } catch (RejectedExecutionException busy) {
            forget(run.ordinal(), stream);
            throw new ProblemException(
                    ProblemType.UNAVAILABLE, "There are " + limit + " streams open already; try again later.");
        }
        return emitter;
    }

    private void forget(long run, RunStream stream) {
        open.computeIfPresent(run, (ordinal, streams) -> {
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
        });
    }

    @TransactionalEventListener(fallbackExecution = true)
    void changed(RunChanged change) {
        open.getOrDefault(change.run(), Set.of()).forEach(RunStream::wake);
    }

    @Override
    public synchronized void start() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, limit, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "stream-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized void stop() {
        ThreadPoolExecutor executor = threads;
        threads = null;
        if (executor != null) {
            executor.shutdown();
            open.values().forEach(streams -> streams.forEach(RunStream::close));
        }
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
