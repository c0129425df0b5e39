package dev.gnomon.guest;

/**
 * One host's block in the arena.
 *
 * <pre>
 *   0         +---------------------------------------------+
 *             | clock, nanoseconds since 1970 (8)           |  engine writes while no guest of the host runs
 *   8         | clock at monotonic time 0 (8)               |
 *   16        | flags (4) | tracer word (4)                 |  the word: tracers sleep on it, the engine adds 1
 *   4096      +---------------------------------------------+
 *             | 1024 process records of 8192 bytes          |  ProcessRecordDescriptor
 *   8392704   +---------------------------------------------+
 *             | 1024 thread slots of 69632 bytes            |  ThreadSlotDescriptor
 *   79695872  +---------------------------------------------+
 *             | unused                                      |
 *   83886080  +---------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/host.h}.
 */
public final class HostBlockDescriptor {
    public static final long BLOCK_BYTES = 83886080L;

    public static final int CLOCK_NANOS_OFFSET = 0;
    public static final int MONOTONIC_ORIGIN_NANOS_OFFSET = 8;
    public static final int FLAGS_OFFSET = 16;
    public static final int TRACER_WORD_OFFSET = 20;
    public static final int HEADER_BYTES = 4096;

    /** Flag: every call crosses, for the trace. */
    public static final int TRACE_ALL = 1;

    /** Flag: the shim answers time calls by itself. */
    public static final int LOCAL_TIME = 2;

    /** Of so many time calls answered by a shim one crosses. */
    public static final int LOCAL_TIME_CALLS = 128;

    public static final int PROCESS_LIMIT = 1024;
    public static final int PROCESS_RECORDS_OFFSET = HEADER_BYTES;
    public static final int THREAD_LIMIT = 1024;
    public static final int THREAD_SLOTS_OFFSET =
            PROCESS_RECORDS_OFFSET + PROCESS_LIMIT * ProcessRecordDescriptor.RECORD_BYTES;

    private HostBlockDescriptor() {}

    /** Where a process record lies, from the block's start. */
    public static int processRecordOffset(int processIndex) {
        return PROCESS_RECORDS_OFFSET + processIndex * ProcessRecordDescriptor.RECORD_BYTES;
    }

    /** Where a thread slot lies, from the block's start. */
    public static int threadSlotOffset(int threadIndex) {
        return THREAD_SLOTS_OFFSET + threadIndex * ThreadSlotDescriptor.SLOT_BYTES;
    }
}
