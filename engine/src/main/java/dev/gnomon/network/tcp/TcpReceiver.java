package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;
import dev.gnomon.network.Timer;

/** The receiving half of a connection: bytes in order, what came early, the window to offer, and when to acknowledge. */
final class TcpReceiver {
    /** {@code tcp_rmem[2]} of Linux 6.16 and later. */
    static final int LARGEST_BUFFER = 32 << 20;

    private static final int SMALLEST_SEGMENT_GUESS = 536;
    private static final int QUICK_ACKNOWLEDGMENTS = 16;

    private final TcpConnection connection;
    private final TcpSocket socket;
    private final Timer timer;
    private final ReceiveBuffer ready = new ReceiveBuffer();
    private final Reassembly early = new Reassembly();
    private final int scale;
    private final boolean sack;
    private final int advertisedSegment;

    /** The next offset expected; the peer's SYN is offset 0. */
    private long next = 1;

    private long lastAcknowledged = 1;
    private long windowEnd;
    private long finOffset = -1;
    private boolean finReached;

    private int segmentGuess;
    private boolean acknowledgmentDue;
    private boolean acknowledgeNow;
    private int quickLeft;
    private boolean quickStarted;
    private boolean conversational;
    private long lastReceived = -1;
    private long duplicateStart = -1;
    private long duplicateEnd;

    private long readOffset = 1;
    private long measureStart = -1;
    private long measuredFrom = 1;
    private long measuredBytes;
    private long roundTrip;

    private long bytesReceived;
    private long segmentsReceived;
    private long dataSegmentsReceived;
    private long earlySegments;

    /**
     * @param scale how far the windows offered are shifted
     * @param initialWindow bytes offered with the SYN
     */
    TcpReceiver(TcpConnection connection, boolean sack, int scale, int advertisedSegment, int initialWindow) {
        this.connection = connection;
        this.socket = connection.socket();
        this.timer = connection.delayTimer();
        this.sack = sack;
        this.scale = scale;
        this.advertisedSegment = advertisedSegment;
        this.windowEnd = next + initialWindow;
        this.segmentGuess = Math.min(advertisedSegment, SMALLEST_SEGMENT_GUESS);
        this.measuredBytes = initialWindow;
    }

    long next() {
        return next;
    }

    long lastAcknowledged() {
        return lastAcknowledged;
    }

    long windowEnd() {
        return windowEnd;
    }

    int readable() {
        return ready.length();
    }

    /** Whether what the window still permits is no more than one segment. */
    boolean windowIsSpent() {
        return windowEnd - next <= segmentGuess;
    }

    boolean finReached() {
        return finReached;
    }

    int scale() {
        return scale;
    }

    // Receiving.

    /** A segment whose sequence numbers were found acceptable. Answers whether the program has something new. */
    boolean arrive(Packet packet, long sequence) {
        long now = connection.nowNanos();
        int length = packet.payloadLength;
        long end = sequence + length;
        if (length > 0) {
            measureSegment(packet, length, now);
        }
        acknowledgmentDue = true;
        if (packet.has(Packet.FIN) && finOffset < 0 && end < windowEnd + 1) {
            finOffset = end;
        }
        if (length == 0) {
            return advance(now);
        }
        if (end <= next) {
            reportDuplicate(sequence, end);
            return advance(now);
        }
        if (sequence < next) {
            reportDuplicate(sequence, next);
        }
        long from = Math.max(sequence, next);
        long until = Math.min(end, windowEnd);
        if (until <= from) {
            acknowledgeNow = true;
            return false;
        }
        int offset = packet.payloadOffset + (int) (from - sequence);
        int kept = (int) (until - from);
        if (from == next) {
            ready.add(packet.payload, offset, kept);
            next = until;
            bytesReceived += kept;
            lastReceived = now;
            if (!early.isEmpty()) {
                long before = next;
                next = early.drain(next, ready);
                bytesReceived += next - before;
                acknowledgeNow = true;
            }
            advance(now);
            return true;
        }
        earlySegments++;
        int added = early.insert(from, packet, offset, kept);
        if (added == 0) {
            reportDuplicate(from, until);
        }
        acknowledgeNow = true;
        return false;
    }

