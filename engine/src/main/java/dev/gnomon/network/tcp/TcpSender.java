package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.Packet;
import dev.gnomon.network.Timer;

/** The sending half of a connection: what may be sent when, what was lost, and the timers for it. */
final class TcpSender {
    private enum Pending {
        NONE,
        RETRANSMISSION,
        LOSS_PROBE,
        REORDERING,
        WINDOW_PROBE
    }

    private enum Recovery {
        OPEN,
        RECOVERY,
        LOSS
    }

    /** Duplicate acknowledgments, or segments sacked, that tell of a loss at once (RFC 5681). */
    private static final int DUPLICATE_THRESHOLD = 3;

    /** {@code tcp_limit_output_bytes}: the most one connection keeps in the queue of {@code lo}. */
    private static final long LOOPBACK_BACKLOG = 4L << 20;

    private final TcpSocket socket;
    private final SendBuffer data = new SendBuffer(1);
    private final Scoreboard board = new Scoreboard();
    private final Cubic congestion = new Cubic();
    private final RoundTripTime roundTrip = new RoundTripTime();
    private final Timer timer;
    private Pending pending = Pending.NONE;

    private final boolean sack;
    private final boolean timestamps;
    private final int scale;
    private final int fullSegment;
    private final long backlogLimit;

    /** Offsets: the oldest not acknowledged, and the next to send. The SYN has been acknowledged. */
    private long unacknowledged = 1;

    private long next = 1;
    private boolean finQueued;
    private boolean finSent;
    private long smallSegmentEnd;

    private long window;
    private long largestWindow;
    private long windowSequence;
    private long windowAcknowledgment;

    private Recovery recovery = Recovery.OPEN;
    private long recoveryEnd;
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

    private boolean probeOutstanding;
    private boolean probeWasResent;
    private long probeEnd;

    private int backoff;
    private int probes;
    private long stalledSince = -1;
    private long lastSent;
    private long lastDataSent = -1;
    private long interfaceBacklog;
    private boolean throttled;
    private boolean windowLimited;
    private int mostOutstanding;
    private long mostOutstandingUntil;
    private boolean congestionLimited;
    private boolean holdPartial;

    private long totalResent;
    private long segmentsSent;
    private long bytesSent;
    private long bytesResent;
    private long bytesAcknowledged;
    private long segmentsDelivered;

    /**
     * @param sack whether both sides may use selective acknowledgments
     * @param scale how far the peer's windows are shifted
     * @param fullSegment the most bytes of data in a segment, options already taken off
     * @param loopback whether segments go by {@code lo}, which takes no time
     */
    TcpSender(
            TcpSocket socket,
            Timer timer,
            boolean sack,
            boolean timestamps,
            int scale,
            int fullSegment,
            boolean loopback) {
        this.socket = socket;
        this.timer = timer;
        this.sack = sack;
        this.timestamps = timestamps;
        this.scale = scale;
        this.fullSegment = fullSegment;
        // More than one full segment and less than two: the second may join the first.
        this.backlogLimit = loopback ? LOOPBACK_BACKLOG : fullSegment + 100L;
    }

    /** The window that came with the peer's SYN, not scaled by RFC 7323. */
    void start(long initialWindow, long sequence, long synRoundTripNanos) {
        window = initialWindow;
        largestWindow = initialWindow;
        windowSequence = sequence;
        windowAcknowledgment = unacknowledged;
        if (synRoundTripNanos >= 0) {
            roundTrip.sample(synRoundTripNanos, now());
        }
        lastSent = now();
    }

    private long now() {
        return socket.nowNanos();
    }

    // What the socket asks and tells.

    long unacknowledged() {
        return unacknowledged;
    }

    long next() {
        return next;
    }

    int queuedBytes() {
        return data.length();
    }

    int notSentBytes() {
        return (int) (data.end() - Math.min(next, data.end()));
    }

    void append(byte[] bytes, int offset, int length) {
        data.append(bytes, offset, length);
    }

    void queueFin() {
        finQueued = true;
        push(false);
    }

    boolean finAcknowledged() {
        return finSent && unacknowledged == next;
    }

    boolean everythingAcknowledged() {
        return unacknowledged == next && !hasUnsent();
    }

