package dev.gnomon.run;

/**
 * How far a run is.
 *
 * @param virtualNanos virtual time since the start of the run, in nanoseconds
 * @param stopNanos virtual time at which the run ends, in nanoseconds
 * @param wallNanos real time since the start of the run, in nanoseconds; never part of a result
 * @param hosts number of simulated hosts
 * @param processesRunning started and not yet ended
 * @param processesEnded ended in any way
 * @param processesFailed ended otherwise than expected
 */
public record RunProgress(
        long virtualNanos,
        long stopNanos,
        long wallNanos,
        int hosts,
        int processesRunning,
        int processesEnded,
        int processesFailed) {}