    private boolean advance(long now) {
        if (finOffset == next && !finReached) {
            finReached = true;
            next++;
            acknowledgeNow = true;
            lastReceived = now;
            return true;
        }
        return false;
    }

    private void reportDuplicate(long start, long end) {
        duplicateStart = start;
        duplicateEnd = end;
        acknowledgeNow = true;
        startQuick();
    }

    /** A segment that lies outside the window came: it is reported by D-SACK (RFC 2883). */
    void outside(long start, long end) {
        if (end > start && start < next) {
            duplicateStart = start;
            duplicateEnd = Math.min(end, next);
        }
    }

    private void measureSegment(Packet packet, int length, long now) {
        dataSegmentsReceived++;
        if (length > segmentGuess) {
            segmentGuess = Math.min(length, advertisedSegment);
        }
        if (!quickStarted) {
            quickStarted = true;
            startQuick();
        } else if (lastReceived >= 0 && now - lastReceived > connection.retransmissionTimeout()) {
            startQuick();
        }
        long sample = connection.timestamps().roundTripNanos(packet, now);
        if (sample >= 0) {
            roundTrip = roundTrip == 0 ? sample : roundTrip + (sample - roundTrip) / 8;
        }
    }

    private void startQuick() {
        long half = Math.max(2, (windowEnd - next) / (2L * Math.max(1, segmentGuess)));
        quickLeft = (int) Math.max(quickLeft, Math.min(half, QUICK_ACKNOWLEDGMENTS));
    }

    // Acknowledging.

    /** Acknowledges now or later, as {@code __tcp_ack_snd_check} decides. */
    void checkAcknowledgment() {
        if (!acknowledgmentDue) {
            return;
        }
        // Who waits for more than there is will not read, and so not open the window, until it has come.
        boolean enough = next - lastAcknowledged > segmentGuess
                && (ready.length() < socket.receiveLowWater() || chooseWindow() >= windowEnd - next);
        if (acknowledgeNow || enough || quickLeft > 0 && !conversational || !early.isEmpty()) {
            connection.acknowledge();
        } else if (!timer.armed()) {
            timer.armIn(TcpTimes.DELAYED_ACK);
        }
    }

    void acknowledgeSoon() {
        acknowledgmentDue = true;
        acknowledgeNow = true;
    }

    boolean acknowledgmentDue() {
        return acknowledgmentDue;
    }

    void delayElapsed() {
        if (acknowledgmentDue) {
            conversational = false;
            connection.acknowledge();
        }
    }

    /** The program answers within the delay: a conversation, in which acknowledgments ride on data. */
    void dataSent(long now) {
        if (lastReceived >= 0 && now - lastReceived < TcpTimes.DELAYED_ACK) {
            conversational = true;
        }
    }

    /** TCP_QUICKACK. */
    void quick(boolean on) {
        conversational = !on;
        if (on && acknowledgmentDue) {
            connection.acknowledge();
        }
    }

    boolean quick() {
        return !conversational;
    }

    /**
     * Fills acknowledgment, window and SACK blocks in; the acknowledgment counts as sent.
     *
     * @param spare bytes that options may take beyond timestamps
     */
    void fill(Packet packet, int initialSequence, int spare) {
        long right = next + chooseWindow();
        windowEnd = Math.max(windowEnd, right);
        packet.window = (int) Math.min(0xffff, windowEnd - next >> scale);
        packet.acknowledgment = initialSequence + (int) next;
        packet.flags |= Packet.ACK;
        if (sack && (!early.isEmpty() || duplicateStart >= 0)) {
            fillSack(packet, initialSequence, spare);
        }
        lastAcknowledged = next;
        acknowledgmentDue = false;
        acknowledgeNow = false;
        if (quickLeft > 0) {
            quickLeft--;
        }
        timer.disarm();
    }

