package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/**
 * How much of one connection waits in the interface, as {@code tcp_small_queue_check}: what waits there cannot be
 * overtaken, and a long queue of one connection is delay for the others. The interface asks for more at the very end of
 * each packet, so that two segments keep it busy, and connections of one host share its rate alike.
 */
final class SmallQueue {
    /** {@code tcp_limit_output_bytes}: the most one connection keeps in the queue of {@code lo}. */
    private static final long LOOPBACK_LIMIT = 4L << 20;

    private static final long ROOM_FOR_HEADERS = 100;

    private final long limit;
    private long bytes;
    private boolean heldBack;

    /**
     * @param fullSegment the most bytes of data in a segment
     * @param loopback whether segments go by {@code lo}, which takes no time
     */
    SmallQueue(int fullSegment, boolean loopback) {
        // More than one full segment and less than two: the second may join the first.
        limit = loopback ? LOOPBACK_LIMIT : fullSegment + ROOM_FOR_HEADERS;
    }

    void add(Packet packet) {
        bytes += packet.wireBytes();
    }

    /** A packet has left the interface. */
    void remove(Packet packet) {
        if (packet.payloadLength > 0 || packet.has(Packet.FIN)) {
            bytes = Math.max(0, bytes - packet.wireBytes());
        }
    }

    /** Whether a segment that could be sent now has to wait; {@link #heldBack} remembers it. */
    boolean holdsBack() {
        if (bytes < limit) {
            return false;
        }
        heldBack = true;
        return true;
    }

    /** Whether something waits for room. */
    boolean heldBack() {
        return heldBack;
    }

    void startAgain() {
        heldBack = false;
    }
}
