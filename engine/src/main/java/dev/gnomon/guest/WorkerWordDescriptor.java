package dev.gnomon.guest;

/**
 * What a worker sleeps on for all its guests, and how it wants them to wait. Alone on its cache line.
 *
 * <pre>
 *   0         +--------------------------------------+
 *             | sequence (4)     | sleeping (4)      |
 *   8         | guest processor  | guest looks (4)   |
 *             | (4)              |                   |
 *   16        | guest priority   | unused            |
 *             | (4)              |                   |
 *   64        +--------------------------------------+
 * </pre>
 *
 * <p>Guests and the engine's notices count {@code sequence} up; all else is written by the engine and read by guests alone,
 * because any guest could overwrite it. C twin: {@code native/include/gnomon/arena.h}.
 */
final class WorkerWordDescriptor {
    static final int SEQUENCE_OFFSET = 0;
    static final int SLEEPING_OFFSET = 4;
    static final int GUEST_PROCESSOR_OFFSET = 8;
    static final int GUEST_LOOKS_OFFSET = 12;
    static final int GUEST_PRIORITY_OFFSET = 16;

    static final int WORD_BYTES = ArenaDescriptor.WORKER_WORD_STRIDE;

    /** Guests run where they like. */
    static final int ANY_PROCESSOR = -1;

    private WorkerWordDescriptor() {}
}
