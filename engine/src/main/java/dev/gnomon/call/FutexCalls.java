package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.Futexes;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.network.Errno;

/**
 * {@code futex(2)}. Only one thread of a host runs at a time, so comparing the word and going to sleep is one step by
 * itself.
 */
public final class FutexCalls {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_REQUEUE = 3;
    private static final int FUTEX_CMP_REQUEUE = 4;
    private static final int FUTEX_WAKE_OP = 5;
    private static final int FUTEX_LOCK_PI = 6;
    private static final int FUTEX_UNLOCK_PI = 7;
    private static final int FUTEX_TRYLOCK_PI = 8;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int FUTEX_WAKE_BITSET = 10;
    private static final int FUTEX_LOCK_PI2 = 13;
    private static final int FUTEX_PRIVATE_FLAG = 128;
    private static final int FUTEX_CLOCK_REALTIME = 256;
    private static final int FUTEX_WAITERS = 0x8000_0000;
    private static final int FUTEX_TID_MASK = 0x3fff_ffff;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.FUTEX, this::futex);
    }

    private long futex(CallContext context) {
        long address = context.argument(0);
        int operation = context.intArgument(1);
        boolean isPrivate = (operation & FUTEX_PRIVATE_FLAG) != 0;
        if ((address & 3) != 0) {
            return -Errno.EINVAL;
        }
        Futexes futexes = context.kernel().futexes();
        return switch (operation & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)) {
            case FUTEX_WAIT -> waitOn(context, address, isPrivate, Futexes.ALL_BITS, true);
            case FUTEX_WAIT_BITSET ->
                context.intArgument(5) == 0
                        ? -Errno.EINVAL
                        : waitOn(context, address, isPrivate, context.intArgument(5), false);
            case FUTEX_WAKE ->
                futexes.wake(
                        context.process(), address, isPrivate, wakeCount(context.intArgument(2)), Futexes.ALL_BITS);
            case FUTEX_WAKE_BITSET ->
                context.intArgument(5) == 0
                        ? -Errno.EINVAL
                        : futexes.wake(
                                context.process(),
                                address,
                                isPrivate,
                                wakeCount(context.intArgument(2)),
                                context.intArgument(5));
            case FUTEX_REQUEUE -> requeue(context, address, isPrivate, false);
            case FUTEX_CMP_REQUEUE -> requeue(context, address, isPrivate, true);
            case FUTEX_WAKE_OP -> wakeOperation(context, address, isPrivate);
            case FUTEX_LOCK_PI, FUTEX_LOCK_PI2 -> lockPriorityInheriting(context, address, isPrivate);
            case FUTEX_TRYLOCK_PI -> tryLockPriorityInheriting(context, address);
            case FUTEX_UNLOCK_PI -> unlockPriorityInheriting(context, address, isPrivate);
            default -> -Errno.ENOSYS;
        };
    }

    /** The kernel wakes one waiter where the count is not positive. Source: {@code kernel/futex/waitwake.c}. */
    private static int wakeCount(int count) {
        return Math.max(1, count);
    }

    private long waitOn(CallContext context, long address, boolean isPrivate, int bits, boolean relative) {
        if (context.attachment() instanceof Futexes.Wait wait) {
            if (wait.isWoken()) {
                return 0;
            }
            context.kernel().futexes().cancel(wait);
            if (context.timedOut()) {
                return -Errno.ETIMEDOUT;
            }
            long result = context.block(GuestThread.FOREVER, Errno.ERESTARTSYS);
            if (result != CallOutcome.BLOCKED) {
                return result;
            }
            context.thread().cancelBlock();
            context.attach(null);
        }
        long deadline = GuestThread.FOREVER;
        long timeoutAddress = context.argument(3);
        if (timeoutAddress != 0) {
            long timeout = context.readTimespec(timeoutAddress);
            if (timeout < 0) {
                return timeout;
            }
            deadline = relative ? context.deadlineIn(timeout) : Clocks.absoluteDeadline(context, timeout);
        }
        long word = context.memory().readInt(address);
        if (word == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        if ((int) word != context.intArgument(2)) {
            return -Errno.EAGAIN;
        }
        Futexes.Wait wait = context.kernel().futexes().enqueue(context.thread(), address, isPrivate, bits);
        context.attach(wait);
        long result = context.block(deadline, Errno.ERESTARTSYS);
        if (result != CallOutcome.BLOCKED) {
            context.kernel().futexes().cancel(wait);
            context.attach(null);
        }
        return result;
    }

    private long requeue(CallContext context, long address, boolean isPrivate, boolean compare) {
        int wakes = context.intArgument(2);
        int requeues = context.intArgument(3);
        if (wakes < 0 || requeues < 0) {
            return -Errno.EINVAL;
        }
        if (compare) {
            long word = context.memory().readInt(address);
            if (word == GuestMemory.UNREADABLE) {
                return -Errno.EFAULT;
            }
            if ((int) word != context.intArgument(5)) {
                return -Errno.EAGAIN;
            }
        }
        Futexes futexes = context.kernel().futexes();
        int woken = wakes == 0 ? 0 : futexes.wake(context.process(), address, isPrivate, wakes, Futexes.ALL_BITS);
        int moved = futexes.requeue(context.process(), address, context.argument(4), isPrivate, requeues);
        return compare ? woken + (long) moved : woken;
    }

    private long wakeOperation(CallContext context, long address, boolean isPrivate) {
        long second = context.argument(4);
        int encoded = context.intArgument(5);
        long word = context.memory().readInt(second);
        if (word == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        int old = (int) word;
        int argument = (encoded << 8) >> 20;
        if ((encoded & 0x8000_0000) != 0) {
            argument = 1 << (argument & 31);
        }
        int updated;
        switch ((encoded >> 28) & 7) {
            case 0 -> updated = argument;
            case 1 -> updated = old + argument;
            case 2 -> updated = old | argument;
            case 3 -> updated = old & ~argument;
            case 4 -> updated = old ^ argument;
            default -> {
                return -Errno.ENOSYS;
            }
        }
        if (!context.memory().writeInt(second, updated)) {
            return -Errno.EFAULT;
        }
        int against = (encoded << 20) >> 20;
        boolean holds;
        switch ((encoded >> 24) & 15) {
            case 0 -> holds = old == against;
            case 1 -> holds = old != against;
            case 2 -> holds = old < against;
            case 3 -> holds = old <= against;
            case 4 -> holds = old > against;
            case 5 -> holds = old >= against;
            default -> {
                return -Errno.ENOSYS;
            }
        }
        Futexes futexes = context.kernel().futexes();
        int woken = futexes.wake(
                context.process(), address, isPrivate, wakeCount(context.intArgument(2)), Futexes.ALL_BITS);
        if (holds) {
            woken += futexes.wake(
                    context.process(), second, isPrivate, wakeCount(context.intArgument(3)), Futexes.ALL_BITS);
        }
        return woken;
    }

    private long lockPriorityInheriting(CallContext context, long address, boolean isPrivate) {
        long word = context.memory().readInt(address);
        if (word == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        if (context.attachment() instanceof Futexes.Wait wait) {
            if (!wait.isWoken()) {
                context.kernel().futexes().cancel(wait);
                if (context.timedOut()) {
                    return -Errno.ETIMEDOUT;
                }
            }
            context.attach(null);
        }
        int owner = (int) word & FUTEX_TID_MASK;
        int self = context.thread().threadId();
        if (owner == self) {
            return -Errno.EDEADLK;
        }
        if (owner == 0) {
            // Whoever else waits is not known here: keeping the bit costs the next unlock one needless call.
            int value = self | ((int) word & FUTEX_WAITERS);
            return context.memory().writeInt(address, value) ? 0 : -Errno.EFAULT;
        }
        if (!context.memory().writeInt(address, (int) word | FUTEX_WAITERS)) {
            return -Errno.EFAULT;
        }
        long deadline = GuestThread.FOREVER;
        if (context.argument(3) != 0) {
            long timeout = context.readTimespec(context.argument(3));
            if (timeout < 0) {
                return timeout;
            }
            deadline = Clocks.absoluteDeadline(context, timeout);
        }
        Futexes.Wait wait = context.kernel().futexes().enqueue(context.thread(), address, isPrivate, Futexes.ALL_BITS);
        context.attach(wait);
        long result = context.block(deadline, Errno.ERESTARTSYS);
        if (result != CallOutcome.BLOCKED) {
            context.kernel().futexes().cancel(wait);
            context.attach(null);
        }
        return result;
    }

    private long tryLockPriorityInheriting(CallContext context, long address) {
        long word = context.memory().readInt(address);
        if (word == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        int owner = (int) word & FUTEX_TID_MASK;
        if (owner == context.thread().threadId()) {
            return -Errno.EDEADLK;
        }
        if (owner != 0) {
            return -Errno.EAGAIN;
        }
        int value = context.thread().threadId() | ((int) word & FUTEX_WAITERS);
        return context.memory().writeInt(address, value) ? 0 : -Errno.EFAULT;
    }

    private long unlockPriorityInheriting(CallContext context, long address, boolean isPrivate) {
        long word = context.memory().readInt(address);
        if (word == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        if (((int) word & FUTEX_TID_MASK) != context.thread().threadId()) {
            return -Errno.EPERM;
        }
        if (!context.memory().writeInt(address, (int) word & FUTEX_WAITERS)) {
            return -Errno.EFAULT;
        }
        int woken = context.kernel().futexes().wake(context.process(), address, isPrivate, 1, Futexes.ALL_BITS);
        if (woken == 0 && !context.memory().writeInt(address, 0)) {
            return -Errno.EFAULT;
        }
        return 0;
    }
}
