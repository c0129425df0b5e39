package dev.gnomon.network.tcp;

/** A congestion window says something only while it is used: RFC 2861, as {@code tcp_cwnd_validate} does it. */
final class CongestionWindowValidation {
    private final Cubic congestion;
    private final RoundTripTime roundTrip;
    private int mostOutstanding;
    private long mostOutstandingUntil;
    private boolean limited;

    CongestionWindowValidation(Cubic congestion, RoundTripTime roundTrip) {
        this.congestion = congestion;
        this.roundTrip = roundTrip;
    }

    /**
     * What could be sent has been sent.
     *
     * @param outstanding segments in flight
     * @param nowLimited whether the congestion window held back more
     */
    void sent(int outstanding, long unacknowledged, long next, boolean nowLimited) {
        if (unacknowledged >= mostOutstandingUntil || outstanding > mostOutstanding || nowLimited) {
            mostOutstandingUntil = next;
            mostOutstanding = outstanding;
            limited = nowLimited;
        }
    }

    /** {@code tcp_is_cwnd_limited}: a window that is not used does not grow. */
    boolean windowIsUsed() {
        return limited || congestion.inSlowStart() && congestion.window() < 2 * mostOutstanding;
    }

    /** RFC 5681, section 4.1, as {@code tcp_cwnd_restart}: a window halves for each timeout of silence. */
    void restartAfter(long idle, long now) {
        congestion.resumed(idle, now);
        long timeout = roundTrip.timeout(0);
        int reduced = congestion.window();
        int floor = Math.min(Cubic.INITIAL_WINDOW, reduced);
        boolean shrunk = false;
        for (long left = idle - timeout; left > 0 && reduced > floor; left -= timeout) {
            if (!shrunk && congestion.threshold() != Integer.MAX_VALUE) {
                congestion.threshold(Math.max(congestion.threshold(), reduced / 4 * 3));
            }
            shrunk = true;
            reduced >>= 1;
        }
        congestion.window(Math.max(reduced, floor));
    }
}
