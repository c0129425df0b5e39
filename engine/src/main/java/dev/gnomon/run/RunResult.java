package dev.gnomon.run;

import java.util.List;

/**
 * The end of a run that could be started and was carried through, or was cancelled.
 *
 * @param succeeded every process ended as expected, and nothing failed
 * @param cancelled ended by {@link RunCancellation}
 * @param digest SHA-256 over all deterministic files, 64 hexadecimal digits; empty where the run was cancelled
 * @param virtualNanos virtual time reached, in nanoseconds
 * @param wallNanos real time taken, in nanoseconds
 * @param systemCalls system calls that the engine answered
 * @param localCalls system calls that guests answered themselves
 * @param packets packets sent
 * @param hosts number of simulated hosts
 * @param processes final states, in the order of the definition
 * @param warnings one for each cause
 * @param failures why the run did not succeed, a sentence each; empty where it did
 */
public record RunResult(
        boolean succeeded,
        boolean cancelled,
        String digest,
        long virtualNanos,
        long wallNanos,
        long systemCalls,
        long localCalls,
        long packets,
        int hosts,
        List<ProcessOutcome> processes,
        List<RunWarning> warnings,
        List<String> failures) {

    public RunResult {
        processes = List.copyOf(processes);
        warnings = List.copyOf(warnings);
        failures = List.copyOf(failures);
    }
}
