package dev.gnomon.network.tcp;

/** Times and counts of Linux's TCP, in nanoseconds ({@code include/net/tcp.h}). */
final class TcpTimes {
    static final long MILLISECOND = 1_000_000L;
    static final long SECOND = 1_000_000_000L;

    static final long INITIAL_TIMEOUT = SECOND;
    static final long MINIMUM_TIMEOUT = 200 * MILLISECOND;
    static final long MAXIMUM_TIMEOUT = 120 * SECOND;
    static final long DELAYED_ACK = 40 * MILLISECOND;
    static final long TIME_WAIT = 60 * SECOND;
    static final long FIN_WAIT_2 = 60 * SECOND;

    /** {@code TCP_TIMEOUT_MIN}: two ticks of a kernel that ticks a thousand times a second. */
    static final long PROBE_SLACK = 2 * MILLISECOND;

    /** {@code tcp_invalid_ratelimit}: how often a segment out of the window is answered. */
    static final long INVALID_RATE_LIMIT = 500 * MILLISECOND;

    static final int SYN_RETRIES = 6;
    static final int SYN_ACK_RETRIES = 5;

    /** {@code tcp_retries2} and {@code tcp_orphan_retries}. */
    static final int DATA_RETRIES = 15;

    static final int ORPHAN_RETRIES = 8;

    private TcpTimes() {}

    /** How long this many doublings of the minimum timeout last: {@code tcp_model_timeout}. */
    static long modelTimeout(int retries) {
        int doublings = 9; // 200 ms doubled nine times is the last below 120 s
        if (retries <= doublings) {
            return ((2L << retries) - 1) * MINIMUM_TIMEOUT;
        }
        return ((2L << doublings) - 1) * MINIMUM_TIMEOUT + (retries - doublings) * MAXIMUM_TIMEOUT;
    }
}
