package dev.gnomon.call;

import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The tree of processes: ending, waiting, groups and sessions. */
public final class ProcessCalls {
    private static final int WNOHANG = 1;
    private static final int WUNTRACED = 2;
    private static final int WEXITED = 4;
    private static final int WCONTINUED = 8;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int LINUX_WAIT_FLAGS = 0xe000_0000;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PGID = 2;
    private static final int CONTINUED_STATUS = 0xffff;
    private static final int RUSAGE_BYTES = 144;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.EXIT, this::exit);
        table.register(SystemCallNumber.EXIT_GROUP, this::exitGroup);
        table.register(SystemCallNumber.WAIT4, this::wait4);
        table.register(SystemCallNumber.WAITID, this::waitId);
        table.register(SystemCallNumber.GETPID, context -> context.process().processId());
        table.register(SystemCallNumber.GETPPID, context -> context.process().parentProcessId());
        table.register(SystemCallNumber.GETTID, context -> context.thread().threadId());
        table.register(SystemCallNumber.SET_TID_ADDRESS, this::setThreadIdAddress);
        table.register(SystemCallNumber.GETPGRP, context -> context.process().processGroup());
        table.register(SystemCallNumber.GETPGID, this::getProcessGroup);
        table.register(SystemCallNumber.SETPGID, this::setProcessGroup);
        table.register(SystemCallNumber.GETSID, this::getSession);
        table.register(SystemCallNumber.SETSID, this::setSession);
    }

    private long exit(CallContext context) {
        GuestProcess process = context.process();
        int status = context.intArgument(0) & 0xff;
        if (process.threads().size() > 1) {
            context.channel().replyExitThread(status);
            return CallOutcome.ENDING;
        }
        return exitGroup(context);
    }

    private long exitGroup(CallContext context) {
        int status = context.intArgument(0) & 0xff;
        context.process().beginExit(status << 8);
        context.channel().replyExitProcess(status);
        return CallOutcome.ENDING;
    }

    private long setThreadIdAddress(CallContext context) {
        context.thread().clearThreadIdAddress(context.argument(0));
        return context.thread().threadId();
    }

    // ---- waiting

    private interface Selection {
        boolean matches(GuestProcess child);
    }

    private static Selection selectionOf(GuestProcess caller, int idType, int id) {
        return switch (idType) {
            case P_ALL -> child -> true;
            case P_PID -> child -> child.processId() == id;
            case P_PGID -> {
                int group = id == 0 ? caller.processGroup() : id;
                yield child -> child.processGroup() == group;
            }
            default -> null;
        };
    }

    /**
     * The first child with something to report.
     *
     * @return null where there is none; {@code anyMatches[0]} then says whether there is a child at all to wait for
     */
    private static GuestProcess find(GuestProcess caller, Selection selection, int options, boolean[] anyMatches) {
        for (GuestProcess child : caller.children()) {
            if (!selection.matches(child)) {
                continue;
            }
            anyMatches[0] = true;
            if (child.state() == GuestProcess.State.ZOMBIE) {
                if ((options & WEXITED) != 0) {
                    return child;
                }
            } else if (((options & WUNTRACED) != 0 && child.unreportedStop(false) != 0)
                    || ((options & WCONTINUED) != 0 && child.unreportedContinue(false))) {
                return child;
            }
        }
        return null;
    }

    private long wait4(CallContext context) {
        int options = context.intArgument(2);
        if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED | LINUX_WAIT_FLAGS)) != 0) {
            return -Errno.EINVAL;
        }
        int pid = context.intArgument(0);
        if (pid == Integer.MIN_VALUE) {
            return -Errno.ESRCH;
        }
        GuestProcess caller = context.process();
        Selection selection = pid > 0
                ? selectionOf(caller, P_PID, pid)
                : pid == -1 ? selectionOf(caller, P_ALL, 0) : selectionOf(caller, P_PGID, -pid);
        boolean[] any = new boolean[1];
        GuestProcess child = find(caller, selection, options | WEXITED, any);
        if (child == null) {
            return nothingToReport(context, any[0], options);
        }
        int status = child.state() == GuestProcess.State.ZOMBIE
                ? child.waitStatus()
                : child.unreportedStop(false) != 0 ? child.unreportedStop(false) << 8 | 0x7f : CONTINUED_STATUS;
        long statusAddress = context.argument(1);
        if (statusAddress != 0 && !context.memory().writeInt(statusAddress, status)) {
            return -Errno.EFAULT;
        }
        if (!writeResourceUsage(context, context.argument(3))) {
            return -Errno.EFAULT;
        }
        consume(child);
        return child.processId();
    }

    private static long nothingToReport(CallContext context, boolean hasChildren, int options) {
        if (!hasChildren) {
            return -Errno.ECHILD;
        }
        if ((options & WNOHANG) != 0) {
            return 0;
        }
        return context.block(context.process().childEvents(), Poll.IN);
    }

    private static void consume(GuestProcess child) {
        if (child.state() == GuestProcess.State.ZOMBIE) {
            child.reap();
        } else if (child.unreportedStop(true) == 0) {
            child.unreportedContinue(true);
        }
    }

    private static boolean writeResourceUsage(CallContext context, long address) {
        return address == 0 || context.memory().write(address, new byte[RUSAGE_BYTES], 0, RUSAGE_BYTES);
    }

    private long waitId(CallContext context) {
        int options = context.intArgument(3);
        if ((options & ~(WNOHANG | WUNTRACED | WEXITED | WCONTINUED | WNOWAIT | LINUX_WAIT_FLAGS)) != 0
                || (options & (WEXITED | WUNTRACED | WCONTINUED)) == 0) {
            return -Errno.EINVAL;
        }
        GuestProcess caller = context.process();
        int idType = context.intArgument(0);
        int id = context.intArgument(1);
        if ((idType == P_PID && id <= 0) || (idType == P_PGID && id < 0)) {
            return -Errno.EINVAL;
        }
        Selection selection = selectionOf(caller, idType, id);
        if (selection == null) {
            return -Errno.EINVAL;
        }
        boolean[] any = new boolean[1];
        GuestProcess child = find(caller, selection, options, any);
        long informationAddress = context.argument(2);
        if (child == null) {
            long result = nothingToReport(context, any[0], options);
            if (result == 0 && informationAddress != 0) {
                // With WNOHANG and nothing to report, the fields that a caller looks at are zero.
                boolean cleared = context.memory().writeLong(informationAddress, 0)
                        && context.memory().writeLong(informationAddress + 8, 0)
                        && context.memory().writeLong(informationAddress + 16, 0)
                        && context.memory().writeInt(informationAddress + 24, 0);
                return cleared ? 0 : -Errno.EFAULT;
            }
            return result;
        }
        if (informationAddress != 0) {
            byte[] bytes = new byte[28];
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int status = child.waitStatus();
            int code;
            int value;
            if (child.state() == GuestProcess.State.ZOMBIE) {
                boolean signaled = (status & 0x7f) != 0;
                code = signaled ? SignalInformation.CLD_KILLED : SignalInformation.CLD_EXITED;
                value = signaled ? status & 0x7f : status >> 8 & 0xff;
            } else if (child.unreportedStop(false) != 0) {
                code = SignalInformation.CLD_STOPPED;
                value = child.unreportedStop(false);
            } else {
                code = SignalInformation.CLD_CONTINUED;
                value = Signal.CONT;
            }
            buffer.putInt(0, Signal.CHLD)
                    .putInt(8, code)
                    .putInt(16, child.processId())
                    .putInt(24, value);
            if (!context.memory().write(informationAddress, bytes, 0, bytes.length)) {
                return -Errno.EFAULT;
            }
        }
        if (!writeResourceUsage(context, context.argument(4))) {
            return -Errno.EFAULT;
        }
        if ((options & WNOWAIT) == 0) {
            consume(child);
        }
        return 0;
    }

    // ---- groups and sessions

    private static GuestProcess named(CallContext context, int processId) {
        return processId == 0 ? context.process() : context.kernel().process(processId);
    }

    private long getProcessGroup(CallContext context) {
        GuestProcess process = named(context, context.intArgument(0));
        return process == null ? -Errno.ESRCH : process.processGroup();
    }

    private long setProcessGroup(CallContext context) {
        int group = context.intArgument(1);
        if (group < 0) {
            return -Errno.EINVAL;
        }
        GuestProcess process = named(context, context.intArgument(0));
        if (process == null || (process != context.process() && process.parent() != context.process())) {
            return -Errno.ESRCH;
        }
        if (process.session() == process.processId()
                || process.session() != context.process().session()) {
            return -Errno.EPERM;
        }
        int target = group == 0 ? process.processId() : group;
        if (target != process.processId()) {
            boolean exists = false;
            for (GuestProcess other : context.kernel().processes()) {
                exists |= other.processGroup() == target && other.session() == process.session();
            }
            if (!exists) {
                return -Errno.EPERM;
            }
        }
        process.processGroup(target);
        return 0;
    }

    private long getSession(CallContext context) {
        GuestProcess process = named(context, context.intArgument(0));
        return process == null ? -Errno.ESRCH : process.session();
    }

    private long setSession(CallContext context) {
        GuestProcess process = context.process();
        for (GuestProcess other : context.kernel().processes()) {
            if (other.processGroup() == process.processId()) {
                return -Errno.EPERM;
            }
        }
        process.session(process.processId());
        process.processGroup(process.processId());
        return process.processId();
    }
}
