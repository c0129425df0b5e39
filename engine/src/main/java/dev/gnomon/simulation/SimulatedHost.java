package dev.gnomon.simulation;

import dev.gnomon.network.Packet;

/** What the rounds need of a host. All methods are called by the host's worker alone. */
public interface SimulatedHost {
    int index();

    /** When the host has something to do next; {@link EventQueue#NEVER} for nothing. */
    long nextEventNanos();

    /** Runs all events before {@code endNanos}. */
    void runUntil(long endNanos);

    /**
     * Takes in a packet that a host sent, to arrive at its time.
     *
     * @param sequence the sending host's own count
     */
    void receive(long timeNanos, int sourceHost, long sequence, Packet packet);
}
