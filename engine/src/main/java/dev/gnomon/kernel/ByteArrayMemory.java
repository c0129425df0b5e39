package dev.gnomon.kernel;

import dev.gnomon.guest.GuestMemory;

/** Bytes of the engine's own in the place of guest memory, addressed from 0: for objects that are given what a file held. */
public final class ByteArrayMemory implements GuestMemory {
    private final byte[] bytes;

    public ByteArrayMemory(byte[] bytes) {
        this.bytes = bytes;
    }

    private boolean contains(long address, long length) {
        return address >= 0 && length >= 0 && address <= bytes.length - length;
    }

    @Override
    public boolean read(long address, byte[] destination, int offset, int length) {
        if (!contains(address, length)) {
            return false;
        }
        System.arraycopy(bytes, (int) address, destination, offset, length);
        return true;
    }

    @Override
    public boolean write(long address, byte[] source, int offset, int length) {
        if (!contains(address, length)) {
            return false;
        }
        System.arraycopy(source, offset, bytes, (int) address, length);
        return true;
    }

    @Override
    public byte[] readString(long address, int limit) {
        for (long end = address; end <= address + limit && contains(end, 1); end++) {
            if (bytes[(int) end] == 0) {
                return java.util.Arrays.copyOfRange(bytes, (int) address, (int) end);
            }
        }
        return null;
    }

    @Override
    public boolean isReadable(long address, int length) {
        return contains(address, length);
    }

    @Override
    public long readInt(long address) {
        return contains(address, 4) ? LittleEndian.getInt(bytes, (int) address) & 0xffff_ffffL : UNREADABLE;
    }

    @Override
    public boolean readLong(long address, long[] destination) {
        if (!contains(address, 8)) {
            return false;
        }
        destination[0] = LittleEndian.getLong(bytes, (int) address);
        return true;
    }

    @Override
    public boolean writeInt(long address, int value) {
        if (!contains(address, 4)) {
            return false;
        }
        LittleEndian.putInt(bytes, (int) address, value);
        return true;
    }

    @Override
    public boolean writeLong(long address, long value) {
        if (!contains(address, 8)) {
            return false;
        }
        LittleEndian.putLong(bytes, (int) address, value);
        return true;
    }
}
