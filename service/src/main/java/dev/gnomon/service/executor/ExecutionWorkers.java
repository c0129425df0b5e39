package dev.gnomon.service.executor;

import dev.gnomon.service.run.CancelRequested;
import dev.gnomon.service.run.ClaimedRun;
import dev.gnomon.service.run.RunQueue;
import dev.gnomon.service.run.RunQueued;
import dev.gnomon.service.settings.GnomonSettings;
import dev.gnomon.service.storage.DataDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The threads that execute runs, one run a thread, as many as are configured. When the service is stopped, runs that are
 * going are cancelled and queued again.
 */
@Component
class ExecutionWorkers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ExecutionWorkers.class);

    /** Started after the web server, so that a port in use ends the start before anything runs; stopped before it. */
    private static final int PHASE = Integer.MAX_VALUE - 512;

    private static final Duration REPORT_EVERY = Duration.ofMillis(500);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private final RunQueue queue;
    private final ExecutionAttempt attempt;
    private final DataDirectory directory;
    private final GnomonSettings.Executor settings;
    private final Map<Long, Execution> active = new ConcurrentHashMap<>();
    private final List<Thread> workers = new ArrayList<>();
    private final Object bell = new Object();

    private ScheduledExecutorService reporter;
    private boolean news;
    private volatile boolean stopping = true;

    ExecutionWorkers(RunQueue queue, ExecutionAttempt attempt, DataDirectory directory, GnomonSettings settings) {
        this.queue = queue;
        this.attempt = attempt;
        this.directory = directory;
        this.settings = settings.executor();
    }

    /** Number of runs executed at a time. */
    int concurrency() {
        return settings.concurrency();
    }

    @Override
    public synchronized void start() {
        stopping = false;
        recover();
        reporter = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "execution-reporter");
            thread.setDaemon(true);
            return thread;
        });
        reporter.scheduleWithFixedDelay(
                this::report, REPORT_EVERY.toMillis(), REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        long recovery = Math.max(1000, settings.lease().toMillis() / 2);
        reporter.scheduleWithFixedDelay(this::recover, recovery, recovery, TimeUnit.MILLISECONDS);
        for (int number = 1; number <= settings.concurrency(); number++) {
            Thread worker = new Thread(this::work, "execution-" + number);
            workers.add(worker);
            worker.start();
        }
    }

    private void report() {
        for (Execution execution : active.values()) {
            execution.report(queue);
        }
    }

    private void recover() {
        try {
            for (String run : queue.recover(new HashSet<>(active.keySet()))) {
                log.warn("Run {} was going when its service ended; what it wrote is removed", run);
                directory.removeRun(run);
            }
        } catch (IOException | RuntimeException trouble) {
            log.error("Runs that were interrupted could not be dealt with", trouble);
        }
    }

    private void work() {
        while (!stopping) {
            Optional<ClaimedRun> claim = Optional.empty();
            try {
                claim = queue.claim();
            } catch (RuntimeException databaseTrouble) {
                log.error("The queue cannot be read", databaseTrouble);
            }
            try {
                if (claim.isPresent()) {
                    execute(new Execution(claim.get()));
                } else {
                    awaitBell();
                }
            } catch (InterruptedException stopped) {
                // Only stop() interrupts; the loop's condition sees to the rest.
                log.debug("Interrupted", stopped);
            } catch (RuntimeException trouble) {
                // The run's lease ends, and it is executed again; this thread goes on with others.
                log.error("A run could not be dealt with", trouble);
            }
        }
    }

    private void execute(Execution execution) throws InterruptedException {
        long run = execution.claim().ordinal();
        active.put(run, execution);
        try {
            if (stopping) {
                // Claimed while stop() went through those that were active.
                execution.cancellation().cancel();
            }
            attempt.carryOut(execution, () -> stopping);
        } finally {
            active.remove(run);
        }
    }

    private void awaitBell() throws InterruptedException {
        synchronized (bell) {
            if (!news && !stopping) {
                bell.wait(settings.poll().toMillis());
            }
            news = false;
        }
    }

    private void ring() {
        synchronized (bell) {
            news = true;
            bell.notifyAll();
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void queued(RunQueued queued) {
        ring();
    }

    @TransactionalEventListener(fallbackExecution = true)
    void cancel(CancelRequested request) {
        Execution execution = active.get(request.run());
        if (execution != null) {
            execution.cancelForClient();
        }
    }

    @Override
    public synchronized void stop() {
        stopping = true;
        ring();
        active.values().forEach(execution -> execution.cancellation().cancel());
        try {
            join(STOP_PATIENCE);
            workers.forEach(Thread::interrupt);
            join(Duration.ofSeconds(5));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        workers.clear();
        if (reporter != null) {
            reporter.shutdownNow();
        }
    }

    private void join(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (Thread worker : workers) {
            worker.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
    }

    @Override
    public boolean isRunning() {
        return !stopping;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
