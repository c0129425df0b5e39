package dev.gnomon.network.tcp;

/**
 * CUBIC (RFC 9438) with HyStart's delay rule, as in Linux's net/ipv4/tcp_cubic.c. Windows count segments.
 *
 * <p>Only operations that IEEE 754 fixes to the bit are used, and {@link StrictMath}: the same on every machine.
 */
final class Cubic {
    static final int INITIAL_WINDOW = 10;
    private static final double MULTIPLIER = 0.4;
    private static final double DECREASE = 0.7;
    private static final double FRIENDLY_INCREASE = 3 * (1 - DECREASE) / (1 + DECREASE);
    private static final int LARGEST_WINDOW = 1 << 24;

    private static final int HYSTART_LOW_WINDOW = 16;
    private static final int HYSTART_SAMPLES = 8;
    private static final long HYSTART_DELAY_MINIMUM = 4 * TcpTimes.MILLISECOND;
    private static final long HYSTART_DELAY_MAXIMUM = 16 * TcpTimes.MILLISECOND;

    private int window = INITIAL_WINDOW;
    private int threshold = Integer.MAX_VALUE;
    private double fraction;

    private long epochStart = -1;
    private double lastMaximum;
    private double origin;
    private double inflection;
    private double friendly;

    private long roundEnd;
    private int roundSamples;
    private long roundMinimum = Long.MAX_VALUE;

    /** The congestion window. */
    int window() {
        return window;
    }

    void window(int segments) {
        window = Math.max(1, Math.min(segments, LARGEST_WINDOW));
    }

    /** The slow start threshold; {@link Integer#MAX_VALUE} until the first loss. */
    int threshold() {
        return threshold;
    }

    void threshold(int segments) {
        threshold = segments;
    }

    boolean inSlowStart() {
        return window < threshold;
    }

    /** Opens the window for segments that were acknowledged. */
    void acknowledged(int segments, long now, long minimumRoundTrip) {
        int left = segments;
        if (inSlowStart()) {
            int grown = Math.min(left, threshold - window);
            window(window + grown);
            left -= grown;
        }
        if (left > 0) {
            avoidCongestion(left, now, minimumRoundTrip);
        }
    }

    private void avoidCongestion(int segments, long now, long minimumRoundTrip) {
        if (epochStart < 0) {
            epochStart = now;
            if (window < lastMaximum) {
                inflection = StrictMath.cbrt((lastMaximum - window) / MULTIPLIER);
                origin = lastMaximum;
            } else {
                inflection = 0;
                origin = window;
            }
            friendly = window;
        }
        long roundTrip = minimumRoundTrip == Long.MAX_VALUE ? 0 : minimumRoundTrip;
        double time = (now - epochStart + roundTrip) / 1e9 - inflection;
        double target = origin + MULTIPLIER * time * time * time;
        target = Math.max(window, Math.min(target, 1.5 * window));
        double increase = friendly < lastMaximum ? FRIENDLY_INCREASE : 1;
        friendly += increase * segments / window;
        // Even on the plateau the window creeps, one segment in a hundred round trips.
        double growth = Math.max(target - window, Math.max(friendly - window, 0.01));
        fraction += Math.min(growth / window, 0.5) * segments;
        if (fraction >= 1) {
            int whole = (int) fraction;
            fraction -= whole;
            window(window + whole);
        }
    }

    /** A loss was found: forgets the epoch, and sets and answers the new threshold. The window is the caller's. */
    int reduce() {
        epochStart = -1;
        fraction = 0;
        lastMaximum = window < lastMaximum ? window * (1 + DECREASE) / 2 : window;
        threshold = Math.max(2, (int) (window * DECREASE));
        return threshold;
    }

    /** The connection sends again after a pause, which must not count as time to grow. */
    void resumed(long idleNanos, long now) {
        if (epochStart >= 0) {
            epochStart = Math.min(now, epochStart + idleNanos);
        }
    }

    /** HyStart: leaves slow start when round trips begin to grow. */
    void roundTrip(long nanos, long minimum, long acknowledged, long next) {
        if (!inSlowStart()) {
            return;
        }
        if (acknowledged > roundEnd) {
            roundEnd = next;
            roundSamples = 0;
            roundMinimum = Long.MAX_VALUE;
        }
        if (window < HYSTART_LOW_WINDOW) {
            return;
        }
        roundMinimum = Math.min(roundMinimum, nanos);
        if (++roundSamples >= HYSTART_SAMPLES) {
            long slack = Math.max(HYSTART_DELAY_MINIMUM, Math.min(minimum >> 3, HYSTART_DELAY_MAXIMUM));
            if (roundMinimum > minimum + slack) {
                threshold = window;
            }
        }
    }
}
