package dev.gnomon.guest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * One of the stops that a guest makes on its way to its entry point, and what it was answered: what the slot held, but for what
 * belongs to one process (real ids, the words to sleep on).
 */
final class PreludeStop {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // What the guest says, in two pieces: between them lie its real ids, behind them a count that nobody relies on.
    private static final int FIRST = ThreadSlotDescriptor.PHASE_OFFSET;
    private static final int FIRST_BYTES = ThreadSlotDescriptor.REAL_PROCESS_ID_OFFSET - FIRST;
    private static final int SECOND = ThreadSlotDescriptor.INSTRUCTION_POINTER_OFFSET;
    private static final int SECOND_BYTES = ThreadSlotDescriptor.TRAPPED_CALLS_OFFSET - SECOND;

    private static final int GETRANDOM = 318; // arch/x86/entry/syscalls/syscall_64.tbl

    private static final int REPLY_BYTES =
            4 * Integer.BYTES + ThreadSlotDescriptor.REPLY_PARAMETER_OFFSET - ThreadSlotDescriptor.REPLY_KIND_OFFSET;

    private final GuestThreadChannel.Phase phase;
    private final long clockNanos;
    private final byte[] first = new byte[FIRST_BYTES];
    private final byte[] second = new byte[SECOND_BYTES];
    private final byte[] ranges;
    private final byte[][] carried;

    /** Outputs of the host's generator that the guest took by itself before the stop. */
    private int drawn;

    private byte[] reply;
    private byte[][] answered;

    private PreludeStop(GuestThreadChannel.Phase phase, long clockNanos, int rangeCount) {
        this.phase = phase;
        this.clockNanos = clockNanos;
        this.ranges = new byte[rangeCount * RangeDescriptor.RANGE_BYTES];
        this.carried = new byte[rangeCount][];
    }

    /**
     * Takes a stop whose ranges were found valid.
     *
     * @param clockNanos the host's clock at the stop
     */
    static PreludeStop of(ThreadSlot slot, GuestThreadChannel.Phase phase, int rangeCount, long clockNanos) {
        PreludeStop stop = new PreludeStop(phase, clockNanos, rangeCount);
        slot.get(FIRST, stop.first, 0, FIRST_BYTES);
        slot.get(SECOND, stop.second, 0, SECOND_BYTES);
        slot.get(ThreadSlotDescriptor.RANGES_OFFSET, stop.ranges, 0, stop.ranges.length);
        for (int range = 0; range < rangeCount; range++) {
            stop.carried[range] = (stop.directionOf(range) & RangeDescriptor.IN) != 0
                    ? stop.bytesOf(slot, range, stop.lengthOf(range))
                    : null;
        }
        return stop;
    }

    // Of the ranges as they were taken. Those in the slot may change at any time, also after they were found valid.

    private int ofRange(int range, int offset) {
        return (int) INT.get(ranges, range * RangeDescriptor.RANGE_BYTES + offset);
    }

    private int directionOf(int range) {
        return ofRange(range, RangeDescriptor.DIRECTION_OFFSET);
    }

    private int lengthOf(int range) {
        int length = ofRange(range, RangeDescriptor.LENGTH_OFFSET);
        return RangeDescriptor.isValid(
                        length, ofRange(range, RangeDescriptor.TRANSFER_OFFSET_OFFSET), directionOf(range))
                ? length
                : 0;
    }

    private byte[] bytesOf(ThreadSlot slot, int range, int length) {
        byte[] bytes = new byte[length];
        if (length > 0) {
            slot.get(offsetOf(range), bytes, 0, length);
        }
        return bytes;
    }

    private int offsetOf(int range) {
        return ThreadSlotDescriptor.TRANSFER_OFFSET + ofRange(range, RangeDescriptor.TRANSFER_OFFSET_OFFSET);
    }

    /** Takes the reply that was stored to the stop. */
    void replied(ThreadSlot slot) {
        reply = replyOf(slot);
        answered = answersOf(slot);
    }

    private static byte[] replyOf(ThreadSlot slot) {
        int kind = slot.getInt(ThreadSlotDescriptor.REPLY_KIND_OFFSET);
        byte[] path = isPath(kind) ? path(slot) : new byte[0];
        byte[] bytes = new byte[REPLY_BYTES + path.length];
        slot.get(ThreadSlotDescriptor.REPLY_KIND_OFFSET, bytes, 0, REPLY_BYTES);
        System.arraycopy(path, 0, bytes, REPLY_BYTES, path.length);
        if (!isPath(kind)) {
            // Parameters of replies that have none are what is left of others.
            Arrays.fill(bytes, REPLY_BYTES - 4 * Integer.BYTES, REPLY_BYTES, (byte) 0);
        }
        return bytes;
    }

    private static boolean isPath(int kind) {
        return kind == ThreadSlotDescriptor.REPLY_NATIVE_PATH || kind == ThreadSlotDescriptor.REPLY_NATIVE_PATH_REPORT;
    }

