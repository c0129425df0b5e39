package dev.gnomon.network.tcp;

/**
 * The segments in flight: which were sacked, lost, sent again, and when each was sent last. Loss is found by RACK (RFC
 * 8985): a segment is lost when one sent later has been delivered and a reordering window has passed.
 *
 * <p>Segments are numbered from the start of the connection. First transmissions are in order of time by nature; of
 * retransmissions a queue in order of time is kept. So each is judged once, however many acknowledgments come.
 */
final class Scoreboard {
    private static final byte SACKED = 1;
    private static final byte LOST = 2;
    /** Sent again, and that copy is counted as in flight. */
    private static final byte RESENT = 4;

    private static final byte EVER_RESENT = 8;

    private static final int CACHED_BLOCKS = 4;

    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private long[] sent = new long[16];
    private byte[] flags = new byte[16];
    private long head;
    private long tail;
    private int sackedOut;
    private int lostOut;
    private int resentOut;
    private long firstUnresent;
    private long firstToResend;
    private long highestSacked;

    private long[] resentNumber = new long[16];
    private long[] resentAt = new long[16];
    private int resentHead;
    private int resentCount;

    private final long[] cachedStart = new long[CACHED_BLOCKS];
    private final long[] cachedEnd = new long[CACHED_BLOCKS];
    private int cachedCount;

    // What the current acknowledgment has shown.
    private int delivered;
    private long firstAckedSent;
    private long lastAckedSent;
    private boolean ackedResent;
    private boolean anyAcked;

    // RACK's state: the most recently sent segment known to be delivered.
    private long rackSent = -1;
    private long rackEnd;
    private long rackRoundTrip;
    private boolean reorderingSeen;

    boolean isEmpty() {
        return head == tail;
    }

    /** Segments sent and not cumulatively acknowledged. */
    int outstanding() {
        return (int) (tail - head);
    }

    int sackedOut() {
        return sackedOut;
    }

    int lostOut() {
        return lostOut;
    }

    int resentOut() {
        return resentOut;
    }

    /** {@code tcp_packets_in_flight}. */
    int inFlight() {
        return outstanding() - sackedOut - lostOut + resentOut;
    }

    boolean reorderingSeen() {
        return reorderingSeen;
    }

    long headSent() {
        return sent[slot(head)];
    }

    private int slot(long number) {
        return (int) number & starts.length - 1;
    }

    /** A new segment has been sent. */
    void add(long start, long end, long now) {
        if (tail - head == starts.length) {
            grow();
        }
        int slot = slot(tail++);
        starts[slot] = start;
        ends[slot] = end;
        sent[slot] = now;
        flags[slot] = 0;
    }

    // Acknowledgments. begin(), then acknowledge() and sack(), then the answers.

    void begin() {
        delivered = 0;
        anyAcked = false;
        ackedResent = false;
    }

    /** Everything before the offset has arrived. */
    int acknowledge(long offset, long now, long minimumRoundTrip) {
        int acknowledged = 0;
        while (head < tail) {
            int slot = slot(head);
            if (ends[slot] > offset) {
                starts[slot] = Math.max(starts[slot], offset);
                break;
            }
            byte flag = flags[slot];
            if ((flag & SACKED) != 0) {
                sackedOut--;
            } else {
                forgetLoss(slot, flag);
                arrived(slot, flag, now, minimumRoundTrip);
            }
            acknowledged++;
            head++;
        }
        if (firstUnresent < head) {
            firstUnresent = head;
        }
        if (firstToResend < head) {
            firstToResend = head;
        }
        return acknowledged;
    }

    private void forgetLoss(int slot, byte flag) {
        if ((flag & LOST) != 0) {
            lostOut--;
        }
        if ((flag & RESENT) != 0) {
            resentOut--;
        }
    }

