package dev.gnomon.kernel;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.network.Errno;

/**
 * A call's buffer in guest memory: one range, or the ranges of an I/O vector, worked through from front to back.
 * One object serves all calls of a thread.
 */
public final class UserBuffer {
    /** Source: {@code UIO_MAXIOV} in {@code include/uapi/linux/uio.h}. */
    public static final int MAXIMUM_VECTORS = 1024;

    /** The most bytes one call moves: {@code MAX_RW_COUNT} in {@code include/linux/fs.h}. */
    public static final long MAXIMUM_BYTES = 0x7ffff000L;

    private long[] addresses = new long[8];
    private long[] lengths = new long[8];
    private final long[] pair = new long[1];
    private GuestMemory memory;
    private int count;
    private int segment;
    private long segmentOffset;
    private long remaining;
    private long total;

    /** Describes one range. */
    public UserBuffer single(GuestMemory guestMemory, long address, long length) {
        memory = guestMemory;
        count = 1;
        addresses[0] = address;
        lengths[0] = Math.max(0, Math.min(length, MAXIMUM_BYTES));
        total = lengths[0];
        rewind();
        return this;
    }

    /**
     * Describes the ranges of a {@code struct iovec} array.
     *
     * @return 0, {@code -EINVAL} or {@code -EFAULT}
     */
    public int vectors(GuestMemory guestMemory, long vectorAddress, long vectorCount) {
        memory = guestMemory;
        count = 0;
        total = 0;
        if (vectorCount < 0 || vectorCount > MAXIMUM_VECTORS) {
            return -Errno.EINVAL;
        }
        if (vectorCount > addresses.length) {
            addresses = new long[MAXIMUM_VECTORS];
            lengths = new long[MAXIMUM_VECTORS];
        }
        for (int i = 0; i < vectorCount; i++) {
            if (!memory.readLong(vectorAddress + 16L * i, pair)) {
                return -Errno.EFAULT;
            }
            addresses[i] = pair[0];
            if (!memory.readLong(vectorAddress + 16L * i + 8, pair)) {
                return -Errno.EFAULT;
            }
            if (pair[0] < 0) {
                return -Errno.EINVAL;
            }
            lengths[i] = Math.min(pair[0], MAXIMUM_BYTES - total);
            total += lengths[i];
        }
        count = (int) vectorCount;
        rewind();
        return 0;
    }

    /** Goes back to the first byte. */
    public void rewind() {
        segment = 0;
        segmentOffset = 0;
        remaining = total;
    }

    /** Moves on by {@code bytes}, at most to the end, without touching the guest's memory. */
    public void skip(long bytes) {
        long left = Math.min(bytes, remaining);
        while (left > 0) {
            long step = Math.min(left, lengths[segment] - segmentOffset);
            segmentOffset += step;
            remaining -= step;
            left -= step;
            if (segmentOffset == lengths[segment] && remaining > 0) {
                segment++;
                segmentOffset = 0;
            }
        }
    }

    /** Goes to the place where {@code bytes} have been moved: back to what was taken and not used. */
    public void moveTo(long bytes) {
        rewind();
        skip(bytes);
    }

    /** All bytes of all ranges. */
    public long total() {
        return total;
    }

    /** Bytes not yet moved. */
    public long remaining() {
        return remaining;
    }

    /** Bytes moved so far. */
    public long moved() {
        return total - remaining;
    }

    /**
     * Writes bytes to the guest and moves on.
     *
     * @return how many fitted; {@code -EFAULT} where nothing could be written
     */
    public int put(byte[] source, int offset, int length) {
        return move(source, offset, length, true);
    }

    /**
     * Reads bytes from the guest and moves on.
     *
     * @return how many there were; {@code -EFAULT} where nothing could be read
     */
    public int get(byte[] destination, int offset, int length) {
        return move(destination, offset, length, false);
    }

    private int move(byte[] bytes, int offset, int length, boolean toGuest) {
        int done = 0;
        while (done < length && remaining > 0) {
            long left = lengths[segment] - segmentOffset;
            if (left == 0) {
                segment++;
                segmentOffset = 0;
                continue;
            }
            int chunk = (int) Math.min(left, length - done);
            long address = addresses[segment] + segmentOffset;
            boolean moved = toGuest
                    ? memory.write(address, bytes, offset + done, chunk)
                    : memory.read(address, bytes, offset + done, chunk);
            if (!moved) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            segmentOffset += chunk;
            remaining -= chunk;
            done += chunk;
        }
        return done;
    }
}
