package dev.gnomon.call;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.KernelEnvironment;
import dev.gnomon.network.Errno;

/**
 * The clocks of {@code clock_gettime(2)} over virtual time. Real time began at 2000-01-01 00:00:00 UTC, as did the others: a
 * simulated machine was switched on at that moment, so that monotonic time counts from the Unix epoch as well. CPU clocks count
 * virtual time since the run's start.
 */
final class Clocks {
    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_MONOTONIC = 1;
    static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    static final int CLOCK_THREAD_CPUTIME_ID = 3;
    static final int CLOCK_MONOTONIC_RAW = 4;
    static final int CLOCK_REALTIME_COARSE = 5;
    static final int CLOCK_MONOTONIC_COARSE = 6;
    static final int CLOCK_BOOTTIME = 7;
    static final int CLOCK_REALTIME_ALARM = 8;
    static final int CLOCK_BOOTTIME_ALARM = 9;
    static final int CLOCK_TAI = 11;

    static final long EPOCH_NANOS = KernelEnvironment.START_EPOCH_SECONDS * 1_000_000_000L;

    private Clocks() {}

    /** The clock's value in nanoseconds; {@code -EINVAL} for a clock that does not exist. */
    static long read(CallContext context, int clock) {
        long now = context.nowNanos();
        return switch (clock) {
            case CLOCK_REALTIME,
                    CLOCK_REALTIME_COARSE,
                    CLOCK_REALTIME_ALARM,
                    CLOCK_MONOTONIC,
                    CLOCK_MONOTONIC_RAW,
                    CLOCK_MONOTONIC_COARSE,
                    CLOCK_BOOTTIME,
                    CLOCK_BOOTTIME_ALARM,
                    CLOCK_TAI -> EPOCH_NANOS + now;
            case CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID ->
                now - context.process().startNanos();
            default -> clock < 0 ? now - context.process().startNanos() : -Errno.EINVAL;
        };
    }

    /** The virtual time of an absolute time of a clock that counts from the epoch. */
    static long absoluteDeadline(CallContext context, long epochNanos) {
        if (epochNanos == Long.MAX_VALUE) {
            return GuestThread.FOREVER;
        }
        return Math.max(context.nowNanos(), epochNanos - EPOCH_NANOS);
    }
}
