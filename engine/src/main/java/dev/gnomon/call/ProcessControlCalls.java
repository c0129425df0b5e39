package dev.gnomon.call;

import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.network.Errno;

/** {@code prctl(2)}, {@code seccomp(2)}, {@code getrandom(2)} and what else a process asks of the kernel about itself. */
public final class ProcessControlCalls {
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_GET_PDEATHSIG = 2;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_TSC = 26;
    private static final int PR_SET_MM = 35;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int PR_GET_CHILD_SUBREAPER = 37;
    private static final int PR_SET_SYSCALL_USER_DISPATCH = 59;
    private static final int PR_SCHED_CORE = 62;
    private static final int GRND_NONBLOCK = 1;
    private static final int GRND_RANDOM = 2;
    private static final int GRND_INSECURE = 4;
    private static final int CHUNK_BYTES = 4096;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.PRCTL, this::processControl);
        // A filter could only forbid calls that the program does not make; installing one succeeds.
        table.register(SystemCallNumber.SECCOMP, context -> context.intArgument(0) > 3 ? -Errno.EINVAL : 0);
        table.register(SystemCallNumber.GETRANDOM, this::getRandom);
        table.register(SystemCallNumber.RSEQ, context -> -Errno.ENOSYS);
        table.register(SystemCallNumber.PTRACE, context -> -Errno.EPERM);
        table.register(SystemCallNumber.REBOOT, context -> -Errno.EPERM);
        table.register(SystemCallNumber.MOUNT, context -> -Errno.EPERM);
        table.register(SystemCallNumber.UMOUNT2, context -> -Errno.EPERM);
        table.register(SystemCallNumber.UNSHARE, context -> -Errno.EPERM);
        table.register(SystemCallNumber.SETNS, context -> -Errno.EPERM);
        table.register(SystemCallNumber.CHROOT, context -> -Errno.EPERM);
        table.register(SystemCallNumber.PIVOT_ROOT, context -> -Errno.EPERM);
        table.register(SystemCallNumber.BPF, context -> -Errno.EPERM);
        table.register(SystemCallNumber.PERF_EVENT_OPEN, context -> -Errno.EACCES);
        // Callers fall back to what is supported; none of these is needed for anything else.
        table.register(SystemCallNumber.IO_URING_SETUP, context -> -Errno.ENOSYS);
    }

    private long processControl(CallContext context) {
        return switch (context.intArgument(0)) {
            case PR_SET_PDEATHSIG -> {
                long signal = context.argument(1);
                if (signal < 0 || signal > Signal.MAXIMUM) {
                    yield -Errno.EINVAL;
                }
                context.process().parentDeathSignal((int) signal);
                yield 0;
            }
            case PR_GET_PDEATHSIG ->
                context.memory().writeInt(context.argument(1), context.process().parentDeathSignal())
                        ? 0
                        : -Errno.EFAULT;
            // The engine reads and writes the guest's memory, which the real flag would forbid.
            case PR_GET_DUMPABLE -> context.process().isDumpable() ? 1 : 0;
            case PR_SET_DUMPABLE -> {
                long value = context.argument(1);
                if (value != 0 && value != 1) {
                    yield -Errno.EINVAL;
                }
                context.process().dumpable(value == 1);
                yield 0;
            }
            case PR_SET_SECCOMP -> 0;
            case PR_SET_TSC, PR_SET_SYSCALL_USER_DISPATCH, PR_SCHED_CORE -> -Errno.EINVAL;
            case PR_SET_MM -> -Errno.EPERM;
            case PR_SET_CHILD_SUBREAPER -> {
                context.process().childSubreaper(context.argument(1) != 0);
                yield 0;
            }
            case PR_GET_CHILD_SUBREAPER ->
                context.memory().writeInt(context.argument(1), context.process().isChildSubreaper() ? 1 : 0)
                        ? 0
                        : -Errno.EFAULT;
            default -> CallOutcome.NATIVE;
        };
    }

    private long getRandom(CallContext context) {
        int flags = context.intArgument(2);
        if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0
                || (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE)) {
            return -Errno.EINVAL;
        }
        long length = Math.min(context.argument(1) & Long.MAX_VALUE, 0x1ff_ffffL);
        byte[] chunk = new byte[(int) Math.min(length, CHUNK_BYTES)];
        long done = 0;
        while (done < length) {
            int part = (int) Math.min(chunk.length, length - done);
            context.environment().fillRandom(chunk, part);
            if (!context.memory().write(context.argument(0) + done, chunk, 0, part)) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            done += part;
        }
        return done;
    }
}
