package dev.gnomon.guest;

import java.util.function.Consumer;

/** The log in one thread slot. What is wrong with it is told to the consumer. */
final class SlotLog implements GuestLog {
    private final Consumer<String> misconduct;
    private final ThreadSlot slot;
    private final LogMemory memory;

    private int entriesLeft;
    private int bytes;
    private int at;
    private int nextAt;
    private int payload;
    private int operation;
    private int named;
    private int descriptor;
    private long result;

    SlotLog(Consumer<String> misconduct, ThreadSlot slot) {
        this.misconduct = misconduct;
        this.slot = slot;
        this.memory = new LogMemory(slot);
    }

    /** Takes what the guest wrote, which is gone for the next time. Returns whether there is anything. */
    boolean open() {
        int count = slot.getInt(ThreadSlotDescriptor.LOG_COUNT_OFFSET);
        if (count == 0) {
            entriesLeft = 0;
            return false;
        }
        bytes = slot.getInt(ThreadSlotDescriptor.LOG_USED_OFFSET);
        slot.putInt(ThreadSlotDescriptor.LOG_COUNT_OFFSET, 0);
        slot.putInt(ThreadSlotDescriptor.LOG_USED_OFFSET, 0);
        if (count < 0 || bytes < 0 || bytes > ThreadSlotDescriptor.LOG_BYTES) {
            misconduct.accept("wrote a log that is longer than its place: entries=" + count + ", bytes=" + bytes);
            entriesLeft = 0;
            return false;
        }
        entriesLeft = count;
        nextAt = 0;
        return true;
    }

    @Override
    public boolean next() {
        if (entriesLeft == 0) {
            return false;
        }
        entriesLeft--;
        at = ThreadSlotDescriptor.LOG_OFFSET + nextAt;
        if (nextAt > bytes - LogEntryDescriptor.ENTRY_BYTES) {
            return ended("an entry beyond its end: at=" + nextAt);
        }
        payload = slot.getInt(at + LogEntryDescriptor.PAYLOAD_OFFSET);
        int room = bytes - nextAt - LogEntryDescriptor.ENTRY_BYTES;
        if (payload < 0 || payload > room) {
            return ended("a payload beyond its end: payload=" + payload + ", room=" + room);
        }
        nextAt += LogEntryDescriptor.ENTRY_BYTES + (payload + 7 & ~7);
        memory.window(at + LogEntryDescriptor.ENTRY_BYTES, payload);
        operation = slot.getShort(at + LogEntryDescriptor.OPERATION_OFFSET);
        named = slot.getShort(at + LogEntryDescriptor.NAMED_OFFSET);
        descriptor = slot.getInt(at + LogEntryDescriptor.DESCRIPTOR_OFFSET);
        result = slot.getLong(at + LogEntryDescriptor.RESULT_OFFSET);
        return true;
    }

    private boolean ended(String what) {
        misconduct.accept("wrote a log with " + what + ", bytes=" + bytes);
        entriesLeft = 0;
        return false;
    }

    @Override
    public int operation() {
        return operation;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public long result() {
        return result;
    }

    @Override
    public long requested() {
        return slot.getLong(at + LogEntryDescriptor.REQUESTED_OFFSET);
    }

    @Override
    public int flags() {
        return slot.getInt(at + LogEntryDescriptor.FLAGS_OFFSET);
    }

    @Override
    public long value() {
        return slot.getLong(at + LogEntryDescriptor.VALUE_OFFSET);
    }

    @Override
    public boolean isNamed() {
        return named != 0;
    }

    @Override
    public int address() {
        return slot.getInt(at + LogEntryDescriptor.ADDRESS_OFFSET);
    }

    @Override
    public int port() {
        return slot.getInt(at + LogEntryDescriptor.PORT_OFFSET) & 0xffff;
    }

    @Override
    public int payloadBytes() {
        return payload;
    }

    @Override
    public GuestMemory payload() {
        return memory;
    }

    @Override
    public void refute(String what) {
        misconduct.accept(what);
        entriesLeft = 0;
    }
}
