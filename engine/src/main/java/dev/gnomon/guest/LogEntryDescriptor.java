package dev.gnomon.guest;

/**
 * One call that a shim has answered, in the log of its thread's slot; the payload follows, and the next entry begins at the
 * next multiple of eight.
 *
 * <pre>
 *   0     +---------------------------------------------------+
 *         | operation (2) | named (2) | descriptor (4)        |
 *   8     | result (8)                                        |
 *   16    | requested (8)                                     |
 *   24    | flags (4) | payload bytes (4)                     |
 *   32    | value (8)                                         |
 *   40    | address (4) | port (4)                            |
 *   48    +---------------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/slot.h}.
 */
public final class LogEntryDescriptor {
    public static final int ENTRY_BYTES = 48;

    public static final int OPERATION_OFFSET = 0;
    public static final int NAMED_OFFSET = 2;
    public static final int DESCRIPTOR_OFFSET = 4;
    public static final int RESULT_OFFSET = 8;
    public static final int REQUESTED_OFFSET = 16;
    public static final int FLAGS_OFFSET = 24;
    public static final int PAYLOAD_OFFSET = 28;
    public static final int VALUE_OFFSET = 32;
    public static final int ADDRESS_OFFSET = 40;
    public static final int PORT_OFFSET = 44;

    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int EPOLL_WAIT = 3;
    public static final int EPOLL_CONTROL = 4;
    public static final int STATUS_FLAGS = 5;
    public static final int CLOSE = 6;
    public static final int SET_OPTION = 7;
    public static final int SIGNAL_ACTION = 8;

    private LogEntryDescriptor() {}
}
