package dev.gnomon.host;

/**
 * What all hosts of a run have in common.
 *
 * @param bootstrapEndNanos until then rates do not apply and nothing is lost
 * @param unblockedCallNanos virtual time that a call takes that does not block; 0 where such calls are free
 * @param unblockedTimeCallNanos virtual time of a call that asks for the time; 0 where such calls are free
 * @param maximumUnappliedNanos how much of that adds up before the clock moves
 * @param stuckLimitNanos wall time that a guest may compute without any call before its process is killed
 */
public record HostSettings(
        long bootstrapEndNanos,
        long unblockedCallNanos,
        long unblockedTimeCallNanos,
        long maximumUnappliedNanos,
        long stuckLimitNanos) {}
