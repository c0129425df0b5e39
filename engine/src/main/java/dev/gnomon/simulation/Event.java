package dev.gnomon.simulation;

import dev.gnomon.network.Packet;
import dev.gnomon.network.ScheduledAction;

/**
 * Something that happens on one host at a virtual time: an action of the host itself, or the arrival of a packet.
 * Events are ordered by time, then by the host that caused them, then by that host's own count, which no number of
 * workers can change.
 */
public final class Event implements ScheduledAction {
    final long timeNanos;
    final int sourceHost;
    final long sequence;
    private Runnable action;
    private final Packet packet;

    private Event(long timeNanos, int sourceHost, long sequence, Runnable action, Packet packet) {
        this.timeNanos = timeNanos;
        this.sourceHost = sourceHost;
        this.sequence = sequence;
        this.action = action;
        this.packet = packet;
    }

    public static Event action(long timeNanos, int sourceHost, long sequence, Runnable action) {
        return new Event(timeNanos, sourceHost, sequence, action, null);
    }

    public static Event arrival(long timeNanos, int sourceHost, long sequence, Packet packet) {
        return new Event(timeNanos, sourceHost, sequence, null, packet);
    }

    public long timeNanos() {
        return timeNanos;
    }

    /** The arriving packet; null for an action. */
    public Packet packet() {
        return packet;
    }

    /** The action; null for an arrival and for an action that was cancelled. */
    public Runnable action() {
        return action;
    }

    @Override
    public void cancel() {
        action = null;
    }

    boolean isCancelled() {
        return action == null && packet == null;
    }

    boolean precedes(Event other) {
        if (timeNanos != other.timeNanos) {
            return timeNanos < other.timeNanos;
        }
        if (sourceHost != other.sourceHost) {
            return sourceHost < other.sourceHost;
        }
        return sequence < other.sequence;
    }
}
