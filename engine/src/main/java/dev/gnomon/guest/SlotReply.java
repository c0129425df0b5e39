package dev.gnomon.guest;

/** Stores replies in a thread slot, as the shim and the tracer read them ({@code native/include/gnomon/slot.h}). */
final class SlotReply {
    private static final int PATH_LIMIT = 4095; // PATH_MAX without the NUL, include/uapi/linux/limits.h

    private final ThreadSlot slot;

    SlotReply(ThreadSlot slot) {
        this.slot = slot;
    }

    /** A reply of this kind, without a signal to deliver. */
    void put(int kind, long value) {
        slot.putInt(ThreadSlotDescriptor.REPLY_KIND_OFFSET, kind);
        slot.putInt(ThreadSlotDescriptor.REPLY_FLAGS_OFFSET, 0);
        slot.putLong(ThreadSlotDescriptor.REPLY_VALUE_OFFSET, value);
        slot.putInt(ThreadSlotDescriptor.SIGNAL_OFFSET + SignalDeliveryDescriptor.NUMBER_OFFSET, 0);
    }

    void parameter(int number, int value) {
        slot.putInt(ThreadSlotDescriptor.REPLY_PARAMETER_OFFSET + number * Integer.BYTES, value);
    }

    void nativePath(int argumentIndex, byte[] path, boolean report) {
        if (argumentIndex < 0 || argumentIndex >= ThreadSlotDescriptor.ARGUMENT_LIMIT || path.length > PATH_LIMIT) {
            throw new IllegalArgumentException("no path for the guest: argument=" + argumentIndex + ", bytes="
                    + path.length + ", limit=" + PATH_LIMIT);
        }
        put(report ? ThreadSlotDescriptor.REPLY_NATIVE_PATH_REPORT : ThreadSlotDescriptor.REPLY_NATIVE_PATH, 0);
        // At the buffer's end, away from what may be carried back.
        int at = ThreadSlotDescriptor.TRANSFER_BYTES - path.length - 1;
        slot.put(ThreadSlotDescriptor.TRANSFER_OFFSET + at, path, 0, path.length);
        slot.put(ThreadSlotDescriptor.TRANSFER_OFFSET + at + path.length, (byte) 0);
        parameter(0, argumentIndex);
        parameter(1, at);
    }

    /** @param then {@link ThreadSlotDescriptor#INSTALL_REPORT} or one of its like */
    void install(int count, boolean closeOnExec, int then) {
        if (count < 1 || count > ThreadSlotDescriptor.INSTALL_LIMIT) {
            throw new IllegalArgumentException(
                    "placeholders out of range: count=" + count + ", limit=" + ThreadSlotDescriptor.INSTALL_LIMIT);
        }
        put(ThreadSlotDescriptor.REPLY_INSTALL, 0);
        parameter(0, count);
        parameter(1, closeOnExec ? 1 : 0);
        parameter(2, then);
    }

    /** What the n-th descriptor of {@link #install} is to be. @param object null for one without a record */
    void installObject(int number, GuestObject object) {
        slot.putInt(
                ThreadSlotDescriptor.INSTALL_OBJECTS_OFFSET + number * Integer.BYTES,
                object != null ? object.unit() : ProcessRecordDescriptor.DESCRIPTOR_OPAQUE);
    }

    /** Where two descriptors of {@link #install} are stored. */
    void installPairAt(long address) {
        slot.putLong(ThreadSlotDescriptor.REPLY_VALUE_OFFSET, address);
    }

    /** Adds a signal to what was put; see {@link GuestThreadChannel#deliverSignal}. */
    void signal(
            int signal,
            long handler,
            long flags,
            long restorer,
            long savedMask,
            long stackBase,
            long stackBytes,
            byte[] siginfo,
            boolean restart) {
        int at = ThreadSlotDescriptor.SIGNAL_OFFSET;
        slot.putLong(at + SignalDeliveryDescriptor.HANDLER_OFFSET, handler);
        slot.putLong(at + SignalDeliveryDescriptor.FLAGS_OFFSET, flags);
        slot.putLong(at + SignalDeliveryDescriptor.RESTORER_OFFSET, restorer);
        slot.putLong(at + SignalDeliveryDescriptor.SAVED_MASK_OFFSET, savedMask);
        slot.putLong(at + SignalDeliveryDescriptor.STACK_BASE_OFFSET, stackBase);
        slot.putLong(at + SignalDeliveryDescriptor.STACK_BYTES_OFFSET, stackBytes);
        slot.put(at + SignalDeliveryDescriptor.SIGINFO_OFFSET, siginfo, 0, SignalDeliveryDescriptor.SIGINFO_BYTES);
        slot.putInt(at + SignalDeliveryDescriptor.NUMBER_OFFSET, signal);
        slot.putInt(ThreadSlotDescriptor.REPLY_FLAGS_OFFSET, restart ? ThreadSlotDescriptor.REPLY_RESTART : 0);
    }
}
