package dev.gnomon.simulation;

/** What the rounds need of a host. All methods are called by the host's worker alone. */
public interface SimulatedHost {
    int index();

    /** When the host has something to do next; {@link EventQueue#NEVER} for nothing. */
    long nextEventNanos();

    /** Runs all events before {@code endNanos}. */
    void runUntil(long endNanos);

    /** Adds an event that another host caused. */
    void receive(Event event);
}
