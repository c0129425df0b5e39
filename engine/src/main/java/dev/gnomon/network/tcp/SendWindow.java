package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/** What the peer permits to send: {@code SND.WND}, {@code SND.WL1} and {@code SND.WL2} of RFC 9293, section 3.10.7.4. */
final class SendWindow {
    private final int scale;
    private long bytes;
    private long largest;
    private long sequence;
    private long acknowledgment;

    /** @param scale how far the peer's windows are shifted */
    SendWindow(int scale) {
        this.scale = scale;
    }

    /** The window of a SYN, or of the segment that ends the handshake; not to be scaled. */
    void start(long initialBytes, long atSequence, long atAcknowledgment) {
        bytes = initialBytes;
        largest = initialBytes;
        sequence = atSequence;
        acknowledgment = atAcknowledgment;
    }

    /** Takes the window of a segment, unless a newer one has told it. Answers whether it is another one now. */
    boolean update(Packet packet, long atSequence, long atAcknowledgment, long unacknowledged) {
        long offered = (long) packet.window << scale;
        boolean newer = atAcknowledgment > unacknowledged
                || atSequence > sequence
                || atSequence == sequence && (offered > bytes || offered == 0);
        if (!newer || atAcknowledgment < unacknowledged) {
            return false;
        }
        boolean changed = offered != bytes;
        sequence = atSequence;
        acknowledgment = atAcknowledgment;
        bytes = offered;
        largest = Math.max(largest, offered);
        return changed;
    }

    /** The offset behind the last byte that may be sent. */
    long end() {
        return acknowledgment + bytes;
    }

    long bytes() {
        return bytes;
    }

    long largest() {
        return largest;
    }

    int scale() {
        return scale;
    }
}
