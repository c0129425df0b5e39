package dev.gnomon.network;

/** Turns bytes into the nanoseconds they take, exact over any number of packets sent back to back. */
final class Rate {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long bitsPerSecond;
    private long remainder;

    Rate(long bitsPerSecond) {
        this.bitsPerSecond = bitsPerSecond;
    }

    boolean unlimited() {
        return bitsPerSecond == 0;
    }

    /** Nanoseconds for these bytes; what division leaves over is carried into the next answer. */
    long nanosFor(int bytes) {
        // 128 KiB is 2^20 bits, times 10^9 below 2^50: no overflow.
        long work = bytes * 8L * NANOS_PER_SECOND + remainder;
        long nanos = work / bitsPerSecond;
        remainder = work - nanos * bitsPerSecond;
        return nanos;
    }
}