    private boolean hasUnsent() {
        return next < data.end() || finQueued && !finSent;
    }

    RoundTripTime roundTrip() {
        return roundTrip;
    }

    Cubic congestion() {
        return congestion;
    }

    Scoreboard board() {
        return board;
    }

    int fullSegment() {
        return fullSegment;
    }

    /** {@code tcp_bound_to_half_wnd}: never more than half of the largest window the peer has shown. */
    int segmentSize() {
        int size = socket.limitedSegment(fullSegment);
        if (largestWindow > 536) {
            return (int) Math.min(size, Math.max(largestWindow >> 1, 48));
        }
        return size;
    }

    // Sending.

    /**
     * Sends what may be sent.
     *
     * @param more whether the program says that more is to follow, so that a partial segment waits
     */
    void push(boolean more) {
        holdPartial = more;
        sendPossible();
        armAfterSending();
    }

    private void sendPossible() {
        long now = now();
        restartAfterIdle(now);
        throttled = false;
        resendLost(now);
        windowLimited = false;
        boolean limitedByCongestion = false;
        int size = segmentSize();
        while (hasUnsent()) {
            if (board.inFlight() - renoDelivered() >= congestion.window()) {
                limitedByCongestion = true;
                break;
            }
            if (backlogFull()) {
                break;
            }
            int length = (int) Math.min(size, data.end() - next);
            boolean last = next + length == data.end();
            boolean fin = last && finQueued;
            if (next + length + (fin ? 1 : 0) > windowEnd()) {
                windowLimited = true;
                break;
            }
            if (length < size && !fin && holdsPartial()) {
                break;
            }
            sendNew(length, fin, last, now);
        }
        noteLimit(limitedByCongestion);
    }

    private int renoDelivered() {
        return sack ? 0 : renoDelivered;
    }

    private long windowEnd() {
        return windowAcknowledgment + window;
    }

    /** Nagle's rule as Minshall changed it: one small segment in flight at a time; a cork holds all of them. */
    private boolean holdsPartial() {
        if (holdPartial || socket.corked()) {
            return true;
        }
        return !socket.noDelay() && !board.isEmpty() && smallSegmentEnd > unacknowledged;
    }

    /**
     * As {@code tcp_small_queue_check}: what waits in the interface cannot be overtaken, and a long queue of one
     * connection is delay for the others. The interface asks for more at the very end of each packet, so that two
     * segments keep it busy, and connections of one host share its rate alike.
     */
    private boolean backlogFull() {
        if (interfaceBacklog < backlogLimit) {
            return false;
        }
        throttled = true;
        return true;
    }

    private void sendNew(int length, boolean fin, boolean last, long now) {
        boolean pushFlag = last && length > 0;
        board.add(next, next + length + (fin ? 1 : 0), now);
        long start = next;
        next += length + (fin ? 1 : 0);
        if (fin) {
            finSent = true;
        }
        if (length < segmentSize()) {
            smallSegmentEnd = next;
        }
        transmit(start, length, fin, pushFlag, now);
        if (recovery == Recovery.RECOVERY) {
            reductionSent++;
        }
        if (length > 0) {
            lastDataSent = now;
        }
    }

    private void transmit(long start, int length, boolean fin, boolean pushFlag, long now) {
        Packet packet = socket.newSegment(
                Packet.ACK | (fin ? Packet.FIN : 0) | (pushFlag ? Packet.PSH : 0), start, length, now);
        data.fill(packet, start, length);
        lastSent = now;
        segmentsSent++;
        bytesSent += length;
        socket.dataSent(now);
        interfaceBacklog += packet.wireBytes();
        socket.emit(packet);
    }

    void transmitted(Packet packet) {
        if (packet.payloadLength > 0 || packet.has(Packet.FIN)) {
            interfaceBacklog = Math.max(0, interfaceBacklog - packet.wireBytes());
        }
        if (throttled) {
            push(holdPartial);
        }
    }

    private void resendLost(long now) {
        while (board.inFlight() - renoDelivered() < congestion.window()) {
            long number = board.nextToResend();
            if (number < 0 || backlogFull()) {
                return;
            }
            resend(number, now);
        }
    }

