package dev.gnomon.network;

/** How Linux counts bytes against SO_SNDBUF and SO_RCVBUF. */
public final class SocketBuffers {
    /** {@code net.core.wmem_max} and {@code net.core.rmem_max}: the most that setsockopt accepts, before doubling. */
    public static final int MAXIMUM_BYTES = 212_992;

    /** {@code SOCK_MIN_SNDBUF}. */
    public static final int MINIMUM_SEND_BYTES = 4608;

    /** {@code SOCK_MIN_RCVBUF}. */
    public static final int MINIMUM_RECEIVE_BYTES = 2304;

    private SocketBuffers() {}

    /** What SO_SNDBUF becomes when a program asks for this many bytes (socket(7)). */
    public static int sendBytes(int asked) {
        return Math.max(clamp(asked) * 2, MINIMUM_SEND_BYTES);
    }

    /** What SO_RCVBUF becomes when a program asks for this many bytes (socket(7)). */
    public static int receiveBytes(int asked) {
        return Math.max(clamp(asked) * 2, MINIMUM_RECEIVE_BYTES);
    }

    private static int clamp(int asked) {
        // The kernel compares as unsigned, so that a negative number asks for the maximum.
        return asked < 0 ? MAXIMUM_BYTES : Math.min(asked, MAXIMUM_BYTES);
    }

    /**
     * What one datagram counts for: its buffer with the kernel's bookkeeping, {@code skb->truesize}. 768 bytes for the
     * smallest, 2304 for a full Ethernet frame, as measured on Linux.
     */
    public static int datagramBytes(int payloadLength) {
        return 512 + (payloadLength + 128 + 255 & ~255);
    }
}
