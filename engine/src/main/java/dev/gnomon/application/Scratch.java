package dev.gnomon.application;

/** Bytes of the calling worker, for use within one event: applications by the hundred thousand need not have their own. */
final class Scratch {
    static final int BYTES = 65_536;

    /** Never written to. */
    private static final byte[] ZEROS = new byte[BYTES];

    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[BYTES]);

    private Scratch() {}

    /** What is in it is whatever the last user left. */
    static byte[] buffer() {
        return BUFFER.get();
    }

    /** As many zeros, not to be modified. */
    static byte[] zeros() {
        return ZEROS;
    }
}