    private void arrived(int slot, byte flag, long now, long minimumRoundTrip) {
        delivered++;
        boolean resent = (flag & EVER_RESENT) != 0;
        if (resent) {
            ackedResent = true;
        } else {
            if (ends[slot] <= highestSacked) {
                reorderingSeen = true;
            }
            if (!anyAcked) {
                anyAcked = true;
                firstAckedSent = sent[slot];
            }
            lastAckedSent = sent[slot];
        }
        long roundTrip = now - sent[slot];
        // Faster than the path allows: it is the first copy that was acknowledged.
        if (resent && roundTrip < minimumRoundTrip) {
            return;
        }
        if (sent[slot] > rackSent || sent[slot] == rackSent && ends[slot] > rackEnd) {
            rackSent = sent[slot];
            rackEnd = ends[slot];
            rackRoundTrip = roundTrip;
        }
    }

    /** A block the peer holds ahead of a gap. */
    void sack(long start, long end, long now, long minimumRoundTrip) {
        long from = start;
        for (int i = 0; i < cachedCount; i++) {
            if (cachedStart[i] <= from && from < cachedEnd[i]) {
                from = cachedEnd[i];
            }
        }
        if (from >= end) {
            return;
        }
        long number = search(from);
        // A segment may begin in what was reported before and end in what is new.
        for (number = Math.max(head, number - 1); number < tail; number++) {
            int slot = slot(number);
            if (ends[slot] > end) {
                break;
            }
            byte flag = flags[slot];
            if ((flag & SACKED) == 0 && starts[slot] >= start) {
                forgetLoss(slot, flag);
                flags[slot] = (byte) (flag & EVER_RESENT | SACKED);
                sackedOut++;
                arrived(slot, flag, now, minimumRoundTrip);
                highestSacked = Math.max(highestSacked, ends[slot]);
            }
        }
        remember(start, end);
    }

    /** Caches a block in place of those it contains; a block that only touches another stays apart from it. */
    private void remember(long start, long end) {
        int kept = 0;
        for (int i = 0; i < cachedCount; i++) {
            if (cachedStart[i] < start || cachedEnd[i] > end) {
                cachedStart[kept] = cachedStart[i];
                cachedEnd[kept++] = cachedEnd[i];
            }
        }
        if (kept == CACHED_BLOCKS) {
            kept--;
            System.arraycopy(cachedStart, 1, cachedStart, 0, kept);
            System.arraycopy(cachedEnd, 1, cachedEnd, 0, kept);
        }
        cachedStart[kept] = start;
        cachedEnd[kept] = end;
        cachedCount = kept + 1;
    }

