package dev.gnomon.service.executor;

import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunCancellation;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunProgress;
import dev.gnomon.service.run.ClaimedRun;
import dev.gnomon.service.run.Continuation;
import dev.gnomon.service.run.RunQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run while it is executed. The engine's threads only leave here what they have to say; a thread of the service's
 * takes it to the database from time to time, so that a slow database never holds up a run.
 */
final class Execution implements RunObserver {

    private static final Logger log = LoggerFactory.getLogger(Execution.class);

    private final ClaimedRun claim;
    private final RunCancellation cancellation = new RunCancellation();
    private final AtomicReference<RunProgress> latest = new AtomicReference<>();
    private final Queue<ProcessOutcome> ended = new ConcurrentLinkedQueue<>();

    private volatile boolean cancelledByClient;
    private RunProgress reported;
    private List<ProcessOutcome> unreported = List.of();

    Execution(ClaimedRun claim) {
        this.claim = claim;
    }

    ClaimedRun claim() {
        return claim;
    }

    RunCancellation cancellation() {
        return cancellation;
    }

    @Override
    public void progress(RunProgress progress) {
        latest.set(progress);
    }

    @Override
    public void processEnded(ProcessOutcome outcome) {
        ended.add(outcome);
    }

    /** Ends it because a client wants that. */
    void cancelForClient() {
        cancelledByClient = true;
        cancellation.cancel();
    }

    boolean isCancelledByClient() {
        return cancelledByClient;
    }

    /** Reports what has happened since the last report; at least a sign of life. */
    synchronized void report(RunQueue queue) {
        RunProgress progress = latest.get();
        unreported = drain();
        Continuation next;
        try {
            next = queue.progress(
                    claim,
                    progress == null || progress.equals(reported) ? Optional.empty() : Optional.of(progress),
                    unreported);
        } catch (RuntimeException databaseTrouble) {
            log.warn("The progress of run {} could not be stored: {}", claim.id(), databaseTrouble.toString());
            return;
        }
        reported = progress;
        unreported = List.of();
        switch (next) {
            case GO_ON -> {}
            case CANCEL -> cancelForClient();
            case LOST -> cancellation.cancel();
        }
    }

    /** What was never reported. */
    synchronized List<ProcessOutcome> remaining() {
        unreported = drain();
        return unreported;
    }

    private List<ProcessOutcome> drain() {
        List<ProcessOutcome> all = new ArrayList<>(unreported);
        for (ProcessOutcome outcome = ended.poll(); outcome != null; outcome = ended.poll()) {
            all.add(outcome);
        }
        return List.copyOf(all);
    }
}
