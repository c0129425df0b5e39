package dev.gnomon.call;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.poll.Epoll;
import dev.gnomon.network.Errno;

/**
 * Waiting for several files: {@code poll(2)}, {@code select(2)}, {@code epoll(7)} and their relatives. Files of the guest's own
 * kernel are regular files and the like, and always ready.
 */
public final class PollCalls {
    private static final int O_CLOEXEC = 02000000;
    private static final int ALWAYS = Poll.ERR | Poll.HUP;
    private static final int NATIVE_READY = Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;
    private static final int POLLFD_BYTES = 8;
    private static final int MAXIMUM_DESCRIPTORS = 1 << 20;
    private static final int SIGNAL_SET_BYTES = 8;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int SELECT_IN = Poll.RDNORM | Poll.RDBAND | Poll.IN | Poll.HUP | Poll.ERR;
    private static final int SELECT_OUT = Poll.WRBAND | Poll.WRNORM | Poll.OUT | Poll.ERR;
    private static final int SELECT_EXCEPTION = Poll.PRI;

    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLL_EVENT_BYTES = 12;
    private static final int MAXIMUM_EVENTS = Integer.MAX_VALUE / EPOLL_EVENT_BYTES;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.POLL, PollCalls::poll);
        table.register(SystemCallNumber.PPOLL, PollCalls::pollWithMask);
        table.register(SystemCallNumber.SELECT, PollCalls::select);
        table.register(SystemCallNumber.PSELECT6, PollCalls::selectWithMask);
        table.register(SystemCallNumber.EPOLL_CREATE, PollCalls::createEpoll);
        table.register(SystemCallNumber.EPOLL_CREATE1, PollCalls::createEpollWithFlags);
        table.register(SystemCallNumber.EPOLL_CTL, PollCalls::controlEpoll);
        table.register(SystemCallNumber.EPOLL_WAIT, PollCalls::waitEpoll);
        table.register(SystemCallNumber.EPOLL_PWAIT, PollCalls::waitEpollWithMask);
        table.register(SystemCallNumber.EPOLL_PWAIT2, PollCalls::waitEpollWithTimespec);
    }

    // ---- masks and times

    /** Blocks the signals of the set at {@code address}, if it is given, for this call: 0, or a negative error. */
    private static long applyMask(CallContext context, long address, long bytes) {
        if (address == 0 || context.isRetry()) {
            return 0;
        }
        if (bytes != SIGNAL_SET_BYTES) {
            return -Errno.EINVAL;
        }
        if (!context.readLong(address)) {
            return -Errno.EFAULT;
        }
        context.thread().blockTemporarily(context.word());
        return 0;
    }

    /** Ends a call that may have set a mask: a signal that ended it must still find the call's mask. */
    private static long finishMask(CallContext context, long result) {
        if (CallOutcome.isResult(result) && result != -Errno.EINTR && result != -Errno.ERESTARTNOHAND) {
            context.thread().restoreMask();
        }
        return result;
    }

    private static long deadlineInMillis(CallContext context, int millis) {
        return millis < 0 ? GuestThread.FOREVER : context.deadlineIn(millis * NANOS_PER_MILLI);
    }

    /** Stores what is left until {@code deadline}; failing to is no error ({@code poll_select_finish()}). */
    private static void writeRemaining(CallContext context, long address, long deadline, long nanosPerUnit) {
        if (address == 0 || deadline == GuestThread.FOREVER) {
            return;
        }
        long left = Math.max(0, deadline - context.nowNanos());
        if (context.memory().writeLong(address, left / NANOS_PER_SECOND)) {
            context.memory().writeLong(address + 8, left % NANOS_PER_SECOND / nanosPerUnit);
        }
    }

    // ---- poll

    private static long poll(CallContext context) {
        return poll(context, deadlineInMillis(context, context.intArgument(2)));
    }

    private static long pollWithMask(CallContext context) {
        long deadline = GuestThread.FOREVER;
        if (context.argument(2) != 0) {
            long nanos = context.isRetry() ? 0 : context.readTimespec(context.argument(2));
            if (nanos < 0) {
                return nanos;
            }
            deadline = context.deadlineIn(nanos);
        }
        long failure = applyMask(context, context.argument(3), context.argument(4));
        if (failure != 0) {
            return failure;
        }
        long result = finishMask(context, poll(context, deadline));
        if (CallOutcome.isResult(result)) {
            writeRemaining(context, context.argument(2), deadline, 1);
        }
        return result;
    }

    private static long poll(CallContext context, long deadline) {
        long address = context.argument(0);
        long count = context.argument(1) & 0xffff_ffffL;
        if (count > MAXIMUM_DESCRIPTORS) {
            return -Errno.EINVAL;
        }
        int bytes = (int) count * POLLFD_BYTES;
        byte[] entries = context.kernel().scratch(bytes);
        if (count > 0 && !context.memory().read(address, entries, 0, bytes)) {
            return -Errno.EFAULT;
        }
        GuestThread thread = context.thread();
        int ready = 0;
        for (int i = 0; i < bytes; i += POLLFD_BYTES) {
            int descriptor = LittleEndian.getInt(entries, i);
            int found = 0;
            if (descriptor >= 0) {
                int wanted = LittleEndian.getShort(entries, i + 4) | ALWAYS;
                OpenFile file = context.process().descriptors().get(descriptor);
                if (file != null) {
                    found = file.readinessFor(thread) & wanted;
                } else {
                    found = NativeDescriptors.isOpen(context, descriptor) ? NATIVE_READY & wanted : Poll.NVAL;
                }
            }
            LittleEndian.putShort(entries, i + 6, found);
            if (found != 0) {
                ready++;
            }
        }
        if (ready == 0 && context.nowNanos() < deadline) {
            for (int i = 0; i < bytes; i += POLLFD_BYTES) {
                int descriptor = LittleEndian.getInt(entries, i);
                OpenFile file = context.process().descriptors().get(descriptor);
                if (file != null) {
                    context.watch(file.waitersFor(thread), LittleEndian.getShort(entries, i + 4) | ALWAYS);
                }
            }
            return context.block(deadline, Errno.ERESTARTNOHAND);
        }
        if (count > 0 && !context.memory().write(address, entries, 0, bytes)) {
            return -Errno.EFAULT;
        }
        return ready;
    }

    // ---- select

    private static long select(CallContext context) {
        long address = context.argument(4);
        long deadline = GuestThread.FOREVER;
        if (address != 0) {
            long nanos = context.isRetry() ? 0 : readTimeval(context, address);
            if (nanos < 0) {
                return nanos;
            }
            deadline = context.deadlineIn(nanos);
        }
        long result = select(context, deadline);
        if (CallOutcome.isResult(result)) {
            writeRemaining(context, address, deadline, NANOS_PER_MICRO);
        }
        return result;
    }

    private static long readTimeval(CallContext context, long address) {
        if (!context.readLong(address)) {
            return -Errno.EFAULT;
        }
        long seconds = context.word();
        if (!context.readLong(address + 8)) {
            return -Errno.EFAULT;
        }
        long micros = context.word();
        // Microseconds above a million are carried over, as kern_select() does.
        seconds += micros / 1_000_000;
        micros %= 1_000_000;
        if (seconds < 0 || micros < 0) {
            return -Errno.EINVAL;
        }
        return seconds > Long.MAX_VALUE / NANOS_PER_SECOND - 1
                ? Long.MAX_VALUE
                : seconds * NANOS_PER_SECOND + micros * NANOS_PER_MICRO;
    }

    private static long selectWithMask(CallContext context) {
        long maskAddress = 0;
        long maskBytes = 0;
        long packed = context.argument(5);
        if (packed != 0) {
            if (!context.readLong(packed)) {
                return -Errno.EFAULT;
            }
            maskAddress = context.word();
            if (!context.readLong(packed + 8)) {
                return -Errno.EFAULT;
            }
            maskBytes = context.word();
        }
        long deadline = GuestThread.FOREVER;
        long address = context.argument(4);
        if (address != 0) {
            long nanos = context.isRetry() ? 0 : context.readTimespec(address);
            if (nanos < 0) {
                return nanos;
            }
            deadline = context.deadlineIn(nanos);
        }
        long failure = applyMask(context, maskAddress, maskBytes);
        if (failure != 0) {
            return failure;
        }
        long result = finishMask(context, select(context, deadline));
        if (CallOutcome.isResult(result)) {
            writeRemaining(context, address, deadline, 1);
        }
        return result;
    }

    private static long select(CallContext context, long deadline) {
        int count = context.intArgument(0);
        if (count < 0) {
            return -Errno.EINVAL;
        }
        count = Math.min(count, MAXIMUM_DESCRIPTORS);
        int setBytes = (count + 63) / 64 * 8;
        // Three sets as they came, then three as they go.
        byte[] sets = context.kernel().scratch(6 * setBytes);
        for (int set = 0; set < 3; set++) {
            long address = context.argument(1 + set);
            if (address == 0) {
                java.util.Arrays.fill(sets, set * setBytes, (set + 1) * setBytes, (byte) 0);
            } else if (setBytes > 0 && !context.memory().read(address, sets, set * setBytes, setBytes)) {
                return -Errno.EFAULT;
            }
        }
        java.util.Arrays.fill(sets, 3 * setBytes, 6 * setBytes, (byte) 0);
        GuestThread thread = context.thread();
        int ready = 0;
        for (int base = 0; base < count; base += 64) {
            long in = selected(sets, base, count, 0, setBytes);
            long out = selected(sets, base, count, 1, setBytes);
            long exception = selected(sets, base, count, 2, setBytes);
            for (long left = in | out | exception; left != 0; left &= left - 1) {
                int index = Long.numberOfTrailingZeros(left);
                long bit = 1L << index;
                int found = selectReadiness(context, thread, base + index);
                if (found < 0) {
                    return found;
                }
                ready += mark(sets, 3 * setBytes + base / 8, bit, (in & bit) != 0 && (found & SELECT_IN) != 0);
                ready += mark(sets, 4 * setBytes + base / 8, bit, (out & bit) != 0 && (found & SELECT_OUT) != 0);
                ready += mark(
                        sets, 5 * setBytes + base / 8, bit, (exception & bit) != 0 && (found & SELECT_EXCEPTION) != 0);
            }
        }
        if (ready == 0 && context.nowNanos() < deadline) {
            watchSelected(context, sets, setBytes, count);
            return context.block(deadline, Errno.ERESTARTNOHAND);
        }
        for (int set = 0; set < 3; set++) {
            long address = context.argument(1 + set);
            if (address != 0
                    && setBytes > 0
                    && !context.memory().write(address, sets, (3 + set) * setBytes, setBytes)) {
                return -Errno.EFAULT;
            }
        }
        return ready;
    }

    private static long selected(byte[] sets, int base, int count, int set, int setBytes) {
        long bits = LittleEndian.getLong(sets, set * setBytes + base / 8);
        return count - base >= 64 ? bits : bits & (1L << (count - base)) - 1;
    }

    private static int selectReadiness(CallContext context, GuestThread thread, int descriptor) {
        OpenFile file = context.process().descriptors().get(descriptor);
        if (file != null) {
            return file.readinessFor(thread);
        }
        return NativeDescriptors.isOpen(context, descriptor) ? NATIVE_READY : -Errno.EBADF;
    }

    private static int mark(byte[] sets, int offset, long bit, boolean isReady) {
        if (!isReady) {
            return 0;
        }
        LittleEndian.putLong(sets, offset, LittleEndian.getLong(sets, offset) | bit);
        return 1;
    }

    private static void watchSelected(CallContext context, byte[] sets, int setBytes, int count) {
        for (int base = 0; base < count; base += 64) {
            long in = selected(sets, base, count, 0, setBytes);
            long out = selected(sets, base, count, 1, setBytes);
            long exception = selected(sets, base, count, 2, setBytes);
            for (long left = in | out | exception; left != 0; left &= left - 1) {
                int index = Long.numberOfTrailingZeros(left);
                long bit = 1L << index;
                int mask = ((in & bit) != 0 ? SELECT_IN : 0)
                        | ((out & bit) != 0 ? SELECT_OUT : 0)
                        | ((exception & bit) != 0 ? SELECT_EXCEPTION : 0);
                OpenFile file = context.process().descriptors().get(base + index);
                if (file != null) {
                    context.watch(file.waitersFor(context.thread()), mask | ALWAYS);
                }
            }
        }
    }

    // ---- epoll

    private static long createEpoll(CallContext context) {
        return context.intArgument(0) <= 0 ? -Errno.EINVAL : context.install(new Epoll(), false);
    }

    private static long createEpollWithFlags(CallContext context) {
        int flags = context.intArgument(0);
        return (flags & ~O_CLOEXEC) != 0 ? -Errno.EINVAL : context.install(new Epoll(), flags != 0);
    }

    private static long controlEpoll(CallContext context) {
        int operation = context.intArgument(1);
        int events = 0;
        long data = 0;
        if (operation != EPOLL_CTL_DEL) {
            long address = context.argument(3);
            long low = context.memory().readInt(address);
            if (low == dev.gnomon.guest.GuestMemory.UNREADABLE || !context.readLong(address + 4)) {
                return -Errno.EFAULT;
            }
            events = (int) low;
            data = context.word();
        }
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        int descriptor = context.intArgument(2);
        OpenFile target = context.process().descriptors().get(descriptor);
        if (target == null) {
            return NativeDescriptors.isOpen(context, descriptor) ? -Errno.EPERM : -Errno.EBADF;
        }
        if (!(file instanceof Epoll epoll)) {
            return -Errno.EINVAL;
        }
        return switch (operation) {
            case EPOLL_CTL_ADD -> epoll.add(context.thread(), target, descriptor, events, data);
            case EPOLL_CTL_MOD -> epoll.modify(context.thread(), target, descriptor, events, data);
            case EPOLL_CTL_DEL -> epoll.remove(target, descriptor);
            default -> -Errno.EINVAL;
        };
    }

    private static long waitEpoll(CallContext context) {
        return waitEpoll(context, deadlineInMillis(context, context.intArgument(3)));
    }

    private static long waitEpollWithMask(CallContext context) {
        long failure = applyMask(context, context.argument(4), context.argument(5));
        return failure != 0 ? failure : finishMask(context, waitEpoll(context));
    }

    private static long waitEpollWithTimespec(CallContext context) {
        long deadline = GuestThread.FOREVER;
        if (context.argument(3) != 0) {
            long nanos = context.isRetry() ? 0 : context.readTimespec(context.argument(3));
            if (nanos < 0) {
                return nanos;
            }
            deadline = context.deadlineIn(nanos);
        }
        long failure = applyMask(context, context.argument(4), context.argument(5));
        return failure != 0 ? failure : finishMask(context, waitEpoll(context, deadline));
    }

    private static long waitEpoll(CallContext context, long deadline) {
        int limit = context.intArgument(2);
        if (limit <= 0 || limit > MAXIMUM_EVENTS) {
            return -Errno.EINVAL;
        }
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (!(file instanceof Epoll epoll)) {
            return -Errno.EINVAL;
        }
        int count = 0;
        if (epoll.mayBeReady()) {
            count = epoll.collect(context.thread(), limit, sink(context));
        }
        if (count != 0 || context.nowNanos() >= deadline) {
            return count;
        }
        // Of several threads that wait on one poll an event wakes the one that has waited longest.
        context.thread().watch(epoll.sleepers(), Poll.IN, true);
        return context.block(deadline, Errno.EINTR);
    }

    private static Epoll.EventSink sink(CallContext context) {
        long address = context.argument(1);
        return (index, events, data) -> {
            long at = address + (long) index * EPOLL_EVENT_BYTES;
            return context.memory().writeInt(at, events) && context.memory().writeLong(at + 4, data);
        };
    }
}
