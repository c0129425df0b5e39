package dev.gnomon.service.executor;

import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.RunWarning;
import dev.gnomon.service.artifact.ResultListing;
import dev.gnomon.service.artifact.Results;
import dev.gnomon.service.experiment.Experiments;
import dev.gnomon.service.run.ClaimedRun;
import dev.gnomon.service.run.RunEnding;
import dev.gnomon.service.run.RunQueue;
import dev.gnomon.service.storage.DataDirectory;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** One execution of one run, from its claim to its stored end. */
@Component
class ExecutionAttempt {

    private static final Logger log = LoggerFactory.getLogger(ExecutionAttempt.class);
    private static final int STORE_TRIES = 10;

    private final ExperimentExecutor executor;
    private final Experiments experiments;
    private final Results results;
    private final RunQueue queue;
    private final RunCompletion completion;
    private final DataDirectory directory;

    ExecutionAttempt(
            ExperimentExecutor executor,
            Experiments experiments,
            Results results,
            RunQueue queue,
            RunCompletion completion,
            DataDirectory directory) {
        this.executor = executor;
        this.experiments = experiments;
        this.results = results;
        this.queue = queue;
        this.completion = completion;
        this.directory = directory;
    }

    /** Carries the run out; whatever happens, its end is stored or it is back in the queue. */
    void carryOut(Execution execution, BooleanSupplier stopping) throws InterruptedException {
        ClaimedRun claim = execution.claim();
        log.info("Run {} starts, attempt {}", claim.id(), claim.attempt());
        RunResult result = null;
        RunFailedException failure = null;
        try {
            directory.removeRun(claim.id());
            RunOptions options = new RunOptions(
                    directory.run(claim.id()),
                    OptionalLong.of(claim.seed()),
                    OptionalInt.empty(),
                    execution.cancellation());
            result = executor.execute(experiments.definition(claim.experimentId()), options, execution);
        } catch (RunFailedException brokeDown) {
            failure = brokeDown;
        } catch (InterruptedException stopped) {
            failure = new RunFailedException("The run was interrupted.", stopped);
        } catch (IOException | RuntimeException | Error broken) {
            log.error("Run {} broke the executor", claim.id(), broken);
            failure = new RunFailedException("The executor broke: " + broken, broken);
        }
        boolean carriedThrough = result != null && !result.cancelled();
        if (stopping.getAsBoolean() && !carriedThrough && !execution.isCancelledByClient()) {
            giveBack(claim);
        } else {
            store(execution, result, failure);
        }
    }

    private void giveBack(ClaimedRun claim) {
        try {
            directory.removeRun(claim.id());
        } catch (IOException left) {
            // It is removed before the next attempt in any case.
            log.debug("The directory of run {} is left", claim.id(), left);
        }
        queue.requeue(claim);
        log.info("Run {} is back in the queue", claim.id());
    }

    private void store(Execution execution, RunResult result, RunFailedException failure) throws InterruptedException {
        ClaimedRun claim = execution.claim();
        ResultListing files = list(claim);
        List<RunWarning> leftOut = files.leftOut().stream()
                .map(sentence -> new RunWarning("file-not-listed", "", "", 1, sentence))
                .toList();
        RunEnding ending =
                failure == null ? RunEnding.of(result, leftOut) : RunEnding.of(failure, execution.remaining(), leftOut);
        for (int number = 1; ; number++) {
            try {
                boolean stored = completion.complete(claim, ending, files);
                log.info(
                        "Run {} {}",
                        claim.id(),
                        stored ? ending.state().text() : "ended, but was no longer this service's");
                return;
            } catch (RuntimeException databaseTrouble) {
                if (number == STORE_TRIES) {
                    // The claim's lease ends, and the run is executed again.
                    log.error("The end of run {} cannot be stored", claim.id(), databaseTrouble);
                    return;
                }
                log.warn("The end of run {} could not be stored: {}", claim.id(), databaseTrouble.toString());
                Thread.sleep(500L * number);
            }
        }
    }

    private ResultListing list(ClaimedRun claim) {
        try {
            return results.list(claim.id());
        } catch (IOException unreadable) {
            log.error("The files of run {} cannot be listed", claim.id(), unreadable);
            return new ResultListing(List.of(), List.of("The files cannot be listed: " + unreadable));
        }
    }
}
