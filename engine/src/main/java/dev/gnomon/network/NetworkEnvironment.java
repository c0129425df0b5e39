package dev.gnomon.network;

import java.util.random.RandomGenerator;

/** What a host gives its network stack. All times are virtual nanoseconds since the start of the run. */
public interface NetworkEnvironment {
    /** The host's virtual time. */
    long nowNanos();

    /**
     * Runs an action as an event of this host. Actions of the same time run in the order in which they were scheduled.
     *
     * @param atNanos when, not before {@link #nowNanos()}
     */
    ScheduledAction schedule(long atNanos, Runnable action);

    /** As {@link #schedule}, for what nobody will cancel; costs no object in the engine. */
    default void runAt(long atNanos, Runnable action) {
        schedule(atNanos, action);
    }

    /** The host's own deterministic generator. */
    RandomGenerator random();

    /**
     * Hands a packet to the graph, at the end of its transmission. Loss, latency and arrival at the destination's
     * interface are the engine's to decide. From here on the packet must not be modified by anyone.
     */
    void transmit(Packet packet);

    /** Whether rates do not apply now: true before {@code general.bootstrap_end_time}. */
    boolean bandwidthUnlimited();

    /** Whether the routing table has a way to this address; without one, sending answers {@code ENETUNREACH}. */
    default boolean reachable(int address) {
        return true;
    }
}
