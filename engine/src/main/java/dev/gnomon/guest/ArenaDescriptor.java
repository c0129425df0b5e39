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
 *   4096      +--------------------------------------+
 *             | word of worker 0 (4), alone on its   |
 *             | cache line; worker 1 at +64, ...     |
 *   65536     +--------------------------------------+
 *             | block of host 0 (HostBlockDescriptor)|
 *   83951616  +--------------------------------------+
 *             | block of host 1 ...                  |
 * </pre>
 *
 * <p>The header is written by the engine before any guest exists and read by the shims. A worker's word is counted up by
 * guests and by the engine's notices; the worker sleeps on it. C twin: {@code native/include/gnomon/arena.h}.
 */
public final class ArenaDescriptor {
    /** "GNOMON", little-endian. */
    public static final long MAGIC = 0x00004e4f4d4f4e47L;

    public static final int VERSION = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 8;
    public static final int RUN_FLAGS_OFFSET = 12;
    public static final int REAL_START_NANOS_OFFSET = 16;
    public static final int VIRTUAL_START_NANOS_OFFSET = 24;
    public static final int WORKER_COUNT_OFFSET = 32;
    public static final int HOST_COUNT_OFFSET = 36;

    public static final int HEADER_BYTES = 65536;
    public static final int WORKER_WORDS_OFFSET = 4096;
    public static final int WORKER_WORD_STRIDE = 64;
    public static final int WORKER_LIMIT = 256;

    /** A run flag: guests read the CPU's own time-stamp counter, not the virtual one. */
    public static final int RUN_REAL_COUNTER = 1;

    private ArenaDescriptor() {}

    /** Where a worker's word lies, from the arena's start. */
    public static int workerWordOffset(int workerIndex) {
        return WORKER_WORDS_OFFSET + workerIndex * WORKER_WORD_STRIDE;
    }

    /** Where a host's block lies, from the arena's start. */
    public static long hostBlockOffset(int hostIndex) {
        return HEADER_BYTES + hostIndex * HostBlockDescriptor.BLOCK_BYTES;
    }

    /** The size of an arena. */
    public static long bytes(int hosts) {
        return hostBlockOffset(hosts);
    }
}
