package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/**
 * What is done about losses: found by RACK (RFC 8985) or by duplicate acknowledgments (RFC 5681), repaired while the
 * window shrinks by proportional rate reduction (RFC 6937), and forgiven where segments had only been late.
 */
final class LossRecovery {
    /** {@code tcp_ca_state}. */
    private enum Phase {
        OPEN(0),
        RECOVERY(3),
        LOSS(4);

        private final int number;

        Phase(int number) {
            this.number = number;
        }
    }

    /** Duplicate acknowledgments, or segments sacked, that tell of a loss at once (RFC 5681). */
    private static final int DUPLICATE_THRESHOLD = 3;

    private static final int MOST_REORDERING_STEPS = 255;

    private final TcpSender sender;
    private final Timestamps timestamps;
    private final Scoreboard board;
    private final Cubic congestion;
    private final RoundTripTime roundTrip;
    private final boolean sack;

    private Phase phase = Phase.OPEN;
    private long end;
    private int duplicates;
    private int renoDelivered;
    private int reductionDelivered;
    private int reductionSent;
    private int reductionWindow;

    private boolean undoPossible;
    private int undoWindow;
    private int undoThreshold;
    private long undoStart;
    private int undoResent;
    private boolean anyResent;
    private int firstResentTimestamp;
    private int reorderingSteps = 1;

