package dev.gnomon.guest;

/**
 * The memory of one guest process, addressed by the guest's own pointers.
 *
 * <p>Bytes that travelled with the call in the host's block are served from there; everything else is read from and
 * written to the process itself ({@code process_vm_readv(2)}). Callers cannot tell the difference. Every method
 * reports an inaccessible address by {@code false}, which a call answers with {@code EFAULT}. Numbers are little-endian,
 * as x86-64 has them.
 */
public interface GuestMemory {
    /** Copies {@code length} bytes at {@code address} of the guest into {@code destination}. */
    boolean read(long address, byte[] destination, int offset, int length);

    /** Copies {@code length} bytes of {@code source} to {@code address} of the guest. */
    boolean write(long address, byte[] source, int offset, int length);

    /**
     * Reads a NUL-terminated string.
     *
     * @param limit the longest length accepted, in bytes, without the NUL
     * @return the bytes without the NUL; {@code null} where the memory cannot be read or no NUL stands within the limit
     */
    byte[] readString(long address, int limit);

    /** Whether {@code length} bytes at {@code address} can be read; cheap for bytes that travelled with the call. */
    boolean isReadable(long address, int length);

    /** Reads four bytes into the low half of the result; {@link #UNREADABLE} where they cannot be read. */
    long readInt(long address);

    /** Reads eight bytes into {@code destination[0]}. */
    boolean readLong(long address, long[] destination);

    boolean writeInt(long address, int value);

    boolean writeLong(long address, long value);

    /** What {@link #readInt} returns for inaccessible memory: no value of four bytes, zero-extended, equals it. */
    long UNREADABLE = -1L;
}
