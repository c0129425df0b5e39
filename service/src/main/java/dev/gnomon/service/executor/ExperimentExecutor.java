package dev.gnomon.service.executor;

import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunResult;
import dev.gnomon.service.definition.DefinitionText;

/** Carries out experiments. The one in this process is the engine; others may be elsewhere. */
public interface ExperimentExecutor {

    /**
     * Carries out one experiment, and returns when it has ended.
     *
     * @param definition checked when it was stored; programs that it names may have gone since
     * @param options where the results go, the seed, how to end early
     * @param observer is told how it goes, from any thread
     * @throws RunFailedException where it could not be started or broke down
     * @throws InterruptedException where the thread was interrupted; nothing of the run is left then
     */
    RunResult execute(DefinitionText definition, RunOptions options, RunObserver observer)
            throws RunFailedException, InterruptedException;
}
