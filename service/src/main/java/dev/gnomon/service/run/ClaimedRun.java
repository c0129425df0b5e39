package dev.gnomon.service.run;

/**
 * A run that is ours to execute.
 *
 * @param ordinal its key
 * @param id its name, also that of its directory
 * @param attempt which attempt this is, from 1; an earlier attempt's executor may no longer write
 * @param experimentId whose definition it executes
 * @param seed replaces the definition's
 */
public record ClaimedRun(long ordinal, String id, int attempt, String experimentId, long seed) {}
