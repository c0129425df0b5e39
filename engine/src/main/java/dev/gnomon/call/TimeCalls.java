package dev.gnomon.call;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.IntervalTimers;
import dev.gnomon.kernel.PosixTimer;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.network.Errno;

/** Clocks, sleeping and timers, {@code time(7)}. */
public final class TimeCalls {
    private static final int TIMER_ABSTIME = 1;
    private static final int ITIMER_REAL = 0;
    private static final int ITIMER_PROF = 2;
    private static final int SIGEV_SIGNAL = 0;
    private static final int SIGEV_NONE = 1;
    private static final int SIGEV_THREAD_ID = 4;
    private static final long NANOS_PER_TICK = 10_000_000L;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.CLOCK_GETTIME, this::clockGetTime);
        table.register(SystemCallNumber.CLOCK_GETRES, this::clockGetResolution);
        table.register(SystemCallNumber.GETTIMEOFDAY, this::getTimeOfDay);
        table.register(SystemCallNumber.TIME, this::time);
        table.register(SystemCallNumber.TIMES, this::times);
        table.register(SystemCallNumber.CLOCK_SETTIME, context -> -Errno.EPERM);
        table.register(SystemCallNumber.SETTIMEOFDAY, context -> -Errno.EPERM);
        table.register(SystemCallNumber.ADJTIMEX, context -> -Errno.EPERM);
        table.register(SystemCallNumber.CLOCK_ADJTIME, context -> -Errno.EPERM);
        table.register(SystemCallNumber.NANOSLEEP, context -> sleep(context, context.argument(0), context.argument(1)));
        table.register(SystemCallNumber.CLOCK_NANOSLEEP, this::clockNanosleep);
        table.register(SystemCallNumber.ALARM, this::alarm);
        table.register(SystemCallNumber.SETITIMER, this::setIntervalTimer);
        table.register(SystemCallNumber.GETITIMER, this::getIntervalTimer);
        table.register(SystemCallNumber.TIMER_CREATE, this::timerCreate);
        table.register(SystemCallNumber.TIMER_SETTIME, this::timerSetTime);
        table.register(SystemCallNumber.TIMER_GETTIME, this::timerGetTime);
        table.register(SystemCallNumber.TIMER_GETOVERRUN, this::timerGetOverrun);
        table.register(SystemCallNumber.TIMER_DELETE, this::timerDelete);
    }

    private long clockGetTime(CallContext context) {
        long value = Clocks.read(context, context.intArgument(0));
        if (value < 0) {
            return value;
        }
        return context.writeTimespec(context.argument(1), value) ? 0 : -Errno.EFAULT;
    }

    private long clockGetResolution(CallContext context) {
        long value = Clocks.read(context, context.intArgument(0));
        if (value < 0) {
            return value;
        }
        long address = context.argument(1);
        return address == 0 || context.writeTimespec(address, 1) ? 0 : -Errno.EFAULT;
    }

    private long getTimeOfDay(CallContext context) {
        long now = Clocks.EPOCH_NANOS + context.nowNanos();
        long address = context.argument(0);
        if (address != 0 && !writeTimeval(context, address, now)) {
            return -Errno.EFAULT;
        }
        long zone = context.argument(1);
        return zone == 0 || context.memory().writeLong(zone, 0) ? 0 : -Errno.EFAULT;
    }

    private long time(CallContext context) {
        long seconds = (Clocks.EPOCH_NANOS + context.nowNanos()) / 1_000_000_000L;
        long address = context.argument(0);
        return address == 0 || context.memory().writeLong(address, seconds) ? seconds : -Errno.EFAULT;
    }

    private long times(CallContext context) {
        long address = context.argument(0);
        if (address != 0) {
            long user = (context.nowNanos() - context.process().startNanos()) / NANOS_PER_TICK;
            for (int i = 0; i < 4; i++) {
                if (!context.memory().writeLong(address + 8L * i, i == 0 ? user : 0)) {
                    return -Errno.EFAULT;
                }
            }
        }
        return (Clocks.EPOCH_NANOS + context.nowNanos()) / NANOS_PER_TICK;
    }

    private static boolean writeTimeval(CallContext context, long address, long nanos) {
        return context.memory().writeLong(address, nanos / 1_000_000_000L)
                && context.memory().writeLong(address + 8, nanos % 1_000_000_000L / 1000);
    }

    /** @return nanoseconds; a negative errno */
    private static long readTimeval(CallContext context, long address) {
        if (!context.readLong(address)) {
            return -Errno.EFAULT;
        }
        long seconds = context.word();
        if (!context.readLong(address + 8)) {
            return -Errno.EFAULT;
        }
        long micros = context.word();
        if (seconds < 0 || micros < 0 || micros >= 1_000_000) {
            return -Errno.EINVAL;
        }
        return seconds > Long.MAX_VALUE / 1_000_000_000L - 1
                ? Long.MAX_VALUE
                : seconds * 1_000_000_000L + micros * 1000;
    }

    private long sleep(CallContext context, long requestAddress, long remainingAddress) {
        if (context.timedOut()) {
            return 0;
        }
        long nanos = context.readTimespec(requestAddress);
        if (nanos < 0) {
            return nanos;
        }
        long deadline = context.deadlineIn(nanos);
        long result = context.block(deadline, Errno.ERESTARTNOHAND);
        if (result != CallOutcome.BLOCKED && remainingAddress != 0) {
            long left = Math.max(0, deadline - context.nowNanos());
            if (!context.writeTimespec(remainingAddress, left)) {
                return -Errno.EFAULT;
            }
        }
        return result;
    }

    private long clockNanosleep(CallContext context) {
        int clock = context.intArgument(0);
        if (clock == Clocks.CLOCK_THREAD_CPUTIME_ID) {
            return -Errno.EINVAL;
        }
        long value = Clocks.read(context, clock);
        if (value < 0) {
            return value;
        }
        if ((context.intArgument(1) & TIMER_ABSTIME) == 0) {
            return sleep(context, context.argument(2), context.argument(3));
        }
        long until = context.readTimespec(context.argument(2));
        if (until < 0) {
            return until;
        }
        if (context.timedOut() || until <= value) {
            return 0;
        }
        return context.block(Clocks.absoluteDeadline(context, until), Errno.ERESTARTNOHAND);
    }

    private long alarm(CallContext context) {
        IntervalTimers timers = context.process().timers();
        long left = timers.remainingNanos();
        timers.set((context.argument(0) & 0xffff_ffffL) * 1_000_000_000L, 0);
        // Rounded as the kernel does: up where less than half a second would be lost, but never to zero.
        return left == 0 ? 0 : Math.max(1, (left + 500_000_000L) / 1_000_000_000L);
    }

    private long setIntervalTimer(CallContext context) {
        int which = context.intArgument(0);
        if (which < ITIMER_REAL || which > ITIMER_PROF) {
            return -Errno.EINVAL;
        }
        long address = context.argument(1);
        long interval = 0;
        long value = 0;
        if (address != 0) {
            interval = readTimeval(context, address);
            value = readTimeval(context, address + 16);
            if (interval < 0 || value < 0) {
                return Math.min(interval, value);
            }
        }
        if (which != ITIMER_REAL) {
            // Timers over CPU time: guests take none that could be charged to them.
            return value == 0 ? 0 : -Errno.ENOSYS;
        }
        IntervalTimers timers = context.process().timers();
        if (context.argument(2) != 0 && !writeIntervalTimer(context, context.argument(2), timers)) {
            return -Errno.EFAULT;
        }
        timers.set(value, interval);
        return 0;
    }

    private long getIntervalTimer(CallContext context) {
        int which = context.intArgument(0);
        if (which < ITIMER_REAL || which > ITIMER_PROF) {
            return -Errno.EINVAL;
        }
        if (which != ITIMER_REAL) {
            boolean written =
                    writeTimeval(context, context.argument(1), 0) && writeTimeval(context, context.argument(1) + 16, 0);
            return written ? 0 : -Errno.EFAULT;
        }
        return writeIntervalTimer(
                        context, context.argument(1), context.process().timers())
                ? 0
                : -Errno.EFAULT;
    }

    private static boolean writeIntervalTimer(CallContext context, long address, IntervalTimers timers) {
        return writeTimeval(context, address, timers.intervalNanos())
                && writeTimeval(context, address + 16, timers.remainingNanos());
    }

    private long timerCreate(CallContext context) {
        if (Clocks.read(context, context.intArgument(0)) < 0) {
            return -Errno.EINVAL;
        }
        int signal = Signal.ALRM;
        GuestThread thread = null;
        long value = 0;
        boolean valueIsId = true;
        long event = context.argument(1);
        if (event != 0) {
            // struct sigevent: value 0..8, signo 8..12, notify 12..16, thread id 16..20.
            if (!context.readLong(event)) {
                return -Errno.EFAULT;
            }
            value = context.word();
            valueIsId = false;
            if (!context.readLong(event + 8)) {
                return -Errno.EFAULT;
            }
            signal = (int) context.word();
            int notify = (int) (context.word() >>> 32);
            if (notify == SIGEV_NONE) {
                signal = 0;
            } else if (!Signal.isValid(signal)) {
                return -Errno.EINVAL;
            } else if (notify == SIGEV_THREAD_ID) {
                if (!context.readLong(event + 16)) {
                    return -Errno.EFAULT;
                }
                int threadId = (int) context.word();
                for (GuestThread candidate : context.process().threads()) {
                    if (candidate.threadId() == threadId) {
                        thread = candidate;
                    }
                }
                if (thread == null) {
                    return -Errno.EINVAL;
                }
            } else if (notify != SIGEV_SIGNAL) {
                return -Errno.EINVAL;
            }
        }
        IntervalTimers timers = context.process().timers();
        int id = timers.create(signal, thread, value, valueIsId);
        if (!context.memory().writeInt(context.argument(2), id)) {
            timers.delete(id);
            return -Errno.EFAULT;
        }
        return 0;
    }

    private long timerSetTime(CallContext context) {
        PosixTimer timer = context.process().timers().posixTimer(context.intArgument(0));
        if (timer == null) {
            return -Errno.EINVAL;
        }
        long interval = context.readTimespec(context.argument(2));
        if (interval < 0) {
            return interval;
        }
        long value = context.readTimespec(context.argument(2) + 16);
        if (value < 0) {
            return value;
        }
        long old = context.argument(3);
        if (old != 0 && !writeTimer(context, old, timer)) {
            return -Errno.EFAULT;
        }
        long at = 0;
        if (value > 0) {
            at = (context.intArgument(1) & TIMER_ABSTIME) != 0
                    ? Clocks.absoluteDeadline(context, value)
                    : context.nowNanos() + value;
            at = Math.max(1, at);
        }
        timer.set(at, interval);
        return 0;
    }

    private long timerGetTime(CallContext context) {
        PosixTimer timer = context.process().timers().posixTimer(context.intArgument(0));
        if (timer == null) {
            return -Errno.EINVAL;
        }
        return writeTimer(context, context.argument(1), timer) ? 0 : -Errno.EFAULT;
    }

    private static boolean writeTimer(CallContext context, long address, PosixTimer timer) {
        return context.writeTimespec(address, timer.intervalNanos())
                && context.writeTimespec(address + 16, timer.remainingNanos());
    }

    private long timerGetOverrun(CallContext context) {
        return context.process().timers().posixTimer(context.intArgument(0)) == null ? -Errno.EINVAL : 0;
    }

    private long timerDelete(CallContext context) {
        return context.process().timers().delete(context.intArgument(0)) ? 0 : -Errno.EINVAL;
    }
}
