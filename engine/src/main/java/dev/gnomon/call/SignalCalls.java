package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalAction;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Signals, {@code signal(7)}. */
public final class SignalCalls {
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SS_ONSTACK = 1;
    private static final int SS_DISABLE = 2;
    private static final int SS_AUTODISARM = 0x8000_0000;
    private static final int MINIMUM_SIGNAL_STACK = 2048;
    private static final long MASK_BYTES = 8;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.RT_SIGACTION, this::action);
        table.register(SystemCallNumber.RT_SIGPROCMASK, this::processMask);
        table.register(SystemCallNumber.RT_SIGPENDING, this::pending);
        table.register(SystemCallNumber.RT_SIGSUSPEND, this::suspend);
        table.register(SystemCallNumber.PAUSE, context -> context.block(GuestThread.FOREVER, Errno.ERESTARTNOHAND));
        table.register(SystemCallNumber.RT_SIGTIMEDWAIT, this::timedWait);
        table.register(SystemCallNumber.SIGALTSTACK, this::alternateStack);
        table.register(SystemCallNumber.KILL, this::kill);
        table.register(SystemCallNumber.TKILL, context -> threadKill(context, 0, context.intArgument(0), 1));
        table.register(
                SystemCallNumber.TGKILL,
                context -> threadKill(context, context.intArgument(0), context.intArgument(1), 2));
        table.register(SystemCallNumber.RT_SIGQUEUEINFO, this::queue);
        table.register(SystemCallNumber.RT_TGSIGQUEUEINFO, this::queueToThread);
    }

    private long action(CallContext context) {
        int signal = context.intArgument(0);
        if (!Signal.isValid(signal) || context.argument(3) != MASK_BYTES) {
            return -Errno.EINVAL;
        }
        GuestMemory memory = context.memory();
        GuestProcess process = context.process();
        long newAddress = context.argument(1);
        SignalAction replacement = null;
        if (newAddress != 0) {
            if (signal == Signal.KILL || signal == Signal.STOP) {
                return -Errno.EINVAL;
            }
            byte[] bytes = new byte[SignalAction.BYTES];
            if (!memory.read(newAddress, bytes, 0, bytes.length)) {
                return -Errno.EFAULT;
            }
            replacement = SignalAction.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }
        long oldAddress = context.argument(2);
        if (oldAddress != 0) {
            SignalAction old = process.action(signal);
            byte[] bytes = new byte[SignalAction.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(old.handler())
                    .putLong(old.flags())
                    .putLong(old.restorer())
                    .putLong(old.mask());
            if (!memory.write(oldAddress, bytes, 0, bytes.length)) {
                return -Errno.EFAULT;
            }
        }
        if (replacement != null) {
            process.action(signal, replacement);
        }
        return 0;
    }

    private long processMask(CallContext context) {
        if (context.argument(3) != MASK_BYTES) {
            return -Errno.EINVAL;
        }
        GuestThread thread = context.thread();
        long before = thread.blockedSignals();
        long setAddress = context.argument(1);
        if (setAddress != 0) {
            if (!context.readLong(setAddress)) {
                return -Errno.EFAULT;
            }
            long set = context.word();
            switch (context.intArgument(0)) {
                case SIG_BLOCK -> thread.blockedSignals(before | set);
                case SIG_UNBLOCK -> thread.blockedSignals(before & ~set);
                case SIG_SETMASK -> thread.blockedSignals(set);
                default -> {
                    return -Errno.EINVAL;
                }
            }
        }
        long oldAddress = context.argument(2);
        return oldAddress == 0 || context.memory().writeLong(oldAddress, before) ? 0 : -Errno.EFAULT;
    }

    private long pending(CallContext context) {
        if (context.argument(1) > MASK_BYTES) {
            return -Errno.EINVAL;
        }
        GuestThread thread = context.thread();
        long mask = (thread.pending().mask() | thread.process().pending().mask()) & thread.blockedSignals();
        return context.memory().writeLong(context.argument(0), mask) ? 0 : -Errno.EFAULT;
    }

    private long suspend(CallContext context) {
        if (context.argument(1) != MASK_BYTES) {
            return -Errno.EINVAL;
        }
        if (!context.readLong(context.argument(0))) {
            return -Errno.EFAULT;
        }
        context.thread().blockTemporarily(context.word());
        return context.block(GuestThread.FOREVER, Errno.ERESTARTNOHAND);
    }

    private long timedWait(CallContext context) {
        if (context.argument(3) != MASK_BYTES) {
            return -Errno.EINVAL;
        }
        if (!context.readLong(context.argument(0))) {
            return -Errno.EFAULT;
        }
        GuestThread thread = context.thread();
        long wanted = context.word() & ~Signal.UNBLOCKABLE;
        thread.awaitSignals(0);
        SignalInformation taken = thread.takeSignal(wanted);
        if (taken != null) {
            long address = context.argument(1);
            if (address != 0 && !context.memory().write(address, taken.bytes(), 0, SignalInformation.BYTES)) {
                return -Errno.EFAULT;
            }
            return taken.signal();
        }
        if (context.timedOut()) {
            return -Errno.EAGAIN;
        }
        long deadline = GuestThread.FOREVER;
        if (context.argument(2) != 0) {
            long timeout = context.readTimespec(context.argument(2));
            if (timeout < 0) {
                return timeout;
            }
            if (timeout == 0) {
                return -Errno.EAGAIN;
            }
            deadline = context.deadlineIn(timeout);
        }
        long result = context.block(deadline, Errno.EINTR);
        if (result == CallOutcome.BLOCKED) {
            thread.awaitSignals(wanted);
        }
        return result;
    }

    private long alternateStack(CallContext context) {
        GuestThread thread = context.thread();
        GuestMemory memory = context.memory();
        long newAddress = context.argument(0);
        long base = 0;
        long flags = 0;
        long bytes = 0;
        if (newAddress != 0) {
            byte[] stack = new byte[24];
            if (!memory.read(newAddress, stack, 0, stack.length)) {
                return -Errno.EFAULT;
            }
            ByteBuffer buffer = ByteBuffer.wrap(stack).order(ByteOrder.LITTLE_ENDIAN);
            base = buffer.getLong(0);
            flags = buffer.getInt(8) & 0xffff_ffffL;
            bytes = buffer.getLong(16);
            int mode = (int) flags & ~SS_AUTODISARM;
            if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE) {
                return -Errno.EINVAL;
            }
            if (mode != SS_DISABLE && bytes < MINIMUM_SIGNAL_STACK) {
                return -Errno.ENOMEM;
            }
        }
        long oldAddress = context.argument(1);
        if (oldAddress != 0) {
            byte[] stack = new byte[24];
            ByteBuffer.wrap(stack)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(thread.alternateStackBase())
                    .putInt(thread.alternateStackBytes() == 0 ? SS_DISABLE : 0)
                    .putInt(0)
                    .putLong(thread.alternateStackBytes());
            if (!memory.write(oldAddress, stack, 0, stack.length)) {
                return -Errno.EFAULT;
            }
        }
        if (newAddress != 0) {
            if ((flags & SS_DISABLE) != 0) {
                thread.alternateStack(0, 0, 0);
            } else {
                thread.alternateStack(base, bytes, flags);
            }
        }
        return 0;
    }

    private long kill(CallContext context) {
        int target = context.intArgument(0);
        int signal = context.intArgument(1);
        if (signal != 0 && !Signal.isValid(signal)) {
            return -Errno.EINVAL;
        }
        SignalInformation information = signal == 0
                ? null
                : SignalInformation.ofSender(
                        signal, SignalInformation.SI_USER, context.process().processId(), 0);
        if (target > 0) {
            GuestProcess process = context.kernel().process(target);
            if (process == null) {
                return -Errno.ESRCH;
            }
            send(process, information);
            return 0;
        }
        if (target == Integer.MIN_VALUE) {
            return -Errno.ESRCH;
        }
        int group = target == 0 ? context.process().processGroup() : -target;
        boolean found = false;
        for (GuestProcess process : List.copyOf(context.kernel().processes())) {
            boolean matches = target == -1 ? process != context.process() : process.processGroup() == group;
            if (matches) {
                found = true;
                send(process, information);
            }
        }
        return found ? 0 : -Errno.ESRCH;
    }

    private static void send(GuestProcess process, SignalInformation information) {
        if (information != null) {
            process.send(information);
        }
    }

    private long threadKill(CallContext context, int processId, int threadId, int signalArgument) {
        int signal = context.intArgument(signalArgument);
        if (threadId <= 0 || (signalArgument == 2 && processId <= 0)) {
            return -Errno.EINVAL;
        }
        if (signal != 0 && !Signal.isValid(signal)) {
            return -Errno.EINVAL;
        }
        GuestThread thread = findThread(context, processId, threadId);
        if (thread == null) {
            return -Errno.ESRCH;
        }
        if (signal != 0) {
            thread.send(SignalInformation.ofSender(
                    signal, SignalInformation.SI_TKILL, context.process().processId(), 0));
        }
        return 0;
    }

    private static GuestThread findThread(CallContext context, int processId, int threadId) {
        for (GuestProcess process : context.kernel().processes()) {
            if (processId == 0 || process.processId() == processId) {
                for (GuestThread thread : process.threads()) {
                    if (thread.threadId() == threadId) {
                        return thread;
                    }
                }
            }
        }
        return null;
    }

    private static SignalInformation readInformation(CallContext context, int signal, long address) {
        byte[] bytes = new byte[SignalInformation.BYTES];
        if (!context.memory().read(address, bytes, 0, bytes.length)) {
            return null;
        }
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, signal);
        return new SignalInformation(signal, bytes);
    }

    private long queue(CallContext context) {
        int signal = context.intArgument(1);
        if (!Signal.isValid(signal)) {
            return -Errno.EINVAL;
        }
        SignalInformation information = readInformation(context, signal, context.argument(2));
        if (information == null) {
            return -Errno.EFAULT;
        }
        GuestProcess process = context.kernel().process(context.intArgument(0));
        if (process == null) {
            return -Errno.ESRCH;
        }
        if (process != context.process()
                && (information.code() >= 0 || information.code() == SignalInformation.SI_TKILL)) {
            return -Errno.EPERM;
        }
        process.send(information);
        return 0;
    }

    private long queueToThread(CallContext context) {
        int signal = context.intArgument(2);
        if (!Signal.isValid(signal)) {
            return -Errno.EINVAL;
        }
        SignalInformation information = readInformation(context, signal, context.argument(3));
        if (information == null) {
            return -Errno.EFAULT;
        }
        GuestThread thread = findThread(context, context.intArgument(0), context.intArgument(1));
        if (thread == null) {
            return -Errno.ESRCH;
        }
        thread.send(information);
        return 0;
    }
}
