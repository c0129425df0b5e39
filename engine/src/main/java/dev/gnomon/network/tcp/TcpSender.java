package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/** The sending half of a connection: what may be sent when, and what acknowledgments say of it. */
final class TcpSender {
    private static final int SMALLEST_SEGMENT = 48;

    private final TcpConnection connection;
    private final TcpSocket socket;
    private final SendBuffer data = new SendBuffer(1);
    private final Scoreboard board = new Scoreboard();
    private final Cubic congestion = new Cubic();
    private final RoundTripTime roundTrip = new RoundTripTime();
    private final CongestionWindowValidation validation = new CongestionWindowValidation(congestion, roundTrip);
    private final SenderCounters counters = new SenderCounters();
    private final SendWindow window;
    private final SmallQueue queue;
    private final LossRecovery recovery;
    private final RetransmissionTimer timer;

    private final boolean sack;
    private final int fullSegment;

    /** Offsets: the oldest not acknowledged, and the next to send. The SYN has been acknowledged. */
    private long unacknowledged = 1;

    private long next = 1;
    private boolean finQueued;
    private boolean finSent;
    private long smallSegmentEnd;
    private boolean holdPartial;

    private long lastDataSent = -1;

    /**
     * @param sack whether both sides may use selective acknowledgments
     * @param scale how far the peer's windows are shifted
     * @param fullSegment the most bytes of data in a segment, options already taken off
     * @param loopback whether segments go by {@code lo}, which takes no time
     */
    TcpSender(TcpConnection connection, boolean sack, int scale, int fullSegment, boolean loopback) {
        this.connection = connection;
        this.socket = connection.socket();
        this.sack = sack;
        this.window = new SendWindow(scale);
        this.fullSegment = fullSegment;
        this.queue = new SmallQueue(fullSegment, loopback);
        this.recovery = new LossRecovery(this, connection.timestamps(), sack);
        this.timer = new RetransmissionTimer(connection, this, sack);
    }

    /** The window that came with the peer's SYN, not scaled by RFC 7323. */
    void start(long initialWindow, long sequence, long synRoundTripNanos) {
        window.start(initialWindow, sequence, unacknowledged);
        if (synRoundTripNanos >= 0) {
            roundTrip.sample(synRoundTripNanos, connection.nowNanos());
        }
    }

    // What others ask and tell.

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

    boolean hasUnsent() {
        return next < data.end() || finQueued && !finSent;
    }

