package dev.gnomon.application;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What every message of {@link Traffic} begins with, big-endian. The rest of it is zeros.
 *
 * <pre>
 *   0         +--------------------------------------+
 *             | "GNOMON", version 1, reserved 0 (8)  |
 *   8         | length of the whole message (8)      |
 *   16        | length of the answer, or 0 (8)       |
 *   24        | number of the message in its flow (8)|
 *   32        | virtual time of its sending (8)      |
 *   40        +--------------------------------------+
 * </pre>
 */
final class MessageHeader {
    static final int BYTES = 40;

    private static final int LENGTH_OFFSET = 8;
    private static final int RESPONSE_OFFSET = 16;
    private static final int NUMBER_OFFSET = 24;
    private static final int SENT_NANOS_OFFSET = 32;
    private static final byte[] MAGIC = {'G', 'N', 'O', 'M', 'O', 'N', 1, 0};

    private MessageHeader() {}

    /** Writes a header to the start of {@code target}. */
    static void write(byte[] target, long length, long response, long number, long sentNanos) {
        System.arraycopy(MAGIC, 0, target, 0, MAGIC.length);
        ByteBuffer.wrap(target)
                .putLong(LENGTH_OFFSET, length)
                .putLong(RESPONSE_OFFSET, response)
                .putLong(NUMBER_OFFSET, number)
                .putLong(SENT_NANOS_OFFSET, sentNanos);
    }

    /** Whether {@code bytes} begins with a header that makes sense. Anybody may have sent it. */
    static boolean isHeader(byte[] bytes, int available) {
        return available >= BYTES
                && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                && length(bytes) >= BYTES
                && response(bytes) >= 0;
    }

    static long length(byte[] header) {
        return ByteBuffer.wrap(header).getLong(LENGTH_OFFSET);
    }

    static long response(byte[] header) {
        return ByteBuffer.wrap(header).getLong(RESPONSE_OFFSET);
    }

    static long number(byte[] header) {
        return ByteBuffer.wrap(header).getLong(NUMBER_OFFSET);
    }

    static long sentNanos(byte[] header) {
        return ByteBuffer.wrap(header).getLong(SENT_NANOS_OFFSET);
    }
}
