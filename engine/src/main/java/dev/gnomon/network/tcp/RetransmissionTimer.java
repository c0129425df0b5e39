package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.Timer;

/**
 * The one timer of a sender and what it is set for, as {@code icsk_pending} of the kernel: a retransmission (RFC 6298), a
 * loss probe or the end of the reordering window (RFC 8985), or a probe of a window that is too small (RFC 9293, section
 * 3.8.6.1).
 */
final class RetransmissionTimer {
    private enum Pending {
        NONE,
        RETRANSMISSION,
        LOSS_PROBE,
        REORDERING,
        WINDOW_PROBE
    }

    private final TcpConnection connection;
    private final TcpSender sender;
    private final Scoreboard board;
    private final RoundTripTime roundTrip;
    private final boolean sack;
    private final Timer timer;
    private final TailLossProbe probe = new TailLossProbe();
    private Pending pending = Pending.NONE;

    private int backoff;
    private int windowProbes;
    private long stalledSince = -1;

    RetransmissionTimer(TcpConnection connection, TcpSender sender, boolean sack) {
        this.connection = connection;
        this.sender = sender;
        this.board = sender.board();
        this.roundTrip = sender.roundTrip();
        this.sack = sack;
        this.timer = connection.retransmissionTimer();
    }

    int backoff() {
        return backoff;
    }

    int windowProbes() {
        return windowProbes;
    }

    long timeout() {
        return roundTrip.timeout(backoff);
    }

    // What the sender tells.

    /** An acknowledgment has come. */
    void heard(boolean advanced) {
        if (windowProbes > 0) {
            windowProbes = 0;
            stalledSince = -1;
        }
        if (advanced) {
            stalledSince = -1;
        }
    }

    void sampled() {
        backoff = 0;
    }

    void resending(long now) {
        if (stalledSince < 0) {
            stalledSince = now;
        }
    }

    void forgetProbe() {
        probe.forget();
    }

    boolean probeRepairedLoss(long acknowledgment, boolean advanced, boolean duplicateReported) {
        return probe.repairedLoss(acknowledgment, advanced, duplicateReported);
    }

    // Arming.

    private void arm(Pending what, long nanos) {
        pending = what;
        timer.armAt(connection.nowNanos() + nanos);
    }

    void armReordering(long atNanos) {
        pending = Pending.REORDERING;
        timer.armAt(atNanos);
    }

    void armAfterSending() {
        if (!board.isEmpty()) {
            if (pending == Pending.REORDERING) {
                return;
            }
            if (canProbeLoss()) {
                armLossProbe();
            } else if (pending != Pending.RETRANSMISSION) {
                arm(Pending.RETRANSMISSION, timeout());
            }
        } else if (sender.hasUnsent() && !sender.throttled()) {
            if (pending != Pending.WINDOW_PROBE) {
                arm(Pending.WINDOW_PROBE, windowProbeInterval());
            }
        } else {
            pending = Pending.NONE;
            timer.disarm();
        }
    }

    void armAfterAcknowledgment(boolean advanced, long now) {
        if (board.isEmpty()) {
            armAfterSending();
        } else if (pending == Pending.REORDERING) {
            return;
        } else if (canProbeLoss()) {
            armLossProbe();
        } else if (advanced || pending != Pending.RETRANSMISSION) {
            long timeout = timeout();
            long due = advanced ? timeout : Math.max(1, board.headSent() + timeout - now);
            arm(Pending.RETRANSMISSION, due);
        }
    }

    private boolean canProbeLoss() {
        return sack
                && sender.recovery().isOpen()
                && board.sackedOut() == 0
                && !probe.outstanding()
                && backoff == 0
                && roundTrip.known();
    }

    /** RFC 8985, section 7.2. */
    private void armLossProbe() {
        long timeout =
                2 * roundTrip.smoothed() + (board.outstanding() == 1 ? TcpTimes.MINIMUM_TIMEOUT : TcpTimes.PROBE_SLACK);
        long retransmission = roundTrip.timeout(0);
        arm(Pending.LOSS_PROBE, Math.min(timeout, retransmission));
    }

    private long windowProbeInterval() {
        return Math.max(TcpTimes.MINIMUM_TIMEOUT, roundTrip.timeout(windowProbes));
    }

    // Firing.

    void fired() {
        Pending what = pending;
        pending = Pending.NONE;
        long now = connection.nowNanos();
        switch (what) {
            case NONE -> {
                // Disarmed since.
            }
            case RETRANSMISSION -> retransmit(now);
            case LOSS_PROBE -> sendLossProbe(now);
            case REORDERING -> {
                sender.recovery().reorderingTimeout(now);
                sender.sendPossible();
                armAfterSending();
            }
            case WINDOW_PROBE -> probeWindow(now);
        }
    }

    private boolean gaveUp(long since, long now) {
        TcpSocket socket = connection.socket();
        long limit = socket.options().userTimeoutNanos();
        if (limit == 0) {
            limit = TcpTimes.modelTimeout(socket.orphaned() ? TcpTimes.ORPHAN_RETRIES : TcpTimes.DATA_RETRIES);
        }
        return since >= 0 && now - since >= limit;
    }

    private void retransmit(long now) {
        if (board.isEmpty()) {
            return;
        }
        if (gaveUp(stalledSince, now)) {
            connection.fail(Errno.ETIMEDOUT);
            return;
        }
        probe.forget();
        sender.recovery().retransmissionTimeout();
        backoff++;
        long number = board.nextToResend();
        if (number >= 0) {
            sender.resend(number, now);
        }
        arm(Pending.RETRANSMISSION, timeout());
    }

    private void sendLossProbe(long now) {
        if (board.isEmpty()) {
            return;
        }
        boolean resent = false;
        if (!sender.sendProbeSegment(now) && !board.lastIsSacked()) {
            resent = true;
            sender.resend(board.lastNumber(), now);
        }
        probe.sent(resent, sender.next());
        arm(Pending.RETRANSMISSION, timeout());
    }

    /** The window is too small for what waits and nothing is in flight: {@code tcp_write_wakeup} and its timer. */
    private void probeWindow(long now) {
        if (!board.isEmpty() || !sender.hasUnsent()) {
            return;
        }
        if (windowProbes == 0) {
            stalledSince = now;
        }
        if (gaveUp(windowProbes == 0 ? -1 : stalledSince, now)) {
            connection.fail(Errno.ETIMEDOUT);
            return;
        }
        if (sender.sendIntoSmallWindow(now)) {
            arm(Pending.RETRANSMISSION, roundTrip.timeout(0));
            return;
        }
        windowProbes++;
        connection.probe(now);
        arm(Pending.WINDOW_PROBE, windowProbeInterval());
    }
}
