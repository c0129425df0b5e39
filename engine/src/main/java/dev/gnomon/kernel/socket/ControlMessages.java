package dev.gnomon.kernel.socket;

import dev.gnomon.kernel.LittleEndian;

/**
 * The control messages that a receiving call hands out, built as {@code put_cmsg()} of {@code net/core/scm.c} does: what does not
 * fit the guest's buffer is cut off, and said so by MSG_CTRUNC.
 */
public final class ControlMessages {
    private static final int HEADER_BYTES = 16;
    /** More than all messages of one call come to. */
    private static final int CAPACITY_BYTES = 2048;

    private final byte[] bytes = new byte[CAPACITY_BYTES];
    private int limit;
    private int length;
    private boolean truncated;

    /** @param roomBytes the size of the guest's buffer; 0 where it has none */
    public void begin(long roomBytes) {
        limit = (int) Math.min(roomBytes, CAPACITY_BYTES);
        length = 0;
        truncated = false;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public boolean isTruncated() {
        return truncated;
    }

    /** How many descriptor numbers still fit in a message of their own. */
    public int roomForDescriptors() {
        return Math.max(0, (limit - length - HEADER_BYTES) / 4);
    }

    public void markTruncated() {
        truncated = true;
    }

    public void put(int level, int type, byte[] data, int dataLength) {
        int room = limit - length;
        if (room < HEADER_BYTES) {
            truncated = true;
            return;
        }
        int messageBytes = HEADER_BYTES + dataLength;
        if (messageBytes > room) {
            truncated = true;
            messageBytes = room;
        }
        LittleEndian.putLong(bytes, length, messageBytes);
        LittleEndian.putInt(bytes, length + 8, level);
        LittleEndian.putInt(bytes, length + 12, type);
        System.arraycopy(data, 0, bytes, length + HEADER_BYTES, messageBytes - HEADER_BYTES);
        int padded = Math.min(room, (HEADER_BYTES + dataLength + 7) & ~7);
        java.util.Arrays.fill(bytes, length + messageBytes, length + Math.max(messageBytes, padded), (byte) 0);
        length += padded;
    }
}
