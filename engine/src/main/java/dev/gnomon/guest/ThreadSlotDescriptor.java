package dev.gnomon.guest;

/**
 * A thread slot: the place where one guest thread and the engine meet.
 *
 * <pre>
 *   0      +------------------------------------------------------+
 *          | guest word (4): engine adds 1, guest sleeps on it    |  alone on their cache line
 *   4      | guest sleeping (4): guest writes, engine reads       |
 *   64     +------------------------------------------------------+
 *          | guest state (4) | phase (4)                          |  guest writes, engine reads
 *   72     | call number (4) | range count (4)                    |  (guest state: RUNNING is stored by the engine)
 *   80     | native result (8)                                    |
 *   88     | local time calls (4) | other local calls (4)         |  (engine stores 0)
 *   96     | 6 arguments (48)                                     |
 *   144    | 8 installed descriptor numbers (32)                  |
 *   176    | real process id (4) | real thread id (4)             |
 *   184    | instruction pointer (8) | stack pointer (8)          |
 *   200    | log entries (4) | log bytes (4)                      |  (engine stores 0)
 *   208    | blocked signals (8)                                  |  both
 *   216    | trapped calls (8)                                    |  guest adds
 *   256    +------------------------------------------------------+
 *          | worker index (4) | page of the process record (4)    |  engine writes before the slot is used
 *   264    | thread id (4)                                        |  engine writes, guest reads
 *   268    | calls left (4) | unapplied nanoseconds (8)           |  engine writes, guest counts
 *   280    | pending signals (8)                                  |  engine writes, guest reads
 *   288    | notification (8)                                     |  engine
 *   320    +------------------------------------------------------+
 *          | reply kind (4) | reply flags (4) | reply value (8)   |  engine writes, guest reads
 *   336    | 4 reply parameters (16)                              |
 *   384    +------------------------------------------------------+
 *          | signal to deliver (SignalDeliveryDescriptor)         |  engine writes, guest reads
 *   576    +------------------------------------------------------+
 *          | siginfo of a fault (128)                             |  guest writes, engine reads
 *   704    | records of 8 objects to install (32)                 |  engine writes, guest reads
 *   1024   +------------------------------------------------------+
 *          | 32 ranges of 32 bytes (RangeDescriptor)              |  both
 *   4096   +------------------------------------------------------+
 *          | transfer buffer (65536)                              |  both
 *   69632  +------------------------------------------------------+
 *          | log (65536): LogEntryDescriptor, payload, ...        |  guest writes, engine reads
 *   135168 +------------------------------------------------------+
 * </pre>
 *
 * <p>While the state is {@link #STATE_CALL} the slot is the engine's, while it is {@link #STATE_RUNNING} the guest's. C
 * twin: {@code native/include/gnomon/slot.h}.
 */
public final class ThreadSlotDescriptor {
    public static final int SLOT_BYTES = 135168;

    public static final int GUEST_WORD_OFFSET = 0;
    public static final int GUEST_SLEEPING_OFFSET = 4;
    public static final int GUEST_STATE_OFFSET = 64;
    public static final int PHASE_OFFSET = 68;
    public static final int CALL_NUMBER_OFFSET = 72;
    public static final int RANGE_COUNT_OFFSET = 76;
    public static final int NATIVE_RESULT_OFFSET = 80;
    public static final int LOCAL_TIME_CALLS_OFFSET = 88;
    public static final int LOCAL_CALLS_OFFSET = 92;
    public static final int ARGUMENTS_OFFSET = 96;
    public static final int ARGUMENT_LIMIT = 6;
    public static final int INSTALLED_OFFSET = 144;
    public static final int INSTALL_LIMIT = 8;
    public static final int REAL_PROCESS_ID_OFFSET = 176;
    public static final int REAL_THREAD_ID_OFFSET = 180;
    public static final int INSTRUCTION_POINTER_OFFSET = 184;
    public static final int STACK_POINTER_OFFSET = 192;
    public static final int LOG_COUNT_OFFSET = 200;
    public static final int LOG_USED_OFFSET = 204;
    public static final int BLOCKED_SIGNALS_OFFSET = 208;
    public static final int TRAPPED_CALLS_OFFSET = 216;
    public static final int WORKER_INDEX_OFFSET = 256;
    public static final int PROCESS_PAGE_OFFSET = 260;
    public static final int THREAD_ID_OFFSET = 264;
    public static final int CALLS_LEFT_OFFSET = 268;
    public static final int UNAPPLIED_NANOS_OFFSET = 272;
    public static final int PENDING_SIGNALS_OFFSET = 280;
    public static final int NOTIFICATION_OFFSET = 288;
    public static final int REPLY_KIND_OFFSET = 320;
    public static final int REPLY_FLAGS_OFFSET = 324;
    public static final int REPLY_VALUE_OFFSET = 328;
    public static final int REPLY_PARAMETER_OFFSET = 336;
    public static final int SIGNAL_OFFSET = 384;
    public static final int FAULT_SIGINFO_OFFSET = 576;
    public static final int INSTALL_OBJECTS_OFFSET = 704;
    public static final int RANGES_OFFSET = 1024;
    public static final int RANGE_LIMIT = 32;
    public static final int CONTROL_BYTES = 4096;
    public static final int TRANSFER_OFFSET = CONTROL_BYTES;
    public static final int TRANSFER_BYTES = 65536;
    public static final int LOG_OFFSET = TRANSFER_OFFSET + TRANSFER_BYTES;
    public static final int LOG_BYTES = 65536;

    /** No thread has been seen in the slot yet. */
    public static final int STATE_IDLE = 0;

    public static final int STATE_RUNNING = 1;
    public static final int STATE_CALL = 2;

    /** The thread exits and never touches the slot again. */
    public static final int STATE_GONE = 3;

    public static final int REPLY_RESULT = 1;
    public static final int REPLY_NATIVE = 2;
    public static final int REPLY_NATIVE_REPORT = 3;
    public static final int REPLY_NATIVE_PATH = 4;
    public static final int REPLY_NATIVE_PATH_REPORT = 5;
    public static final int REPLY_INSTALL = 6;
    public static final int REPLY_SPAWN = 7;
    public static final int REPLY_EXEC = 8;
    public static final int REPLY_EXIT_THREAD = 9;
    public static final int REPLY_EXIT_PROCESS = 10;
    public static final int REPLY_DIE = 11;
    public static final int REPLY_COPY = 12;

    /** After {@link #REPLY_INSTALL}: cross, and leave the process record to the engine. */
    public static final int INSTALL_REPORT = 0;

    /** After {@link #REPLY_INSTALL}: the call returns the number; the engine learns of it at the next crossing. */
    public static final int INSTALL_COMPLETE = 1;

    /** As {@link #INSTALL_COMPLETE} for two, stored where the reply's value says. */
    public static final int INSTALL_COMPLETE_PAIR = 2;

    /** Reply flag: the call is made again when the delivered signal's handler returns. */
    public static final int REPLY_RESTART = 1;

    private ThreadSlotDescriptor() {}

    /** Where a range's entry lies, from the slot's start. */
    public static int rangeOffset(int rangeIndex) {
        return RANGES_OFFSET + rangeIndex * RangeDescriptor.RANGE_BYTES;
    }
}