    private void resend(long number, long now) {
        long start = board.start(number);
        long end = board.end(number);
        boolean fin = finSent && end == next;
        int length = (int) (end - start) - (fin ? 1 : 0);
        if (!anyResent) {
            anyResent = true;
            firstResentTimestamp = socket.timestampNow();
        }
        if (stalledSince < 0) {
            stalledSince = now;
        }
        board.resent(number, now);
        undoResent++;
        totalResent++;
        bytesResent += length;
        if (recovery == Recovery.RECOVERY) {
            reductionSent++;
        }
        transmit(start, length, fin, length > 0 && end == next, now);
    }

    /** RFC 5681, section 4.1, as {@code tcp_cwnd_restart}: a window halves for each timeout of silence. */
    private void restartAfterIdle(long now) {
        if (!board.isEmpty() || lastDataSent < 0 || !hasUnsent()) {
            return;
        }
        long idle = now - lastDataSent;
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

    private void noteLimit(boolean limited) {
        int outstanding = board.outstanding();
        if (unacknowledged >= mostOutstandingUntil || outstanding > mostOutstanding || limited) {
            mostOutstandingUntil = next;
            mostOutstanding = outstanding;
            congestionLimited = limited;
        }
    }

    /** {@code tcp_is_cwnd_limited}: a window that is not used does not grow. */
    private boolean windowIsUsed() {
        if (congestionLimited) {
            return true;
        }
        return congestion.inSlowStart() && congestion.window() < 2 * mostOutstanding;
    }

    // Acknowledgments.

    /**
     * An acceptable segment with ACK has come.
     *
     * @param sequence the offset of its first byte in the peer's sequence space
     * @param acknowledgment the offset it acknowledges, not beyond {@link #next()}
     */
    void acknowledge(Packet packet, long sequence, long acknowledgment) {
        long now = now();
        if (probes > 0) {
            probes = 0;
            stalledSince = -1;
        }
        boolean windowChanged = updateWindow(packet, sequence, acknowledgment);
        boolean advanced = acknowledgment > unacknowledged;
        int acknowledgedSegments = 0;
        board.begin();
        long minimum = roundTrip.minimum();
        if (advanced) {
            bytesAcknowledged += acknowledgment - unacknowledged;
            acknowledgedSegments = board.acknowledge(acknowledgment, now, minimum);
            unacknowledged = acknowledgment;
            data.release(Math.min(acknowledgment, data.end()));
            stalledSince = -1;
        }
        boolean duplicateReported = false;
        if (sack && packet.sackEdges != null) {
            duplicateReported = readSackBlocks(packet.sackEdges, acknowledgment, now, minimum);
        }
        sampleRoundTrip(packet, advanced, now);
        if (!sack) {
            countDuplicates(packet, advanced, windowChanged, acknowledgedSegments);
        }
        int delivered = sack ? board.delivered() : acknowledgedSegments;
        segmentsDelivered += delivered;
        judgeLossProbe(acknowledgment, advanced, duplicateReported);
        recover(packet, advanced, delivered, now);
        if (advanced) {
            socket.roomMade();
        }
        sendPossible();
        armAfterAcknowledgment(advanced, now);
    }

    private boolean updateWindow(Packet packet, long sequence, long acknowledgment) {
        long offered = (long) packet.window << scale;
        if (acknowledgment > unacknowledged
                || sequence > windowSequence
                || sequence == windowSequence && (offered > window || offered == 0)) {
            if (acknowledgment < unacknowledged) {
                return false;
            }
            boolean changed = offered != window;
            windowSequence = sequence;
            windowAcknowledgment = acknowledgment;
            window = offered;
            largestWindow = Math.max(largestWindow, offered);
            return changed;
        }
        return false;
    }

    private boolean readSackBlocks(int[] edges, long acknowledgment, long now, long minimum) {
        int first = 0;
        boolean duplicate = false;
        long start = socket.sendOffset(edges[0]);
        long end = socket.sendOffset(edges[1]);
        // RFC 2883: a first block below the acknowledgment, or inside the second, reports a duplicate.
        if (start < acknowledgment) {
            duplicate = true;
        } else if (edges.length >= 4) {
            duplicate = socket.sendOffset(edges[2]) <= start && end <= socket.sendOffset(edges[3]);
        }
        if (duplicate) {
            first = 2;
            if (undoPossible && undoResent > 0 && start >= undoStart) {
                undoResent--;
            }
            reorderingSteps = Math.min(255, reorderingSteps + 1);
        }
        for (int i = first; i + 1 < edges.length; i += 2) {
            start = socket.sendOffset(edges[i]);
            end = socket.sendOffset(edges[i + 1]);
            if (start >= acknowledgment && start < end && end <= next) {
                board.sack(start, end, now, minimum);
            }
        }
        return duplicate;
    }

    private void sampleRoundTrip(Packet packet, boolean advanced, long now) {
        long first = board.firstAckedSent();
        if (first >= 0) {
            roundTrip.sample(now - first, now);
            congestion.roundTrip(now - board.lastAckedSent(), roundTrip.minimum(), unacknowledged, next);
            backoff = 0;
        } else if (advanced && timestamps && packet.timestamps && packet.timestampEcho != 0) {
            long milliseconds = Math.max(1, socket.timestampNow() - packet.timestampEcho);
            roundTrip.sample(milliseconds * TcpTimes.MILLISECOND, now);
            backoff = 0;
        }
    }

    private void countDuplicates(Packet packet, boolean advanced, boolean windowChanged, int acknowledgedSegments) {
        if (advanced) {
            duplicates = 0;
            renoDelivered = Math.max(0, renoDelivered - Math.max(0, acknowledgedSegments - 1));
            if (recovery != Recovery.RECOVERY) {
                renoDelivered = 0;
            }
        } else if (packet.payloadLength == 0 && !windowChanged && !packet.has(Packet.FIN) && !board.isEmpty()) {
            duplicates++;
            renoDelivered = Math.min(renoDelivered + 1, Math.max(0, board.outstanding() - 1));
        }
    }

    private long reorderingWindow() {
        if (!board.reorderingSeen() && (recovery != Recovery.OPEN || board.sackedOut() >= DUPLICATE_THRESHOLD)) {
            return 0;
        }
        long minimum = roundTrip.minimum();
        if (minimum == Long.MAX_VALUE) {
            return 0;
        }
        return Math.min((minimum >> 2) * reorderingSteps, roundTrip.smoothed());
    }

    private void recover(Packet packet, boolean advanced, int delivered, long now) {
        if (recovery != Recovery.OPEN) {
            if (advanced && undoPossible && wasDelay(packet)) {
                undo();
            } else if (unacknowledged >= recoveryEnd) {
                leaveRecovery();
            }
        }
        int lostBefore = board.lostOut();
        detectLoss(advanced, now);
        if (recovery == Recovery.OPEN && board.lostOut() > 0) {
            enterRecovery();
        }
        if (recovery == Recovery.RECOVERY) {
            reduceProportionally(delivered, advanced && board.lostOut() <= lostBefore);
        } else if (advanced && delivered > 0 && windowIsUsed()) {
            congestion.acknowledged(delivered, now, roundTrip.minimum());
            if (!socket.sendBufferFixed()) {
                socket.growSendBuffer(2L * congestion.window() * (segmentSize() + 256L));
            }
        }
    }

    private void detectLoss(boolean advanced, long now) {
        if (sack) {
            long again = board.detectLoss(reorderingWindow(), now);
            if (again > 0) {
                pending = Pending.REORDERING;
                timer.armAt(now + again);
            }
            return;
        }
        if (recovery == Recovery.OPEN && duplicates >= DUPLICATE_THRESHOLD
                || recovery == Recovery.RECOVERY && advanced) {
            board.markHeadLost();
        }
    }

    /** Whether the segments that were sent again had only been late: their echo is older than the first resending. */
    private boolean wasDelay(Packet packet) {
        if (undoResent == 0 && anyResent) {
            return true;
        }
        return timestamps
                && packet.timestamps
                && anyResent
                && packet.timestampEcho != 0
                && packet.timestampEcho - firstResentTimestamp < 0;
    }

    private void undo() {
        congestion.window(Math.max(congestion.window(), undoWindow));
        congestion.threshold(Math.max(congestion.threshold(), undoThreshold));
        board.forgiveLosses();
        recovery = Recovery.OPEN;
        undoPossible = false;
        anyResent = false;
        duplicates = 0;
    }

    private void leaveRecovery() {
        if (recovery == Recovery.RECOVERY) {
            congestion.window(congestion.threshold());
        }
        recovery = Recovery.OPEN;
        undoPossible = false;
        anyResent = false;
        duplicates = 0;
        renoDelivered = 0;
    }

    private void rememberForUndo() {
        undoPossible = true;
        undoWindow = congestion.window();
        undoThreshold = congestion.threshold();
        undoStart = unacknowledged;
        undoResent = 0;
        anyResent = false;
    }

    private void enterRecovery() {
        rememberForUndo();
        reductionWindow = Math.max(1, congestion.window());
        reductionDelivered = 0;
        reductionSent = 0;
        congestion.reduce();
        recovery = Recovery.RECOVERY;
        recoveryEnd = next;
        probeOutstanding = false;
    }

    /** Proportional Rate Reduction, RFC 6937. */
    private void reduceProportionally(int delivered, boolean progress) {
        int inFlight = board.inFlight() - renoDelivered();
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

    // Timers.

    void timerFired() {
        Pending what = pending;
        pending = Pending.NONE;
        long now = now();
        switch (what) {
            case NONE -> {
                // Disarmed since.
            }
            case RETRANSMISSION -> retransmissionTimeout(now);
            case LOSS_PROBE -> sendLossProbe(now);
            case REORDERING -> {
                detectLoss(false, now);
                if (recovery == Recovery.OPEN && board.lostOut() > 0) {
                    enterRecovery();
                    reduceProportionally(0, false);
                }
                sendPossible();
                armAfterSending();
            }
            case WINDOW_PROBE -> probeWindow(now);
        }
    }

    private void arm(Pending what, long nanos) {
        pending = what;
        timer.armAt(now() + nanos);
    }

    private void armAfterSending() {
        if (!board.isEmpty()) {
            if (pending == Pending.REORDERING) {
                return;
            }
            if (canProbeLoss()) {
                armLossProbe();
            } else if (pending != Pending.RETRANSMISSION) {
                arm(Pending.RETRANSMISSION, roundTrip.timeout(backoff));
            }
        } else if (hasUnsent() && !throttled) {
            if (pending != Pending.WINDOW_PROBE) {
                arm(Pending.WINDOW_PROBE, probeInterval());
            }
        } else {
            pending = Pending.NONE;
            timer.disarm();
        }
    }

    private void armAfterAcknowledgment(boolean advanced, long now) {
        if (board.isEmpty()) {
            armAfterSending();
        } else if (pending == Pending.REORDERING) {
            return;
        } else if (canProbeLoss()) {
            armLossProbe();
        } else if (advanced || pending != Pending.RETRANSMISSION) {
            long timeout = roundTrip.timeout(backoff);
            long due = advanced ? timeout : Math.max(1, board.headSent() + timeout - now);
            arm(Pending.RETRANSMISSION, due);
        }
    }

    private boolean canProbeLoss() {
        return sack
                && recovery == Recovery.OPEN
                && board.sackedOut() == 0
                && !probeOutstanding
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

    private void sendLossProbe(long now) {
        if (board.isEmpty()) {
            return;
        }
        int length = (int) Math.min(segmentSize(), data.end() - Math.min(next, data.end()));
        boolean fin = finQueued && !finSent && next + length == data.end();
        if (hasUnsent() && next + length + (fin ? 1 : 0) <= windowEnd()) {
            probeWasResent = false;
            sendNew(length, fin, next + length == data.end(), now);
        } else if (!board.lastIsSacked()) {
            probeWasResent = true;
            resend(board.lastNumber(), now);
        }
        probeOutstanding = true;
        probeEnd = next;
        arm(Pending.RETRANSMISSION, roundTrip.timeout(backoff));
    }

    /** RFC 8985, section 7.4.2: a probe that repaired a loss must cost what a loss costs. */
    private void judgeLossProbe(long acknowledgment, boolean advanced, boolean duplicateReported) {
        if (!probeOutstanding || acknowledgment < probeEnd) {
            return;
        }
        if (!probeWasResent || duplicateReported) {
            probeOutstanding = false;
        } else if (acknowledgment > probeEnd) {
            probeOutstanding = false;
            congestion.reduce();
            congestion.window(congestion.threshold());
        } else if (!advanced) {
            probeOutstanding = false;
        }
    }

    private boolean gaveUp(long since, int retries, long now) {
        long limit = socket.userTimeoutNanos();
        if (limit == 0) {
            limit = TcpTimes.modelTimeout(socket.orphaned() ? TcpTimes.ORPHAN_RETRIES : retries);
        }
        return since >= 0 && now - since >= limit;
    }

    private void retransmissionTimeout(long now) {
        if (board.isEmpty()) {
            return;
        }
        if (gaveUp(stalledSince, TcpTimes.DATA_RETRIES, now)) {
            socket.fail(Errno.ETIMEDOUT);
            return;
        }
        if (recovery != Recovery.LOSS || unacknowledged >= recoveryEnd) {
            boolean first = recovery == Recovery.OPEN;
            if (first) {
                rememberForUndo();
            }
            if (first || recovery == Recovery.RECOVERY) {
                congestion.reduce();
            }
        }
        recovery = Recovery.LOSS;
        recoveryEnd = next;
        probeOutstanding = false;
        duplicates = 0;
        renoDelivered = 0;
        board.markAllLost();
        congestion.window(1);
        backoff++;
        long number = board.nextToResend();
        if (number >= 0) {
            resend(number, now);
        }
        arm(Pending.RETRANSMISSION, roundTrip.timeout(backoff));
    }

    private long probeInterval() {
        return Math.max(TcpTimes.MINIMUM_TIMEOUT, roundTrip.timeout(probes));
    }

    /** The window is too small for what waits and nothing is in flight: {@code tcp_write_wakeup} and its timer. */
    private void probeWindow(long now) {
        if (!board.isEmpty() || !hasUnsent()) {
            return;
        }
        if (probes == 0) {
            stalledSince = now;
        }
        if (gaveUp(probes == 0 ? -1 : stalledSince, TcpTimes.DATA_RETRIES, now)) {
            socket.fail(Errno.ETIMEDOUT);
            return;
        }
        long room = windowEnd() - next;
        int length = (int) Math.min(Math.min(segmentSize(), data.end() - next), room);
        if (length > 0) {
            boolean last = next + length == data.end();
            sendNew(length, last && finQueued && room > length, last, now);
            arm(Pending.RETRANSMISSION, roundTrip.timeout(0));
            return;
        }
        if (room > 0 && finQueued && !finSent && next == data.end()) {
            sendNew(0, true, true, now);
            arm(Pending.RETRANSMISSION, roundTrip.timeout(0));
            return;
        }
        probes++;
        socket.emit(socket.newSegment(Packet.ACK, unacknowledged - 1, 0, now));
        arm(Pending.WINDOW_PROBE, probeInterval());
    }

    // What TCP_INFO shows.

    long bytesSent() {
        return bytesSent;
    }

    long bytesResent() {
        return bytesResent;
    }

    long bytesAcknowledged() {
        return bytesAcknowledged;
    }

    long segmentsSent() {
        return segmentsSent;
    }

    long segmentsDelivered() {
        return segmentsDelivered;
    }

    long totalResent() {
        return totalResent;
    }

    int backoff() {
        return backoff;
    }

    int probes() {
        return probes;
    }

    long lastDataSent() {
        return lastDataSent;
    }

    long window() {
        return window;
    }

    int scale() {
        return scale;
    }

    boolean sack() {
        return sack;
    }

    boolean timestamps() {
        return timestamps;
    }

    /** {@code tcp_ca_state}: 0 open, 3 recovery, 4 loss. */
    int recoveryNumber() {
        return switch (recovery) {
            case OPEN -> 0;
            case RECOVERY -> 3;
            case LOSS -> 4;
        };
    }

    long recoveryDeadlineNanos() {
        return roundTrip.timeout(backoff);
    }
}
