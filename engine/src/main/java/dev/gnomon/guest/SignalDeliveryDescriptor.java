package dev.gnomon.guest;

/**
 * A signal that the shim delivers with a reply, in a thread slot at {@link ThreadSlotDescriptor#SIGNAL_OFFSET}.
 *
 * <pre>
 *   0    +-----------------------------------------+
 *        | number (4), 0: none; shim stores 0      |  engine writes, guest reads
 *   8    | handler (8)                             |
 *   16   | flags (8)                               |
 *   24   | restorer (8)                            |
 *   32   | saved mask (8)                          |
 *   40   | stack base (8) | stack bytes (8)        |
 *   64   | siginfo (128)                           |
 *   192  +-----------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/slot.h}.
 */
public final class SignalDeliveryDescriptor {
    public static final int NUMBER_OFFSET = 0;
    public static final int HANDLER_OFFSET = 8;
    public static final int FLAGS_OFFSET = 16;
    public static final int RESTORER_OFFSET = 24;
    public static final int SAVED_MASK_OFFSET = 32;
    public static final int STACK_BASE_OFFSET = 40;
    public static final int STACK_BYTES_OFFSET = 48;
    public static final int SIGINFO_OFFSET = 64;
    public static final int SIGINFO_BYTES = 128;

    private SignalDeliveryDescriptor() {}
}