    private void fillSack(Packet packet, int initialSequence, int spare) {
        int limit = Math.min(packet.timestamps ? 3 : 4, (spare - 4) / 8);
        if (limit <= 0) {
            return;
        }
        int duplicate = duplicateStart >= 0 ? 1 : 0;
        int blocks = Math.min(limit, early.reportedBlocks() + duplicate);
        int[] edges = new int[blocks * 2];
        if (duplicate == 1) {
            edges[0] = initialSequence + (int) duplicateStart;
            edges[1] = initialSequence + (int) duplicateEnd;
            duplicateStart = -1;
        }
        for (int i = duplicate; i < blocks; i++) {
            edges[2 * i] = initialSequence + (int) early.reportedStart(i - duplicate);
            edges[2 * i + 1] = initialSequence + (int) early.reportedEnd(i - duplicate);
        }
        packet.sackEdges = edges;
    }

    /** Bytes to offer: {@code __tcp_select_window}, without offers too small to be worth a segment. */
    private long chooseWindow() {
        long current = Math.max(0, windowEnd - next);
        long full = socket.receiveBuffer();
        long free = full - ready.length();
        long chosen = 0;
        if (free >= full >> 4 && free >= Math.min(segmentGuess, full)) {
            chosen = free >> scale << scale;
        }
        chosen = Math.min(chosen, 0xffffL << scale);
        // What was offered is never taken back (RFC 9293, section 3.8.6), though the scaled field may not show the
        // rest.
        return Math.max(chosen, current);
    }

    // Reading.

    int peek(int skip, byte[] target, int offset, int length) {
        return ready.peek(skip, target, offset, length);
    }

    int read(byte[] target, int offset, int length, boolean peek) {
        int copied = ready.read(target, offset, length, peek);
        if (!peek && copied > 0) {
            readOffset += copied;
            growBuffer();
            offerRoom();
        }
        return copied;
    }

    /** {@code tcp_cleanup_rbuf}: tells the peer where reading has at least doubled the window. */
    private void offerRoom() {
        if (socket.receiveShutdown()) {
            return;
        }
        long current = Math.max(0, windowEnd - next);
        boolean due = acknowledgmentDue && next - lastAcknowledged > segmentGuess;
        if (!due && 2 * current <= socket.receiveBuffer()) {
            long chosen = chooseWindow();
            due = chosen != 0 && chosen >= 2 * current;
        }
        if (due) {
            connection.acknowledge();
        }
    }

    /** Dynamic right-sizing: {@code tcp_rcv_space_adjust}. Twice what is read in a round trip, and room to grow. */
    private void growBuffer() {
        long now = connection.nowNanos();
        if (measureStart < 0) {
            measureStart = now;
            measuredFrom = readOffset;
            return;
        }
        if (roundTrip == 0 || now - measureStart < roundTrip) {
            return;
        }
        long copied = readOffset - measuredFrom;
        if (copied > measuredBytes) {
            if (!socket.receiveBufferFixed()) {
                long wanted = 2 * copied + 16L * advertisedSegment;
                wanted += 2 * (wanted * (copied - measuredBytes) / measuredBytes);
                socket.growReceiveBuffer((int) Math.min(wanted, LARGEST_BUFFER));
            }
            measuredBytes = copied;
        }
        measureStart = now;
        measuredFrom = readOffset;
    }

    void forgetEarly() {
        early.clear();
    }

    // What TCP_INFO shows.

    int segmentGuess() {
        return segmentGuess;
    }

    long roundTrip() {
        return roundTrip;
    }

    long measuredBytes() {
        return measuredBytes;
    }

    long bytesReceived() {
        return bytesReceived;
    }

    long segmentsReceived() {
        return segmentsReceived;
    }

    long dataSegmentsReceived() {
        return dataSegmentsReceived;
    }

    long earlySegments() {
        return earlySegments;
    }

    long lastReceived() {
        return lastReceived;
    }

    int advertisedSegment() {
        return advertisedSegment;
    }

    void countSegment() {
        segmentsReceived++;
    }
}
