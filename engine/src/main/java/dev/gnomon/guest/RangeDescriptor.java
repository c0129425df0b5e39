package dev.gnomon.guest;

/**
 * A piece of guest memory that travels with a call, in a thread slot.
 *
 * <pre>
 *   0    +-------------------------------------------+
 *        | guest address (8)                         |  guest writes
 *   8    | length (4)    | transfer offset (4)       |  guest writes
 *   16   | direction (4) | written (4)               |  guest; engine: bytes from the start that go back
 *   24   | reserved (8)                              |
 *   32   +-------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/slot.h}.
 */
public final class RangeDescriptor {
    public static final int RANGE_BYTES = 32;

    public static final int GUEST_ADDRESS_OFFSET = 0;
    public static final int LENGTH_OFFSET = 8;
    public static final int TRANSFER_OFFSET_OFFSET = 12;
    public static final int DIRECTION_OFFSET = 16;
    public static final int WRITTEN_OFFSET = 20;

    /** The guest's bytes stand in the transfer buffer. */
    public static final int IN = 1;

    /** Room for bytes to the guest. */
    public static final int OUT = 2;

    public static final int INOUT = IN | OUT;

    private RangeDescriptor() {}

    /** Whether a range as a guest wrote it lies in the transfer buffer. */
    public static boolean isValid(int length, int transferOffset, int direction) {
        return length >= 0
                && transferOffset >= 0
                && (long) transferOffset + length <= ThreadSlotDescriptor.TRANSFER_BYTES
                && direction >= IN
                && direction <= INOUT;
    }
}
