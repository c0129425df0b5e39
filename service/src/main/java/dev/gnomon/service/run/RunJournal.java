package dev.gnomon.service.run;

import dev.gnomon.run.RunProgress;
import dev.gnomon.service.event.RunEvent;
import dev.gnomon.service.event.RunEvents;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes down what happens to runs, in the words that clients get. */
@Component
class RunJournal {

    private final RunEvents events;
    private final RunRepository repository;
    private final JsonMapper mapper;

    RunJournal(RunEvents events, RunRepository repository, JsonMapper mapper) {
        this.events = events;
        this.repository = repository;
        this.mapper = mapper;
    }

    /** The run as clients see it now. */
    RunView view(Run run) {
        Long position = run.state() == RunState.QUEUED
                ? repository.countByStateAndOrdinalLessThan(RunState.QUEUED, run.ordinal()) + 1
                : null;
        return RunView.of(run, position);
    }

    /** Notes that the run's state has changed. */
    RunView state(Run run) {
        RunView view = view(run);
        events.append(run.ordinal(), RunEvent.Kind.STATE, mapper.writeValueAsString(view));
        return view;
    }

    /** Notes how far it is. */
    void progress(Run run, RunProgress progress) {
        events.append(run.ordinal(), RunEvent.Kind.PROGRESS, mapper.writeValueAsString(ProgressView.of(progress)));
    }

    /** Drops what nobody will look at. */
    void thin(Run run, int keep) {
        events.thin(run.ordinal(), keep);
    }

    int progressEvents(Run run) {
        return events.progressEvents(run.ordinal());
    }
}
