package dev.gnomon.guest;

/**
 * What a host's block says of one process.
 *
 * <pre>
 *   0       +------------------------------------------+
 *           | flags (4)                                |  engine writes, shim reads
 *   4       | real process id (4)                      |  shim writes, engine reads
 *   8       | process id (4) | parent process id (4)   |  engine writes, shim reads
 *   16      | user (4) | effective (4) | group (4)     |
 *   28      | effective group (4)                      |
 *   32      | end of the engine's descriptors (4)      |  both, in turn
 *   40      | which signals have an action below (8)   |  both, in turn; engine never reads
 *   64      +------------------------------------------+
 *           | 32768 numbers of 4 bytes: what each      |  both, in turn; engine never reads
 *           | descriptor is                            |
 *   131136  +------------------------------------------+
 *           | 64 actions of signals: handler, flags,   |  both, in turn; engine never reads
 *           | restorer, mask (8 each)                  |
 *   133184  +------------------------------------------+
 *           | unused                                   |
 *   135168  +------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/host.h}.
 */
public final class ProcessRecordDescriptor {
    public static final int RECORD_BYTES = 135168;

    public static final int FLAGS_OFFSET = 0;
    public static final int REAL_PROCESS_ID_OFFSET = 4;
    public static final int PROCESS_ID_OFFSET = 8;
    public static final int PARENT_PROCESS_ID_OFFSET = 12;
    public static final int USER_ID_OFFSET = 16;
    public static final int EFFECTIVE_USER_ID_OFFSET = 20;
    public static final int GROUP_ID_OFFSET = 24;
    public static final int EFFECTIVE_GROUP_ID_OFFSET = 28;
    public static final int DESCRIPTORS_END_OFFSET = 32;
    public static final int SIGNAL_ACTIONS_SET_OFFSET = 40;
    public static final int DESCRIPTORS_OFFSET = 64;
    public static final int DESCRIPTOR_LIMIT = 32768;
    public static final int SIGNAL_ACTIONS_OFFSET = 131136;
    public static final int SIGNALS = 64;
    private static final int SIGNAL_ACTION_BYTES = 32;

    /** What a descriptor is: the kernel's own. */
    public static final int DESCRIPTOR_NATIVE = 0;

    /** What a descriptor is: an object of the engine's without a record, on which every call crosses. */
    public static final int DESCRIPTOR_OPAQUE = 1;

    /** Flag: calls with a relative path cross. */
    public static final int RELATIVE_PATHS_CROSS = 1;

    /** Flag: the process's threads cross by notification. Set before the process starts. */
    public static final int NOTIFIES = 2;

    /** Flag: calls that do not cross are told of; {@link GuestThreadChannel.Phase#WATCHED_CALL}. */
    public static final int WATCHED = 4;

    private ProcessRecordDescriptor() {}

    /** Where a descriptor's number lies, from the record's start. */
    public static int descriptorOffset(int descriptor) {
        return DESCRIPTORS_OFFSET + descriptor * Integer.BYTES;
    }

    /** Where the action of a signal (1 to 64) lies, from the record's start. */
    public static int signalActionOffset(int signal) {
        return SIGNAL_ACTIONS_OFFSET + (signal - 1) * SIGNAL_ACTION_BYTES;
    }
}