    /** @param sack whether selective acknowledgments tell what has arrived */
    LossRecovery(TcpSender sender, Timestamps timestamps, boolean sack) {
        this.sender = sender;
        this.timestamps = timestamps;
        this.board = sender.board();
        this.congestion = sender.congestion();
        this.roundTrip = sender.roundTrip();
        this.sack = sack;
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** As TCP_INFO tells it. */
    int number() {
        return phase.number;
    }

    int inFlight() {
        return board.inFlight() - renoDelivered();
    }

    /** Segments that duplicate acknowledgments have told of. */
    private int renoDelivered() {
        return sack ? 0 : renoDelivered;
    }

    /** A segment has been sent, new or again. */
    void sent() {
        if (phase == Phase.RECOVERY) {
            reductionSent++;
        }
    }

    /** A segment is about to be sent again. */
    void resending(long now) {
        if (!anyResent) {
            anyResent = true;
            firstResentTimestamp = timestamps.at(now);
        }
        undoResent++;
        sent();
    }

    /** The peer reports that a segment has come twice (RFC 2883). */
    void duplicateReported(long start) {
        if (undoPossible && undoResent > 0 && start >= undoStart) {
            undoResent--;
        }
        reorderingSteps = Math.min(MOST_REORDERING_STEPS, reorderingSteps + 1);
    }

    /** An acknowledgment of a peer that does not tell what it has received behind a gap. */
    void countDuplicates(Packet packet, boolean advanced, boolean windowChanged, int acknowledgedSegments) {
        if (advanced) {
            duplicates = 0;
            renoDelivered = Math.max(0, renoDelivered - Math.max(0, acknowledgedSegments - 1));
            if (phase != Phase.RECOVERY) {
                renoDelivered = 0;
            }
        } else if (packet.payloadLength == 0 && !windowChanged && !packet.has(Packet.FIN) && !board.isEmpty()) {
            duplicates++;
            renoDelivered = Math.min(renoDelivered + 1, Math.max(0, board.outstanding() - 1));
        }
    }

    private long reorderingWindow() {
        if (!board.reorderingSeen() && (phase != Phase.OPEN || board.sackedOut() >= DUPLICATE_THRESHOLD)) {
            return 0;
        }
        long minimum = roundTrip.minimum();
        if (minimum == Long.MAX_VALUE) {
            return 0;
        }
        return Math.min((minimum >> 2) * reorderingSteps, roundTrip.smoothed());
    }

    /**
     * An acknowledgment has been entered in the scoreboard. Answers whether the window may grow by it.
     *
     * @param delivered segments that it shows to have arrived
     */
    boolean acknowledged(Packet packet, boolean advanced, int delivered, long now) {
        if (phase != Phase.OPEN) {
            if (advanced && undoPossible && wasDelay(packet)) {
                undo();
            } else if (sender.unacknowledged() >= end) {
                leave();
            }
        }
        int lostBefore = board.lostOut();
        detectLoss(advanced, now);
        if (phase == Phase.OPEN && board.lostOut() > 0) {
            enter();
        }
        if (phase == Phase.RECOVERY) {
            reduceProportionally(delivered, advanced && board.lostOut() <= lostBefore);
            return false;
        }
        return true;
    }

    /** The reordering window has passed: what has not arrived is lost. */
    void reorderingTimeout(long now) {
        detectLoss(false, now);
        if (phase == Phase.OPEN && board.lostOut() > 0) {
            enter();
            reduceProportionally(0, false);
        }
    }

    private void detectLoss(boolean advanced, long now) {
        if (sack) {
            long again = board.detectLoss(reorderingWindow(), now);
            if (again > 0) {
                sender.timer().armReordering(now + again);
            }
            return;
        }
        if (phase == Phase.OPEN && duplicates >= DUPLICATE_THRESHOLD || phase == Phase.RECOVERY && advanced) {
            board.markHeadLost();
        }
    }

    /** Whether the segments that were sent again had only been late: their echo is older than the first resending. */
    private boolean wasDelay(Packet packet) {
        if (undoResent == 0 && anyResent) {
            return true;
        }
        return timestamps.inUse()
                && packet.timestamps
                && anyResent
                && packet.timestampEcho != 0
                && packet.timestampEcho - firstResentTimestamp < 0;
    }

    private void undo() {
        congestion.window(Math.max(congestion.window(), undoWindow));
        congestion.threshold(Math.max(congestion.threshold(), undoThreshold));
        board.forgiveLosses();
        phase = Phase.OPEN;
        undoPossible = false;
        anyResent = false;
        duplicates = 0;
    }

    private void leave() {
        if (phase == Phase.RECOVERY) {
            congestion.window(congestion.threshold());
        }
        phase = Phase.OPEN;
        undoPossible = false;
        anyResent = false;
        duplicates = 0;
        renoDelivered = 0;
    }

    private void rememberForUndo() {
        undoPossible = true;
        undoWindow = congestion.window();
        undoThreshold = congestion.threshold();
        undoStart = sender.unacknowledged();
        undoResent = 0;
        anyResent = false;
    }

    private void enter() {
        rememberForUndo();
        reductionWindow = Math.max(1, congestion.window());
        reductionDelivered = 0;
        reductionSent = 0;
        congestion.reduce();
        phase = Phase.RECOVERY;
        end = sender.next();
        sender.timer().forgetProbe();
    }

    private void reduceProportionally(int delivered, boolean progress) {
        int inFlight = inFlight();
        int threshold = congestion.threshold();
        int newlyDelivered = sack ? delivered : Math.max(1, delivered);
        reductionDelivered += newlyDelivered;
        int allowed;
        if (inFlight > threshold) {
            allowed = (int) (((long) threshold * reductionDelivered + reductionWindow - 1) / reductionWindow)
                    - reductionSent;
        } else {
            allowed = Math.max(reductionDelivered - reductionSent, newlyDelivered);
            if (progress) {
                allowed++;
            }
            allowed = Math.min(threshold - inFlight, allowed);
        }
        // The first resending goes out whatever the window.
        allowed = Math.max(allowed, reductionSent == 0 ? 1 : 0);
        congestion.window(Math.max(1, inFlight + allowed));
    }

    /** No acknowledgment has come in time: everything in flight counts as lost (RFC 6298, section 5). */
    void retransmissionTimeout() {
        if (phase != Phase.LOSS || sender.unacknowledged() >= end) {
            boolean first = phase == Phase.OPEN;
            if (first) {
                rememberForUndo();
            }
            if (first || phase == Phase.RECOVERY) {
                congestion.reduce();
            }
        }
        phase = Phase.LOSS;
        end = sender.next();
        duplicates = 0;
        renoDelivered = 0;
        board.markAllLost();
        congestion.window(1);
    }
}
