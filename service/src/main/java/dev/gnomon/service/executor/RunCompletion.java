package dev.gnomon.service.executor;

import dev.gnomon.service.artifact.ResultListing;
import dev.gnomon.service.artifact.Results;
import dev.gnomon.service.run.ClaimedRun;
import dev.gnomon.service.run.RunEnding;
import dev.gnomon.service.run.RunQueue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Stores the end of a run and its files together: whoever sees the end finds the files. */
@Component
class RunCompletion {

    private final RunQueue queue;
    private final Results results;

    RunCompletion(RunQueue queue, Results results) {
        this.queue = queue;
        this.results = results;
    }

    /** False where the run is no longer the claim's, and nothing was stored. */
    @Transactional
    public boolean complete(ClaimedRun claim, RunEnding ending, ResultListing files) {
        if (!queue.finish(claim, ending)) {
            return false;
        }
        results.keep(claim.ordinal(), files);
        return true;
    }
}
