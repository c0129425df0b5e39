package dev.gnomon.guest;

/**
 * The payload of a log's entry in place of a guest's memory: reads find it from address 0 on; writes, whose bytes the guest
 * has already, go nowhere.
 */
final class LogMemory implements GuestMemory {
    private final ThreadSlot slot;
    private int offset;
    private int bytes;

    LogMemory(ThreadSlot slot) {
        this.slot = slot;
    }

    /** Says where in the slot the payload lies. */
    void window(int slotOffset, int payloadBytes) {
        offset = slotOffset;
        bytes = payloadBytes;
    }

    private boolean holds(long address, long length) {
        return address >= 0 && length >= 0 && address <= bytes - length;
    }

    @Override
    public boolean read(long address, byte[] destination, int at, int length) {
        if (!holds(address, length)) {
            return false;
        }
        slot.get(offset + (int) address, destination, at, length);
        return true;
    }

    @Override
    public boolean write(long address, byte[] source, int at, int length) {
        return true;
    }

    @Override
    public byte[] readString(long address, int limit) {
        return null;
    }

    @Override
    public boolean isReadable(long address, int length) {
        return holds(address, length);
    }

    @Override
    public long readInt(long address) {
        return holds(address, Integer.BYTES) ? Integer.toUnsignedLong(slot.getInt(offset + (int) address)) : UNREADABLE;
    }

    @Override
    public boolean readLong(long address, long[] destination) {
        if (!holds(address, Long.BYTES)) {
            return false;
        }
        destination[0] = slot.getLong(offset + (int) address);
        return true;
    }

    @Override
    public boolean writeInt(long address, int value) {
        return true;
    }

    @Override
    public boolean writeLong(long address, long value) {
        return true;
    }
}
