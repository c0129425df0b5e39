package dev.gnomon.service.run;

import dev.gnomon.service.event.RunEvents;
import dev.gnomon.service.experiment.Experiment;
import dev.gnomon.service.experiment.Experiments;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.storage.Identifiers;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What clients do with runs: have them queued, look at them, cancel them. */
@Service
public class Runs {

    private final RunRepository repository;
    private final RunRecords records;
    private final RunJournal journal;
    private final RunEvents events;
    private final Experiments experiments;
    private final ApplicationEventPublisher publisher;
    private final Clock clock;

    Runs(
            RunRepository repository,
            RunRecords records,
            RunJournal journal,
            RunEvents events,
            Experiments experiments,
            ApplicationEventPublisher publisher,
            Clock clock) {
        this.repository = repository;
        this.records = records;
        this.journal = journal;
        this.events = events;
        this.experiments = experiments;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Queues a run.
     *
     * @param seed replaces the definition's where present
     * @throws ProblemException where there is no such experiment
     */
    @Transactional
    public RunView submit(String experimentId, OptionalLong seed) {
        Experiment experiment = experiments.find(experimentId);
        Run run = repository.saveAndFlush(
                new Run(Identifiers.fresh(), experiment, seed.orElse(experiment.seed()), now()));
        RunView view = journal.state(run);
        publisher.publishEvent(new RunQueued());
        return view;
    }

    /** One page, newest first; the filters may be null. */
    @Transactional(readOnly = true)
    RunList list(String experimentId, RunState state, int page, int size) {
        Page<Run> found = repository.findPage(experimentId, state, PageRequest.of(page, size));
        return new RunList(
                found.getContent().stream().map(journal::view).toList(), page, size, found.getTotalElements());
    }

    /**
     * The run as it is now.
     *
     * @throws ProblemException where there is none
     */
    @Transactional(readOnly = true)
    public RunView view(String id) {
        return journal.view(find(id));
    }

    /** The run as it is now, together with how far its events go. */
    @Transactional(readOnly = true)
    public RunSnapshot snapshot(String id) {
        long ordinal = repository.findOrdinal(id).orElseThrow(() -> ProblemException.notFound("run", id));
        // Events first: what is added between the two statements is then told twice and never lost.
        long lastEvent = events.last(ordinal);
        Run run = find(id);
        return new RunSnapshot(run.ordinal(), journal.view(run), lastEvent, run.instance());
    }

    /** Whether a run has ended. */
    @Transactional(readOnly = true)
    public boolean hasEnded(long run) {
        return repository.findState(run).ended();
    }

    /**
     * Ends a run that is queued at once, and one that is going as soon as its executor notices.
     *
     * @throws ProblemException where there is none, or it has ended
     */
    @Transactional
    public RunView cancel(String id) {
        Run run = repository.lockById(id).orElseThrow(() -> ProblemException.notFound("run", id));
        switch (run.state()) {
            case QUEUED -> {
                run.end(RunState.CANCELLED, now(), null);
                return journal.state(run);
            }
            case RUNNING -> {
                run.requestCancel();
                publisher.publishEvent(new CancelRequested(run.ordinal()));
                return journal.view(run);
            }
            case SUCCEEDED, FAILED, CANCELLED, INTERRUPTED ->
                throw new ProblemException(
                        ProblemType.CONFLICT,
                        "The run has already ended: " + run.state().text() + ".");
        }
        throw new IllegalStateException("run " + id + ": state=" + run.state());
    }

    @Transactional(readOnly = true)
    List<ProcessView> processes(String id) {
        return records.processes(find(id).ordinal());
    }

    @Transactional(readOnly = true)
    List<WarningView> warnings(String id) {
        return records.warnings(find(id).ordinal());
    }

    /** Number of runs in a state. */
    @Transactional(readOnly = true)
    public long count(RunState state) {
        return repository.countByState(state);
    }

    private Run find(String id) {
        return repository.findNamed(id).orElseThrow(() -> ProblemException.notFound("run", id));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