    private static byte[] path(ThreadSlot slot) {
        int at = slot.getInt(ThreadSlotDescriptor.REPLY_PARAMETER_OFFSET + Integer.BYTES);
        if (at < 0 || at > ThreadSlotDescriptor.TRANSFER_BYTES) {
            return new byte[0]; // the guest wrote over what was replied
        }
        byte[] path = new byte[ThreadSlotDescriptor.TRANSFER_BYTES - at];
        slot.get(ThreadSlotDescriptor.TRANSFER_OFFSET + at, path, 0, path.length);
        return path;
    }

    /** What goes back in each range. */
    private byte[][] answersOf(ThreadSlot slot) {
        byte[][] answers = new byte[carried.length][];
        for (int range = 0; range < answers.length; range++) {
            answers[range] = answerOf(slot, range);
        }
        return answers;
    }

    /** What goes back in a range. */
    byte[] answerOf(ThreadSlot slot, int range) {
        int written = slot.getInt(ThreadSlotDescriptor.rangeOffset(range) + RangeDescriptor.WRITTEN_OFFSET);
        return bytesOf(slot, range, Math.max(0, Math.min(written, lengthOf(range))));
    }

    /** Whether the reply in the slot is the one that this stop had, but for the bytes that are random. */
    boolean isAnsweredAlike(ThreadSlot slot) {
        return Arrays.equals(reply, replyOf(slot)) && alike(answersOf(slot));
    }

    private boolean alike(byte[][] answers) {
        if (isStart() || isRandom()) {
            return answers.length == 1 && answered.length == 1 && answers[0].length == answered[0].length;
        }
        return Arrays.deepEquals(answered, answers);
    }

    /** Whether a guest stopped here as it did there, and was answered alike. */
    boolean isLike(PreludeStop other) {
        return phase == other.phase
                && clockNanos == other.clockNanos
                && drawn == other.drawn
                && Arrays.equals(first, other.first)
                && Arrays.equals(second, other.second)
                && Arrays.equals(ranges, other.ranges)
                && Arrays.deepEquals(carried, other.carried)
                && Arrays.equals(reply, other.reply)
                && (reply == null || alike(other.answered));
    }

    /** Puts the stop into another slot, as if its guest had made it. */
    void repeat(ThreadSlot slot) {
        slot.put(FIRST, first, 0, FIRST_BYTES);
        slot.put(SECOND, second, 0, SECOND_BYTES);
        slot.put(ThreadSlotDescriptor.RANGES_OFFSET, ranges, 0, ranges.length);
        for (int range = 0; range < carried.length; range++) {
            if (carried[range] != null && carried[range].length > 0) {
                slot.put(offsetOf(range), carried[range], 0, carried[range].length);
            }
        }
    }

    /** Adds calls that the guest answered itself before this stop. */
    void addLocalCalls(int calls, int timeCalls) {
        add(ThreadSlotDescriptor.LOCAL_CALLS_OFFSET, calls);
        add(ThreadSlotDescriptor.LOCAL_TIME_CALLS_OFFSET, timeCalls);
    }

    private void add(int offset, int count) {
        int at = offset - FIRST;
        int sum = (int) INT.get(first, at) + count;
        INT.set(first, at, sum);
    }

    private int number(int offset) {
        return (int) INT.get(first, offset - FIRST);
    }

    long carriedBytes() {
        return Stream.of(carried)
                .mapToLong(bytes -> bytes == null ? 0 : bytes.length)
                .sum();
    }

    int localCalls() {
        return number(ThreadSlotDescriptor.LOCAL_CALLS_OFFSET);
    }

    int localTimeCalls() {
        return number(ThreadSlotDescriptor.LOCAL_TIME_CALLS_OFFSET);
    }

    boolean isStart() {
        return phase == GuestThreadChannel.Phase.EXEC_START;
    }

    private boolean isRandom() {
        return phase == GuestThreadChannel.Phase.NEW_CALL
                && number(ThreadSlotDescriptor.CALL_NUMBER_OFFSET) == GETRANDOM;
    }

    void addDrawn(int outputs) {
        drawn += outputs;
    }

    int drawn() {
        return drawn;
    }

    long clockNanos() {
        return clockNanos;
    }

    long nativeResult() {
        return (long) LONG.get(first, ThreadSlotDescriptor.NATIVE_RESULT_OFFSET - FIRST);
    }

    /** The call that the guest made, with the first string that it carried. */
    ObservedCall call() {
        long[] arguments = new long[ThreadSlotDescriptor.ARGUMENT_LIMIT];
        for (int index = 0; index < arguments.length; index++) {
            arguments[index] =
                    (long) LONG.get(first, ThreadSlotDescriptor.ARGUMENTS_OFFSET - FIRST + index * Long.BYTES);
        }
        byte[] text = carried.length > 0 && carried[0] != null ? carried[0] : new byte[0];
        return new ObservedCall(number(ThreadSlotDescriptor.CALL_NUMBER_OFFSET), arguments, text);
    }

    /** The bytes of {@code AT_RANDOM} that were replied to {@link #isStart the start}; empty where it has none. */
    byte[] random() {
        return answered.length == 1 ? answered[0] : new byte[0];
    }

    /** Where the guest keeps {@link #random}. */
    long randomAddress() {
        return (long) LONG.get(first, ThreadSlotDescriptor.ARGUMENTS_OFFSET - FIRST);
    }
}
