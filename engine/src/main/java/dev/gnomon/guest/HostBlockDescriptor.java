package dev.gnomon.guest;

/**
 * One host's block in the arena.
 *
 * <pre>
 *   0         +---------------------------------------------+
 *             | clock, nanoseconds since 1970 (8)           |  engine writes while no guest of the host runs
 *   8         | clock at monotonic time 0 (8)               |
 *   16        | flags (4) | IPv4 address (4)                |
 *   24        | cost of a call (8) | of a time call (8)     |
 *   40        | most cost that may be owed (8)              |
 *   48        | tracer word (4)                             |  tracers sleep on it, the engine adds 1
 *   64        | state of the generator of getrandom (32)    |  both
 *   128       | 64 counts of futex waiters (256)            |  engine writes while no guest of the host runs
 *   4096      +---------------------------------------------+
 *             | regions of whole pages ({@link BlockSpace}):|
 *             | process records (ProcessRecordDescriptor)   |
 *             | thread slots (ThreadSlotDescriptor)         |
 *             | object records (ObjectDescriptor)           |
 *             | what objects show to be read                |
 *             +---------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/host.h}.
 */
public final class HostBlockDescriptor {
    public static final int PAGE_BYTES = 4096;

    public static final int CLOCK_NANOS_OFFSET = 0;
    public static final int MONOTONIC_ORIGIN_NANOS_OFFSET = 8;
    public static final int FLAGS_OFFSET = 16;
    public static final int ADDRESS_OFFSET = 20;
    public static final int CALL_NANOS_OFFSET = 24;
    public static final int TIME_CALL_NANOS_OFFSET = 32;
    public static final int MAXIMUM_UNAPPLIED_NANOS_OFFSET = 40;
    public static final int TRACER_WORD_OFFSET = 48;
    public static final int RANDOM_OFFSET = 64;
    public static final int FUTEX_WAITERS_OFFSET = 128;
    public static final int FUTEX_BUCKETS = 64;
    public static final int HEADER_BYTES = PAGE_BYTES;

    /** Flag: every call crosses, for the trace. */
    public static final int TRACE_ALL = 1;

    /** Flag: the shim answers what it is sure of. */
    public static final int LOCAL_CALLS = 2;

    private HostBlockDescriptor() {}
}
