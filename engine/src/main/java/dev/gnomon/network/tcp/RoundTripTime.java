package dev.gnomon.network.tcp;

/** Round-trip times and the retransmission timeout: RFC 6298 with Linux's bounds, in nanoseconds. */
final class RoundTripTime {
    /** {@code tcp_min_rtt_wlen}: how long a minimum counts. */
    private static final long MINIMUM_LASTS = 300 * TcpTimes.SECOND;

    private long smoothed;
    private long variation;
    private long minimum = Long.MAX_VALUE;
    private long minimumSeen;
    private long latest;

    void sample(long nanos, long now) {
        latest = nanos;
        if (nanos <= minimum || now - minimumSeen > MINIMUM_LASTS) {
            minimum = nanos;
            minimumSeen = now;
        }
        if (!known()) {
            // Zero would read as "not known"; a round trip on loopback takes no virtual time.
            smoothed = Math.max(1, nanos);
            variation = nanos / 2;
            return;
        }
        variation += (Math.abs(smoothed - nanos) - variation) / 4;
        smoothed = Math.max(1, smoothed + (nanos - smoothed) / 8);
    }

    boolean known() {
        return smoothed != 0;
    }

    /** 0 where no sample was taken. */
    long smoothed() {
        return smoothed;
    }

    long variation() {
        return variation;
    }

    /** The least of the last five minutes, {@link Long#MAX_VALUE} where no sample was taken. */
    long minimum() {
        return minimum;
    }

    long latest() {
        return latest;
    }

    /**
     * The retransmission timeout. As in Linux the variation counts for at least 200 ms, and the first timeout is a second.
     *
     * @param backoff how often it has been doubled
     */
    long timeout(int backoff) {
        long base = known() ? smoothed + Math.max(4 * variation, TcpTimes.MINIMUM_TIMEOUT) : TcpTimes.INITIAL_TIMEOUT;
        if (backoff >= 20) {
            return TcpTimes.MAXIMUM_TIMEOUT;
        }
        return Math.min(base << backoff, TcpTimes.MAXIMUM_TIMEOUT);
    }
}
