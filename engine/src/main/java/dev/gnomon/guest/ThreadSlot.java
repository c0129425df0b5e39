package dev.gnomon.guest;

import java.nio.ByteBuffer;

/**
 * A view of one thread slot, opened once for a thread's life. What the guest writes is read as it stands: who reads checks
 * it before use, on the value read, because it may change at any time.
 */
final class ThreadSlot {
    private final ByteBuffer buffer;
    private final long address;

    ThreadSlot(ByteBuffer buffer, long address) {
        this.buffer = buffer;
        this.address = address;
    }

    /** Makes the slot ready for a thread that nobody has seen yet. */
    void reset(int workerIndex, int processPage) {
        for (int at = 0; at < ThreadSlotDescriptor.RANGES_OFFSET; at += Long.BYTES) {
            buffer.putLong(at, 0);
        }
        buffer.putInt(ThreadSlotDescriptor.WORKER_INDEX_OFFSET, workerIndex);
        buffer.putInt(ThreadSlotDescriptor.PROCESS_PAGE_OFFSET, processPage);
        Arena.INT.setRelease(buffer, ThreadSlotDescriptor.GUEST_STATE_OFFSET, ThreadSlotDescriptor.STATE_IDLE);
    }

    long address() {
        return address;
    }

    int state() {
        return (int) Arena.INT.getAcquire(buffer, ThreadSlotDescriptor.GUEST_STATE_OFFSET);
    }

    /** Whether the guest handed the turn back. */
    boolean isStopped() {
        int state = state();
        return state == ThreadSlotDescriptor.STATE_CALL || state == ThreadSlotDescriptor.STATE_GONE;
    }

    /** Gives the guest the turn. Returns whether it sleeps and has to be woken. */
    boolean letGo() {
        buffer.putInt(ThreadSlotDescriptor.GUEST_STATE_OFFSET, ThreadSlotDescriptor.STATE_RUNNING);
        int unused = (int) Arena.INT.getAndAdd(buffer, ThreadSlotDescriptor.GUEST_WORD_OFFSET, 1);
        return (int) Arena.INT.getVolatile(buffer, ThreadSlotDescriptor.GUEST_SLEEPING_OFFSET) != 0;
    }

    int getInt(int offset) {
        return buffer.getInt(offset);
    }

    long getLong(int offset) {
        return buffer.getLong(offset);
    }

    short getShort(int offset) {
        return buffer.getShort(offset);
    }

    void putInt(int offset, int value) {
        buffer.putInt(offset, value);
    }

    void putLong(int offset, long value) {
        buffer.putLong(offset, value);
    }

    void get(int offset, byte[] destination, int at, int length) {
        buffer.get(offset, destination, at, length);
    }

    void put(int offset, byte[] source, int at, int length) {
        buffer.put(offset, source, at, length);
    }

    byte get(int offset) {
        return buffer.get(offset);
    }

    void put(int offset, byte value) {
        buffer.put(offset, value);
    }
}