    /** The first segment that starts at an offset or later. */
    private long search(long offset) {
        long low = head;
        long high = tail;
        while (low < high) {
            long middle = low + high >>> 1;
            if (starts[slot(middle)] < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Segments that this acknowledgment has newly shown to have arrived. */
    int delivered() {
        return delivered;
    }

    /** When the oldest newly delivered segment that was sent only once was sent, or -1. */
    long firstAckedSent() {
        return anyAcked && !ackedResent ? firstAckedSent : -1;
    }

    /** The same of the newest. */
    long lastAckedSent() {
        return anyAcked && !ackedResent ? lastAckedSent : -1;
    }

    // Loss.

    /**
     * Marks as lost what RACK says.
     *
     * @param window the reordering window in nanoseconds
     * @return nanoseconds until more may have to be marked, or 0
     */
    long detectLoss(long window, long now) {
        if (rackSent < 0) {
            return 0;
        }
        long again = 0;
        while (firstUnresent < tail) {
            int slot = slot(firstUnresent);
            if ((flags[slot] & (SACKED | LOST | EVER_RESENT)) == 0) {
                if (!sentBeforeDelivered(slot)) {
                    break;
                }
                long remaining = sent[slot] + rackRoundTrip + window - now;
                if (remaining > 0) {
                    again = remaining;
                    break;
                }
                markLost(firstUnresent);
            }
            firstUnresent++;
        }
        while (resentCount > 0) {
            long number = resentNumber[resentHead];
            int slot = slot(number);
            boolean current = number >= head && sent[slot] == resentAt[resentHead] && (flags[slot] & RESENT) != 0;
            if (current) {
                if (!sentBeforeDelivered(slot)) {
                    break;
                }
                long remaining = sent[slot] + rackRoundTrip + window - now;
                if (remaining > 0) {
                    again = again == 0 ? remaining : Math.min(again, remaining);
                    break;
                }
                flags[slot] &= ~RESENT;
                resentOut--;
                markLost(number);
            }
            resentHead = resentHead + 1 & resentNumber.length - 1;
            resentCount--;
        }
        return again;
    }

    private boolean sentBeforeDelivered(int slot) {
        return sent[slot] < rackSent || sent[slot] == rackSent && ends[slot] < rackEnd;
    }

    private void markLost(long number) {
        int slot = slot(number);
        if ((flags[slot] & LOST) == 0) {
            flags[slot] |= LOST;
            lostOut++;
        }
        firstToResend = Math.min(firstToResend, number);
    }

    /** Marks the oldest segment lost, where there is no SACK to say more (RFC 6582). */
    void markHeadLost() {
        if (head < tail && (flags[slot(head)] & (SACKED | LOST)) == 0) {
            markLost(head);
        }
    }

    /** After a timeout everything that was not sacked is lost. */
    void markAllLost() {
        if (head < tail && (flags[slot(head)] & SACKED) != 0) {
            // The peer has dropped what it had sacked (RFC 2018, section 8).
            forgetSacks();
        }
        for (long number = head; number < tail; number++) {
            int slot = slot(number);
            if ((flags[slot] & SACKED) == 0) {
                if ((flags[slot] & LOST) == 0) {
                    lostOut++;
                }
                flags[slot] = (byte) (flags[slot] & EVER_RESENT | LOST);
            }
        }
        resentOut = 0;
        resentCount = 0;
        firstToResend = head;
        firstUnresent = tail;
    }

    private void forgetSacks() {
        for (long number = head; number < tail; number++) {
            flags[slot(number)] &= ~SACKED;
        }
        sackedOut = 0;
        cachedCount = 0;
        highestSacked = 0;
    }

    /** Nothing is lost after all: what was taken for loss was delay. */
    void forgiveLosses() {
        for (long number = head; number < tail; number++) {
            flags[slot(number)] &= ~LOST;
        }
        lostOut = 0;
        firstToResend = tail;
        // Some of these were never sent again and are to be judged anew.
        firstUnresent = head;
    }

    /** The next lost segment that has not been sent again, or -1. */
    long nextToResend() {
        while (firstToResend < tail) {
            if ((flags[slot(firstToResend)] & (LOST | RESENT)) == LOST) {
                return firstToResend;
            }
            firstToResend++;
        }
        return -1;
    }

    long lastNumber() {
        return tail - 1;
    }

    boolean lastIsSacked() {
        return (flags[slot(tail - 1)] & SACKED) != 0;
    }

    long start(long number) {
        return starts[slot(number)];
    }

    long end(long number) {
        return ends[slot(number)];
    }

    /** A segment was sent again. */
    void resent(long number, long now) {
        int slot = slot(number);
        sent[slot] = now;
        if ((flags[slot] & RESENT) == 0) {
            resentOut++;
        }
        flags[slot] |= RESENT | EVER_RESENT;
        if (resentCount == resentNumber.length) {
            growResent();
        }
        int at = resentHead + resentCount++ & resentNumber.length - 1;
        resentNumber[at] = number;
        resentAt[at] = now;
    }

    private void growResent() {
        int size = resentNumber.length;
        long[] numbers = new long[size * 2];
        long[] times = new long[size * 2];
        for (int i = 0; i < resentCount; i++) {
            numbers[i] = resentNumber[resentHead + i & size - 1];
            times[i] = resentAt[resentHead + i & size - 1];
        }
        resentNumber = numbers;
        resentAt = times;
        resentHead = 0;
    }

    private void grow() {
        int size = starts.length;
        long[] oldStarts = starts;
        long[] oldEnds = ends;
        long[] oldSent = sent;
        byte[] oldFlags = flags;
        starts = new long[size * 2];
        ends = new long[size * 2];
        sent = new long[size * 2];
        flags = new byte[size * 2];
        for (long number = head; number < tail; number++) {
            int from = (int) number & size - 1;
            int to = slot(number);
            starts[to] = oldStarts[from];
            ends[to] = oldEnds[from];
            sent[to] = oldSent[from];
            flags[to] = oldFlags[from];
        }
    }
}
