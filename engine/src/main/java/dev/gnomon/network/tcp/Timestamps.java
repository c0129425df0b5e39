package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/** The timestamps option of one connection, RFC 7323: its own clock in milliseconds, and the peer's last value. */
final class Timestamps {
    private final int offset;
    private boolean inUse;
    private int recent;

    /** @param offset of this connection's clock, so that it tells nothing of other connections */
    Timestamps(int offset) {
        this.offset = offset;
    }

    /** Offers them in a SYN; the answer decides. */
    void offer() {
        inUse = true;
    }

    /** Takes over what the peer's SYN says. */
    void learn(Packet syn) {
        inUse = syn.timestamps;
        recent = syn.timestampValue;
    }

    boolean inUse() {
        return inUse;
    }

    /** {@code TS.Recent}. */
    int recent() {
        return recent;
    }

    void recent(int value) {
        recent = value;
    }

    int at(long nowNanos) {
        return offset + (int) (nowNanos / TcpTimes.MILLISECOND);
    }

    /** Protection against wrapped sequence numbers, RFC 7323, section 5: whether the segment is too old to be taken. */
    boolean isOld(Packet packet) {
        return inUse && packet.timestamps && recent - packet.timestampValue > 1;
    }

    /** Keeps the value to echo, section 4.3; of a segment that begins no later than the last acknowledgment sent. */
    void remember(Packet packet) {
        if (inUse && packet.timestamps && packet.timestampValue - recent >= 0) {
            recent = packet.timestampValue;
        }
    }

    /** Writes the option. */
    void fill(Packet packet, long nowNanos, boolean echo) {
        packet.timestamps = inUse;
        if (inUse) {
            packet.timestampValue = at(nowNanos);
            packet.timestampEcho = echo ? recent : 0;
        }
    }

    /** The round trip that the echo tells of, at least a millisecond; negative where there is no echo. */
    long roundTripNanos(Packet packet, long nowNanos) {
        if (!packet.timestamps || packet.timestampEcho == 0) {
            return -1;
        }
        return Math.max(1, at(nowNanos) - packet.timestampEcho) * TcpTimes.MILLISECOND;
    }
}