    /** Whether the interface's queue holds back what could be sent. */
    boolean throttled() {
        return queue.heldBack();
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

    LossRecovery recovery() {
        return recovery;
    }

    RetransmissionTimer timer() {
        return timer;
    }

    SendWindow window() {
        return window;
    }

    SenderCounters counters() {
        return counters;
    }

    boolean sack() {
        return sack;
    }

    /** When data was sent last; negative where none was. */
    long lastDataSent() {
        return lastDataSent;
    }

    int fullSegment() {
        return fullSegment;
    }

    /** {@code tcp_bound_to_half_wnd}: never more than half of the largest window the peer has shown. */
    int segmentSize() {
        int size = socket.options().limitedSegment(fullSegment);
        if (window.largest() > TcpConnection.DEFAULT_SEGMENT) {
            return (int) Math.min(size, Math.max(window.largest() >> 1, SMALLEST_SEGMENT));
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
        timer.armAfterSending();
    }

    void sendPossible() {
        long now = connection.nowNanos();
        if (board.isEmpty() && lastDataSent >= 0 && hasUnsent()) {
            validation.restartAfter(now - lastDataSent, now);
        }
        queue.startAgain();
        resendLost(now);
        boolean limitedByCongestion = false;
        int size = segmentSize();
        while (hasUnsent()) {
            if (recovery.inFlight() >= congestion.window()) {
                limitedByCongestion = true;
                break;
            }
            if (queue.holdsBack()) {
                break;
            }
            int length = (int) Math.min(size, data.end() - next);
            boolean last = next + length == data.end();
            boolean fin = last && finQueued;
            if (next + length + (fin ? 1 : 0) > window.end()) {
                break;
            }
            if (length < size && !fin && holdsPartial()) {
                break;
            }
            sendNew(length, fin, last, now);
        }
        validation.sent(board.outstanding(), unacknowledged, next, limitedByCongestion);
    }

    /** Nagle's rule as Minshall changed it: one small segment in flight at a time; a cork holds all of them. */
    private boolean holdsPartial() {
        if (holdPartial || socket.options().cork()) {
            return true;
        }
        return !socket.options().noDelay() && !board.isEmpty() && smallSegmentEnd > unacknowledged;
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
        recovery.sent();
        if (length > 0) {
            lastDataSent = now;
        }
    }

    private void transmit(long start, int length, boolean fin, boolean pushFlag, long now) {
        Packet packet = connection.newSegment(
                Packet.ACK | (fin ? Packet.FIN : 0) | (pushFlag ? Packet.PSH : 0), start, length, now);
        data.fill(packet, start, length);
        counters.segmentsSent++;
        counters.bytesSent += length;
        connection.receiver().dataSent(now);
        queue.add(packet);
        connection.emit(packet);
    }

    /** A packet has left the interface. */
    void transmitted(Packet packet) {
        queue.remove(packet);
        if (queue.heldBack()) {
            push(holdPartial);
        }
    }

    private void resendLost(long now) {
        while (recovery.inFlight() < congestion.window()) {
            long number = board.nextToResend();
            if (number < 0 || queue.holdsBack()) {
                return;
            }
            resend(number, now);
        }
    }

    /** Sends a segment again, by its number in the scoreboard. */
    void resend(long number, long now) {
        long start = board.start(number);
        long end = board.end(number);
        boolean fin = finSent && end == next;
        int length = (int) (end - start) - (fin ? 1 : 0);
        timer.resending(now);
        recovery.resending(now);
        board.resent(number, now);
        counters.segmentsResent++;
        counters.bytesResent += length;
        transmit(start, length, fin, length > 0 && end == next, now);
    }

    // What the timer sends.

    /** Sends the next new segment whatever the congestion window. Answers whether there was one that the peer takes. */
    boolean sendProbeSegment(long now) {
        int length = (int) Math.min(segmentSize(), data.end() - Math.min(next, data.end()));
        boolean last = next + length == data.end();
        boolean fin = finQueued && !finSent && last;
        if (!hasUnsent() || next + length + (fin ? 1 : 0) > window.end()) {
            return false;
        }
        sendNew(length, fin, last, now);
        return true;
    }

    /** Sends as much of what waits as the window takes. Answers whether that was anything. */
    boolean sendIntoSmallWindow(long now) {
        long room = window.end() - next;
        int length = (int) Math.min(Math.min(segmentSize(), data.end() - next), room);
        if (length > 0) {
            boolean last = next + length == data.end();
            sendNew(length, last && finQueued && room > length, last, now);
            return true;
        }
        if (room > 0 && finQueued && !finSent && next == data.end()) {
            sendNew(0, true, true, now);
            return true;
        }
        return false;
    }

    void timerFired() {
        timer.fired();
    }

    long retransmissionTimeout() {
        return timer.timeout();
    }

    // Acknowledgments.

    /**
     * An acceptable segment with ACK has come.
     *
     * @param sequence the offset of its first byte in the peer's sequence space
     * @param acknowledgment the offset it acknowledges, not beyond {@link #next()}
     */
    void acknowledge(Packet packet, long sequence, long acknowledgment) {
        long now = connection.nowNanos();
        boolean windowChanged = window.update(packet, sequence, acknowledgment, unacknowledged);
        boolean advanced = acknowledgment > unacknowledged;
        timer.heard(advanced);
        int acknowledgedSegments = 0;
        board.begin();
        long minimum = roundTrip.minimum();
        if (advanced) {
            counters.bytesAcknowledged += acknowledgment - unacknowledged;
            acknowledgedSegments = board.acknowledge(acknowledgment, now, minimum);
            unacknowledged = acknowledgment;
            data.release(Math.min(acknowledgment, data.end()));
        }
        boolean duplicateReported = false;
        if (sack && packet.sackEdges != null) {
            duplicateReported = readSackBlocks(packet.sackEdges, acknowledgment, now, minimum);
        }
        sampleRoundTrip(packet, advanced, now);
        if (!sack) {
            recovery.countDuplicates(packet, advanced, windowChanged, acknowledgedSegments);
        }
        int delivered = sack ? board.delivered() : acknowledgedSegments;
        counters.segmentsDelivered += delivered;
        if (timer.probeRepairedLoss(acknowledgment, advanced, duplicateReported)) {
            congestion.reduce();
            congestion.window(congestion.threshold());
        }
        boolean open = recovery.acknowledged(packet, advanced, delivered, now);
        if (open && advanced && delivered > 0 && validation.windowIsUsed()) {
            growWindow(delivered, now);
        }
        if (advanced) {
            socket.roomMade();
        }
        sendPossible();
        timer.armAfterAcknowledgment(advanced, now);
    }

    private void growWindow(int delivered, long now) {
        congestion.acknowledged(delivered, now, roundTrip.minimum());
        if (!socket.sendBufferFixed()) {
            socket.growSendBuffer(2L * congestion.window() * (segmentSize() + 256L));
        }
    }

    private boolean readSackBlocks(int[] edges, long acknowledgment, long now, long minimum) {
        int first = 0;
        boolean duplicate = false;
        long start = connection.sendOffset(edges[0]);
        long end = connection.sendOffset(edges[1]);
        // RFC 2883: a first block below the acknowledgment, or inside the second, reports a duplicate.
        if (start < acknowledgment) {
            duplicate = true;
        } else if (edges.length >= 4) {
            duplicate = connection.sendOffset(edges[2]) <= start && end <= connection.sendOffset(edges[3]);
        }
        if (duplicate) {
            first = 2;
            recovery.duplicateReported(start);
        }
        for (int i = first; i + 1 < edges.length; i += 2) {
            start = connection.sendOffset(edges[i]);
            end = connection.sendOffset(edges[i + 1]);
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
            timer.sampled();
        } else if (advanced && connection.timestamps().inUse()) {
            long sample = connection.timestamps().roundTripNanos(packet, now);
            if (sample >= 0) {
                roundTrip.sample(sample, now);
                timer.sampled();
            }
        }
    }
}
