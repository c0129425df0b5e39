package dev.gnomon.call;

import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.event.EventDescriptor;
import dev.gnomon.kernel.event.SignalDescriptor;
import dev.gnomon.kernel.event.TimerDescriptor;
import dev.gnomon.network.Errno;

/** {@code eventfd(2)}, {@code timerfd_create(2)} and {@code signalfd(2)}. */
public final class EventCalls {
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int EFD_SEMAPHORE = 1;
    private static final int TFD_TIMER_ABSTIME = 1;
    private static final int TFD_TIMER_CANCEL_ON_SET = 2;
    private static final int SIGNAL_SET_BYTES = 8;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.EVENTFD, context -> eventDescriptor(context, 0));
        table.register(SystemCallNumber.EVENTFD2, context -> eventDescriptor(context, context.intArgument(1)));
        table.register(SystemCallNumber.TIMERFD_CREATE, EventCalls::createTimer);
        table.register(SystemCallNumber.TIMERFD_SETTIME, EventCalls::setTimer);
        table.register(SystemCallNumber.TIMERFD_GETTIME, EventCalls::getTimer);
        table.register(SystemCallNumber.SIGNALFD, context -> signalDescriptor(context, 0));
        table.register(SystemCallNumber.SIGNALFD4, context -> signalDescriptor(context, context.intArgument(3)));
    }

    private static long eventDescriptor(CallContext context, int flags) {
        if ((flags & ~(O_NONBLOCK | O_CLOEXEC | EFD_SEMAPHORE)) != 0) {
            return -Errno.EINVAL;
        }
        EventDescriptor file =
                new EventDescriptor(context.intArgument(0), (flags & EFD_SEMAPHORE) != 0, (flags & O_NONBLOCK) != 0);
        return context.install(file, (flags & O_CLOEXEC) != 0);
    }

    private static long createTimer(CallContext context) {
        int flags = context.intArgument(1);
        if ((flags & ~(O_NONBLOCK | O_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        switch (context.intArgument(0)) {
            case Clocks.CLOCK_REALTIME,
                    Clocks.CLOCK_MONOTONIC,
                    Clocks.CLOCK_BOOTTIME,
                    Clocks.CLOCK_REALTIME_ALARM,
                    Clocks.CLOCK_BOOTTIME_ALARM -> {
                TimerDescriptor file = new TimerDescriptor(context.environment(), (flags & O_NONBLOCK) != 0);
                return context.install(file, (flags & O_CLOEXEC) != 0);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
    }

    private static long setTimer(CallContext context) {
        int flags = context.intArgument(1);
        long newValue = context.argument(2);
        long oldValue = context.argument(3);
        long interval = context.readTimespec(newValue);
        long value = interval < 0 ? interval : context.readTimespec(newValue + 16);
        if (value == -Errno.EFAULT || interval == -Errno.EFAULT) {
            return -Errno.EFAULT;
        }
        if (value < 0 || (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0) {
            return -Errno.EINVAL;
        }
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (!(file instanceof TimerDescriptor timer)) {
            return -Errno.EINVAL;
        }
        long remaining = timer.remainingNanos();
        long oldInterval = timer.intervalNanos();
        if (value == 0) {
            timer.set(-1, interval);
        } else if ((flags & TFD_TIMER_ABSTIME) != 0) {
            // A time before the start has passed long ago: expiries count from there.
            timer.set(Math.max(0, value - Clocks.EPOCH_NANOS), interval);
        } else {
            long now = context.nowNanos();
            timer.set(value > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + value, interval);
        }
        return oldValue == 0 || writeTimer(context, oldValue, remaining, oldInterval) ? 0 : -Errno.EFAULT;
    }

    private static long getTimer(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (!(file instanceof TimerDescriptor timer)) {
            return -Errno.EINVAL;
        }
        long remaining = timer.remainingNanos();
        return writeTimer(context, context.argument(1), remaining, timer.intervalNanos()) ? 0 : -Errno.EFAULT;
    }

    private static boolean writeTimer(CallContext context, long address, long remaining, long interval) {
        return context.writeTimespec(address, interval) && context.writeTimespec(address + 16, remaining);
    }

    private static long signalDescriptor(CallContext context, int flags) {
        if (context.argument(2) != SIGNAL_SET_BYTES) {
            return -Errno.EINVAL;
        }
        if (!context.readLong(context.argument(1))) {
            return -Errno.EFAULT;
        }
        long mask = context.word();
        if ((flags & ~(O_NONBLOCK | O_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        if (context.intArgument(0) == -1) {
            SignalDescriptor file = new SignalDescriptor(context.thread(), mask, (flags & O_NONBLOCK) != 0);
            return context.install(file, (flags & O_CLOEXEC) != 0);
        }
        OpenFile file = context.file(0);
        if (file == null) {
            // The real kernel says whether the number is open at all; what is open there is no signal descriptor.
            return CallOutcome.NATIVE;
        }
        if (!(file instanceof SignalDescriptor descriptor)) {
            return -Errno.EINVAL;
        }
        descriptor.mask(mask);
        return context.intArgument(0);
    }
}
