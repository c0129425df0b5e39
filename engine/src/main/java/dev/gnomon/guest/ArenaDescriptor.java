package dev.gnomon.guest;

/**
 * The arena: the one memory file of a run, shared by the engine and every guest.
 *
 * <pre>
 *   0         +--------------------------------------+
 *             | magic (8), stored last               |
 *   8         | version (4)      | run flags (4)     |
 *   16        | real start, nanoseconds (8)          |
 *   24        | virtual start, nanoseconds (8)       |
 *   32        | worker count (4) | host count (4)    |
 *   40        | blocks offset (8) | block bytes (8)  |
 *   56        | address bits (4)                     |
 *   4096      +--------------------------------------+
 *             | word of worker 0 (4), alone on its   |
 *             | cache line; worker 1 at +64, ...     |
 *   65536     +--------------------------------------+
 *             | hash table of the hosts' addresses   |
 *   blocks    +--------------------------------------+
 *   offset    | block of host 0 (HostBlockDescriptor)|
 *   + block   +--------------------------------------+
 *   bytes     | block of host 1 ...                  |
 * </pre>
 *
 * <p>The header is written by the engine before any guest exists and read by the shims. A worker's word is counted up by
 * guests and by the engine's notices; the worker sleeps on it. C twin: {@code native/include/gnomon/arena.h}.
 */
public final class ArenaDescriptor {
    /** "GNOMON", little-endian. */
    public static final long MAGIC = 0x00004e4f4d4f4e47L;

    public static final int VERSION = 3;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 8;
    public static final int RUN_FLAGS_OFFSET = 12;
    public static final int REAL_START_NANOS_OFFSET = 16;
    public static final int VIRTUAL_START_NANOS_OFFSET = 24;
    public static final int WORKER_COUNT_OFFSET = 32;
    public static final int HOST_COUNT_OFFSET = 36;

    public static final int BLOCKS_OFFSET_OFFSET = 40;
    public static final int BLOCK_BYTES_OFFSET = 48;
    public static final int ADDRESS_BITS_OFFSET = 56;

    public static final int ADDRESSES_OFFSET = 65536;
    public static final int ADDRESS_MULTIPLIER = (int) 2654435761L;
    public static final int WORKER_WORDS_OFFSET = 4096;
    public static final int WORKER_WORD_STRIDE = 64;
    public static final int WORKER_LIMIT = 256;

    /** A run flag: guests read the CPU's own time-stamp counter, not the virtual one. */
    public static final int RUN_REAL_COUNTER = 1;

    /** A run flag: guests' call sites stay as they are, and every call traps. */
    public static final int RUN_NO_PATCHES = 2;

    private ArenaDescriptor() {}

    /** Where a worker's word lies, from the arena's start. */
    public static int workerWordOffset(int workerIndex) {
        return WORKER_WORDS_OFFSET + workerIndex * WORKER_WORD_STRIDE;
    }

    /** Blocks begin, and are as large as, multiples of a large page. */
    private static final long LARGE_PAGE_BYTES = 1L << 21;

    private static final long LARGEST_BLOCK_BYTES = 1L << 32;
    private static final long SMALLEST_BLOCK_BYTES = 1L << 26;

    /** What all blocks together may take of the address space, unless the smallest blocks take more. */
    private static final long ALL_BLOCKS_BYTES = 1L << 45;

    /** The size of each host's block: the fewer hosts, the larger. Nothing that is not touched costs anything. */
    public static long blockBytes(int hosts) {
        long share = Math.min(LARGEST_BLOCK_BYTES, ALL_BLOCKS_BYTES / hosts) & -LARGE_PAGE_BYTES;
        return Math.max(SMALLEST_BLOCK_BYTES, share);
    }

    /** The table of addresses has 2^this entries, at least half of them empty. */
    public static int addressBits(int hosts) {
        return Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.min(hosts, 1 << 29)));
    }

    /** Where the blocks begin, from the arena's start. */
    public static long blocksOffset(int hosts) {
        long end = ADDRESSES_OFFSET + ((long) Integer.BYTES << addressBits(hosts));
        return end + LARGE_PAGE_BYTES - 1 & -LARGE_PAGE_BYTES;
    }

    /** Where a host's block lies, from the arena's start. */
    public static long hostBlockOffset(int hosts, int hostIndex) {
        return blocksOffset(hosts) + hostIndex * blockBytes(hosts);
    }

    /** The size of an arena. */
    public static long bytes(int hosts) {
        return hostBlockOffset(hosts, hosts);
    }
}
