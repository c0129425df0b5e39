package dev.gnomon.service.run;

import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunProgress;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.RunWarning;
import dev.gnomon.service.settings.GnomonSettings;
import dev.gnomon.service.storage.DataDirectory;
import dev.gnomon.service.storage.StoredText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What executors do with runs: claim the next, say how it goes, end it or give it back. A claim names the service that
 * holds it and lasts until its lease ends; every sign of life extends the lease.
 */
@Service
public class RunQueue {

    private static final int LONGEST_FAILURE = 10_000;

    private final RunRepository repository;
    private final RunRecords records;
    private final RunJournal journal;
    private final ApplicationEventPublisher publisher;
    private final Clock clock;
    private final String instance;
    private final Duration lease;
    private final int interruptionsPermitted;
    private final GnomonSettings.Events eventSettings;

    RunQueue(
            RunRepository repository,
            RunRecords records,
            RunJournal journal,
            ApplicationEventPublisher publisher,
            Clock clock,
            DataDirectory directory,
            GnomonSettings settings) {
        this.repository = repository;
        this.records = records;
        this.journal = journal;
        this.publisher = publisher;
        this.clock = clock;
        this.instance = directory.instance();
        this.lease = settings.executor().lease();
        this.interruptionsPermitted = settings.executor().interruptions();
        this.eventSettings = settings.events();
    }

    /** Takes the oldest queued run, so that nobody else does. */
    @Transactional
    public Optional<ClaimedRun> claim() {
        return repository.lockNextQueued().map(run -> {
            Instant now = now();
            run.start(instance, now, now.plus(lease));
            journal.state(run);
            return new ClaimedRun(
                    run.ordinal(), run.id(), run.attempts(), run.experiment().id(), run.seed());
        });
    }

    /**
     * A sign of life.
     *
     * @param progress how far the run is; absent where that has not changed
     * @param ended processes that ended since the last sign
     */
    @Transactional
    public Continuation progress(ClaimedRun claim, Optional<RunProgress> progress, List<ProcessOutcome> ended) {
        Optional<Run> held = hold(claim);
        if (held.isEmpty()) {
            return Continuation.LOST;
        }
        Run run = held.get();
        run.extendLease(now().plus(lease));
        records.appendProcesses(run.ordinal(), ended);
        progress.ifPresent(reached -> {
            run.progress(reached);
            journal.progress(run, reached);
            if (journal.progressEvents(run) >= 2 * eventSettings.keptLive()) {
                journal.thin(run, eventSettings.keptLive());
            }
        });
        return run.cancelRequested() ? Continuation.CANCEL : Continuation.GO_ON;
    }

    /**
     * Stores the end of a run.
     *
     * @return false where the run is no longer the claim's, and nothing was stored
     */
    @Transactional
    public boolean finish(ClaimedRun claim, RunEnding ending) {
        Optional<Run> held = hold(claim);
        if (held.isEmpty()) {
            return false;
        }
        Run run = held.get();
        List<RunWarning> warnings = new ArrayList<>();
        if (ending.result().isPresent()) {
            RunResult result = ending.result().get();
            warnings.addAll(result.warnings());
            records.replaceProcesses(run.ordinal(), result.processes());
            RunProgress last = last(run, result);
            run.progress(last);
            run.reached(
                    result.virtualNanos(),
                    result.wallNanos(),
                    result.hosts(),
                    result.digest().isEmpty() ? null : result.digest());
            journal.progress(run, last);
        } else {
            records.appendProcesses(run.ordinal(), ending.furtherProcesses());
        }
        warnings.addAll(ending.furtherWarnings());
        records.replaceWarnings(run.ordinal(), warnings);
        run.end(ending.state(), now(), StoredText.of(ending.failure(), LONGEST_FAILURE));
        journal.thin(run, eventSettings.kept());
        journal.state(run);
        return true;
    }

    private static RunProgress last(Run run, RunResult result) {
        int ended = (int) result.processes().stream()
                .filter(process -> process.endNanos() >= 0)
                .count();
        int failed = (int) result.processes().stream()
                .filter(process -> !process.asExpected())
                .count();
        return new RunProgress(
                result.virtualNanos(), run.stopNanos(), result.wallNanos(), result.hosts(), 0, ended, failed);
    }

    /**
     * Gives a run back, to be started again from the beginning: the service is being stopped.
     *
     * @return false where the run is no longer the claim's
     */
    @Transactional
    public boolean requeue(ClaimedRun claim) {
        Optional<Run> held = hold(claim);
        held.ifPresent(this::requeue);
        return held.isPresent();
    }

    /**
     * Deals with runs whose service died under them: our own of an earlier life, and those whose lease has ended. They
     * are queued again, or given up where that has happened too often.
     *
     * @param executing ordinals of the runs that this service is executing
     * @return the names of the runs that changed; what they have written so far is void
     */
    @Transactional
    public List<String> recover(Set<Long> executing) {
        List<String> recovered = new ArrayList<>();
        for (long ordinal : repository.findAbandoned(RunState.RUNNING, instance, now())) {
            Optional<Run> locked = executing.contains(ordinal)
                    ? Optional.empty()
                    : repository.lockByOrdinal(ordinal).filter(run -> run.state() == RunState.RUNNING);
            locked.ifPresent(run -> {
                recover(run);
                recovered.add(run.id());
            });
        }
        return recovered;
    }

    private void recover(Run run) {
        run.countInterruption();
        if (run.cancelRequested()) {
            run.end(RunState.CANCELLED, now(), null);
        } else if (run.interruptions() >= interruptionsPermitted) {
            run.end(
                    RunState.INTERRUPTED,
                    now(),
                    "The service ended " + run.interruptions() + " times while this run was going.");
        } else {
            requeue(run);
            return;
        }
        records.deleteProcesses(run.ordinal());
        journal.thin(run, eventSettings.kept());
        journal.state(run);
    }

    private void requeue(Run run) {
        run.requeue();
        records.deleteProcesses(run.ordinal());
        journal.state(run);
        publisher.publishEvent(new RunQueued());
    }

    private Optional<Run> hold(ClaimedRun claim) {
        return repository
                .lockByOrdinal(claim.ordinal())
                .filter(run -> run.state() == RunState.RUNNING
                        && instance.equals(run.instance())
                        && run.attempts() == claim.attempt());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
