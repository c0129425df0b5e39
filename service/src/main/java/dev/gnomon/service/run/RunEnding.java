package dev.gnomon.service.run;

import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.RunWarning;
import java.util.List;
import java.util.Optional;

/**
 * How an execution ended, as it is stored.
 *
 * @param state one of the final states
 * @param failure why, for people; null where it succeeded or was cancelled
 * @param result what the engine said; absent where it could not carry the run through
 * @param furtherProcesses ended since the last sign of life; only of interest where there is no result
 * @param furtherWarnings found beside the engine's
 */
public record RunEnding(
        RunState state,
        String failure,
        Optional<RunResult> result,
        List<ProcessOutcome> furtherProcesses,
        List<RunWarning> furtherWarnings) {

    /** The engine came to an end of its own. */
    public static RunEnding of(RunResult result, List<RunWarning> furtherWarnings) {
        RunState state;
        if (result.cancelled()) {
            state = RunState.CANCELLED;
        } else {
            state = result.succeeded() ? RunState.SUCCEEDED : RunState.FAILED;
        }
        String failure = state == RunState.FAILED
                ? result.failures().isEmpty()
                        ? "A process ended otherwise than expected."
                        : String.join("\n", result.failures())
                : null;
        return new RunEnding(state, failure, Optional.of(result), List.of(), furtherWarnings);
    }

    /** The engine gave up. */
    public static RunEnding of(
            RunFailedException failure, List<ProcessOutcome> furtherProcesses, List<RunWarning> furtherWarnings) {
        return failed(String.valueOf(failure.getMessage()), furtherProcesses, furtherWarnings);
    }

    /** It ended for a reason that the engine does not know. */
    public static RunEnding failed(
            String why, List<ProcessOutcome> furtherProcesses, List<RunWarning> furtherWarnings) {
        return new RunEnding(RunState.FAILED, why, Optional.empty(), furtherProcesses, furtherWarnings);
    }
}
