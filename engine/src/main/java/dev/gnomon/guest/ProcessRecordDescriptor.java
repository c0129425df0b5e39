package dev.gnomon.guest;

/**
 * What a host's block says of one process.
 *
 * <pre>
 *   0     +------------------------------------------+
 *         | flags (4)                                |  engine writes, shim reads
 *   4     | real process id (4)                      |  shim writes, engine reads
 *   64    +------------------------------------------+
 *         | 32768 bits: bit n % 64 of word n / 64:   |  engine writes while no thread of the process runs,
 *         | descriptor n belongs to the engine       |  shim reads
 *   4160  +------------------------------------------+
 *         | unused                                   |
 *   8192  +------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/host.h}.
 */
public final class ProcessRecordDescriptor {
    public static final int RECORD_BYTES = 8192;

    public static final int FLAGS_OFFSET = 0;
    public static final int REAL_PROCESS_ID_OFFSET = 4;
    public static final int EMULATED_DESCRIPTORS_OFFSET = 64;
    public static final int DESCRIPTOR_LIMIT = 32768;
    public static final int EMULATED_DESCRIPTORS_BYTES = DESCRIPTOR_LIMIT / 8;

    /** Flag: calls with a relative path cross. */
    public static final int RELATIVE_PATHS_CROSS = 1;

    private ProcessRecordDescriptor() {}
}
