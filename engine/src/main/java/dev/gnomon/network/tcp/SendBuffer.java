package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/**
 * The bytes a program has sent that are not acknowledged, in chunks.
 *
 * <p>Each byte is copied once, into a chunk; segments refer to it there, also after it has been released here. Nothing
 * in a chunk is ever overwritten. A segment across the edge of two chunks is copied, about one in forty.
 */
final class SendBuffer {
    private static final int SMALLEST_CHUNK = 2048;
    private static final int LARGEST_CHUNK = 65_536;

    private byte[][] chunks = new byte[4][];
    private long[] starts = new long[4];
    private int head;
    private int count;
    private int hint;

    private long start;
    private long end;

    /** Starts empty, the first byte to come at this offset. */
    SendBuffer(long offset) {
        start = offset;
        end = offset;
    }

    long end() {
        return end;
    }

    /** Bytes held. */
    int length() {
        return (int) (end - start);
    }

    void append(byte[] bytes, int offset, int length) {
        int left = length;
        int from = offset;
        while (left > 0) {
            int used = 0;
            byte[] tail = null;
            if (count > 0) {
                int last = slot(count - 1);
                tail = chunks[last];
                used = (int) (end - starts[last]);
            }
            if (tail == null || used == tail.length) {
                int previous = tail == null ? 0 : tail.length;
                int size = Math.min(LARGEST_CHUNK, Math.max(Math.max(SMALLEST_CHUNK, previous * 2), left));
                tail = new byte[size];
                used = 0;
                addChunk(tail);
            }
            int copied = Math.min(left, tail.length - used);
            System.arraycopy(bytes, from, tail, used, copied);
            from += copied;
            left -= copied;
            end += copied;
        }
    }

    /** Makes a range the packet's payload. */
    void fill(Packet packet, long offset, int length) {
        packet.payloadLength = length;
        if (length == 0) {
            return;
        }
        int index = find(offset);
        int slot = slot(index);
        int at = (int) (offset - starts[slot]);
        byte[] chunk = chunks[slot];
        if (at + length <= chunk.length) {
            packet.payload = chunk;
            packet.payloadOffset = at;
            return;
        }
        byte[] joined = new byte[length];
        int filled = 0;
        while (filled < length) {
            slot = slot(index++);
            chunk = chunks[slot];
            int part = Math.min(length - filled, chunk.length - at);
            System.arraycopy(chunk, at, joined, filled, part);
            filled += part;
            at = 0;
        }
        packet.payload = joined;
        packet.payloadOffset = 0;
    }

    /** Forgets what lies before an offset. */
    void release(long offset) {
        start = Math.min(offset, end);
        while (count > 1 && starts[slot(1)] <= start) {
            chunks[head] = null;
            head = head + 1 & chunks.length - 1;
            count--;
            if (hint > 0) {
                hint--;
            }
        }
        if (count == 1 && start == end && starts[head] + chunks[head].length == end) {
            chunks[head] = null;
            count = 0;
            hint = 0;
        }
    }

    private int slot(int index) {
        return head + index & chunks.length - 1;
    }

    private boolean inside(int index, long offset) {
        int slot = slot(index);
        return starts[slot] <= offset && offset < starts[slot] + chunks[slot].length;
    }

    private int find(long offset) {
        if (hint < count && inside(hint, offset)) {
            return hint;
        }
        if (hint + 1 < count && inside(hint + 1, offset)) {
            return ++hint;
        }
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (starts[slot(middle)] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        hint = low;
        return low;
    }

    private void addChunk(byte[] chunk) {
        if (count == chunks.length) {
            byte[][] moreChunks = new byte[count * 2][];
            long[] moreStarts = new long[count * 2];
            for (int i = 0; i < count; i++) {
                moreChunks[i] = chunks[slot(i)];
                moreStarts[i] = starts[slot(i)];
            }
            chunks = moreChunks;
            starts = moreStarts;
            head = 0;
        }
        int slot = slot(count++);
        chunks[slot] = chunk;
        starts[slot] = end;
    }
}
