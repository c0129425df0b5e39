package dev.gnomon.guest;

/**
 * What an event poll shows in its mirror.
 *
 * <pre>
 *   0     +---------------------------------------------------+
 *         | flags (4) | count of what may be ready (4)        |
 *   16    | 84 times, in the order in which they are asked:   |
 *         |   data (8) | object record in units (4)           |
 *         |   events asked for (4) | descriptor (4) | 4 free  |
 *   2048  +---------------------------------------------------+
 *         | 1536 numbers of 4 bytes: what is watched under    |
 *         | each descriptor, as in the process record         |
 *   8192  +---------------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/object.h}.
 */
public final class EpollTableDescriptor {
    public static final int TABLE_BYTES = 8192;

    public static final int FLAGS_OFFSET = 0;
    public static final int READY_COUNT_OFFSET = 4;
    public static final int WATCHED_OFFSET = 2048;
    public static final int DESCRIPTOR_LIMIT = 1536;
    public static final int READY_OFFSET = 16;
    public static final int READY_LIMIT = 84;
    public static final int READY_BYTES = 24;

    public static final int READY_DATA_OFFSET = 0;
    public static final int READY_OBJECT_OFFSET = 8;
    public static final int READY_EVENTS_OFFSET = 12;
    public static final int READY_DESCRIPTOR_OFFSET = 16;

    /** Flag, the shim's: what may be ready is perhaps another. */
    public static final int STALE = 1;

    /** Flag, the engine's: every call on the poll crosses. */
    public static final int CROSSES = 2;

    private EpollTableDescriptor() {}
}
