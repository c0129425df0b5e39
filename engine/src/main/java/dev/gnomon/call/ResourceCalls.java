package dev.gnomon.call;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.network.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Limits, usage and scheduling. A simulated machine has one processor and always the same memory, so that programs that
 * size themselves by it behave alike everywhere.
 */
public final class ResourceCalls {
    private static final int RUSAGE_BYTES = 144;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int RUSAGE_THREAD = 1;
    private static final int SYSINFO_BYTES = 112;
    private static final long TOTAL_MEMORY_BYTES = 16L << 30;
    private static final long FREE_MEMORY_BYTES = 12L << 30;
    private static final int SCHED_IDLE = 5;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.GETRUSAGE, this::getResourceUsage);
        table.register(SystemCallNumber.PRLIMIT64, this::processLimit);
        table.register(SystemCallNumber.SETRLIMIT, context -> CallOutcome.NATIVE);
        table.register(SystemCallNumber.SYSINFO, this::systemInformation);
        table.register(SystemCallNumber.GETCPU, this::getProcessor);
        table.register(SystemCallNumber.SCHED_YIELD, this::yield);
        table.register(SystemCallNumber.SCHED_GETAFFINITY, this::getAffinity);
        table.register(SystemCallNumber.SCHED_SETAFFINITY, this::setAffinity);
        table.register(SystemCallNumber.SCHED_GETSCHEDULER, context -> 0);
        table.register(SystemCallNumber.SCHED_SETSCHEDULER, this::setScheduler);
        table.register(SystemCallNumber.SCHED_GETPARAM, this::getParameter);
        table.register(SystemCallNumber.SCHED_SETPARAM, context -> 0);
        table.register(SystemCallNumber.SCHED_GET_PRIORITY_MAX, context -> priorityBound(context, 99));
        table.register(SystemCallNumber.SCHED_GET_PRIORITY_MIN, context -> priorityBound(context, 1));
        table.register(SystemCallNumber.SETPRIORITY, context -> 0);
        table.register(SystemCallNumber.IOPRIO_SET, context -> 0);
    }

    private long getResourceUsage(CallContext context) {
        int who = context.intArgument(0);
        if (who < RUSAGE_CHILDREN || who > RUSAGE_THREAD) {
            return -Errno.EINVAL;
        }
        byte[] bytes = new byte[RUSAGE_BYTES];
        if (who != RUSAGE_CHILDREN) {
            long user = context.nowNanos() - context.process().startNanos();
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, user / 1_000_000_000L)
                    .putLong(8, user % 1_000_000_000L / 1000);
        }
        return context.memory().write(context.argument(1), bytes, 0, bytes.length) ? 0 : -Errno.EFAULT;
    }

    private long processLimit(CallContext context) {
        int target = context.intArgument(0);
        if (target == 0) {
            return CallOutcome.NATIVE;
        }
        // The kernel knows the process by another id, so the call cannot be handed on for a process by number.
        return context.kernel().process(target) == null ? -Errno.ESRCH : -Errno.EPERM;
    }

    private long systemInformation(CallContext context) {
        byte[] bytes = new byte[SYSINFO_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(0, (Clocks.EPOCH_NANOS + context.nowNanos()) / 1_000_000_000L);
        buffer.putLong(32, TOTAL_MEMORY_BYTES).putLong(40, FREE_MEMORY_BYTES);
        buffer.putShort(80, (short) context.kernel().processes().size());
        buffer.putInt(104, 1);
        return context.memory().write(context.argument(0), bytes, 0, bytes.length) ? 0 : -Errno.EFAULT;
    }

    private long getProcessor(CallContext context) {
        for (int i = 0; i < 2; i++) {
            if (context.argument(i) != 0 && !context.memory().writeInt(context.argument(i), 0)) {
                return -Errno.EFAULT;
            }
        }
        return 0;
    }

    private long yield(CallContext context) {
        if (context.isRetry()) {
            return 0;
        }
        // The deadline is now: an event that comes after all threads that are queued already.
        long result = context.block(context.nowNanos(), Errno.ERESTARTSYS);
        return result == CallOutcome.BLOCKED ? result : 0;
    }

    private static GuestThread thread(CallContext context, int threadId) {
        if (threadId == 0) {
            return context.thread();
        }
        for (var process : context.kernel().processes()) {
            for (GuestThread thread : process.threads()) {
                if (thread.threadId() == threadId) {
                    return thread;
                }
            }
        }
        return null;
    }

    private long getAffinity(CallContext context) {
        long length = context.argument(1) & 0xffff_ffffL;
        if (length < 8 || (length & 7) != 0) {
            return -Errno.EINVAL;
        }
        if (thread(context, context.intArgument(0)) == null) {
            return -Errno.ESRCH;
        }
        return context.memory().writeLong(context.argument(2), 1) ? 8 : -Errno.EFAULT;
    }

    private long setAffinity(CallContext context) {
        if (thread(context, context.intArgument(0)) == null) {
            return -Errno.ESRCH;
        }
        if (context.argument(1) == 0) {
            return -Errno.EINVAL;
        }
        byte[] first = new byte[1];
        if (!context.memory().read(context.argument(2), first, 0, 1)) {
            return -Errno.EFAULT;
        }
        return (first[0] & 1) != 0 ? 0 : -Errno.EINVAL;
    }

    private long setScheduler(CallContext context) {
        int policy = context.intArgument(1) & ~0x4000_0000;
        if (policy < 0 || policy > SCHED_IDLE) {
            return -Errno.EINVAL;
        }
        return policy == 1 || policy == 2 ? -Errno.EPERM : 0;
    }

    private long getParameter(CallContext context) {
        return context.memory().writeInt(context.argument(1), 0) ? 0 : -Errno.EFAULT;
    }

    private static long priorityBound(CallContext context, int realTime) {
        int policy = context.intArgument(0);
        if (policy < 0 || policy > SCHED_IDLE) {
            return -Errno.EINVAL;
        }
        return policy == 1 || policy == 2 ? realTime : 0;
    }
}
