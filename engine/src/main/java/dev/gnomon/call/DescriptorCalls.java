package dev.gnomon.call;

import dev.gnomon.kernel.DescriptorTable;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.network.Errno;

/**
 * Calls on descriptor numbers. The guest's kernel keeps the numbers (each emulated object has a placeholder there), so
 * these are executed natively, and what came out is entered in the table.
 */
public final class DescriptorCalls {
    private static final int F_DUPFD = 0;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_GETLK = 5;
    private static final int F_SETLKW = 7;
    private static final int F_SETOWN = 8;
    private static final int F_GETOWN = 9;
    private static final int F_SETSIG = 10;
    private static final int F_GETSIG = 11;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FD_CLOEXEC = 1;
    private static final int O_CLOEXEC = 02000000;
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.CLOSE, this::close);
        table.register(SystemCallNumber.CLOSE_RANGE, this::closeRange);
        table.register(SystemCallNumber.DUP, context -> duplicate(context, false));
        table.register(SystemCallNumber.DUP2, this::duplicateTo);
        table.register(SystemCallNumber.DUP3, this::duplicateTo);
        table.register(SystemCallNumber.FCNTL, this::control);
    }

    private long close(CallContext context) {
        // The placeholder is closed natively, which answers EBADF for a number that is nothing at all.
        context.process().descriptors().remove(context.intArgument(0));
        return CallOutcome.NATIVE;
    }

    private long closeRange(CallContext context) {
        long first = context.argument(0) & 0xffff_ffffL;
        long last = context.argument(1) & 0xffff_ffffL;
        int flags = context.intArgument(2);
        if (first > last || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        DescriptorTable descriptors = context.process().descriptors();
        long end = Math.min(last + 1, descriptors.end());
        for (long descriptor = first; descriptor < end; descriptor++) {
            if (descriptors.get((int) descriptor) == null) {
                continue;
            }
            if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
                descriptors.closeOnExec((int) descriptor, true);
            } else {
                descriptors.remove((int) descriptor);
            }
        }
        return CallOutcome.NATIVE;
    }

    private long duplicate(CallContext context, boolean closeOnExec) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        return context.nativeThen(after -> {
            long number = after.nativeResult();
            return number < 0 ? number : enter(after, (int) number, file, closeOnExec);
        });
    }

    private static long enter(CallContext context, int number, OpenFile file, boolean closeOnExec) {
        if (number >= DescriptorTable.LIMIT) {
            context.environment()
                    .warn(
                            "descriptor-limit",
                            context.process().program(),
                            "dup",
                            "descriptors of emulated objects must be below " + DescriptorTable.LIMIT);
            return -Errno.EMFILE;
        }
        context.process().descriptors().set(number, file, closeOnExec);
        return number;
    }

    private long duplicateTo(CallContext context) {
        OpenFile file = context.file(0);
        int target = context.intArgument(1);
        boolean closeOnExec =
                context.callNumber() == SystemCallNumber.DUP3 && (context.intArgument(2) & O_CLOEXEC) != 0;
        if (file == null && context.process().descriptors().get(target) == null) {
            return CallOutcome.NATIVE;
        }
        if (file != null && target >= DescriptorTable.LIMIT) {
            return enter(context, target, file, closeOnExec);
        }
        boolean same = context.intArgument(0) == target;
        return context.nativeThen(after -> {
            long number = after.nativeResult();
            if (number < 0 || same) {
                return number;
            }
            if (file != null) {
                return enter(after, (int) number, file, closeOnExec);
            }
            after.process().descriptors().remove((int) number);
            return number;
        });
    }

    private long control(CallContext context) {
        int descriptor = context.intArgument(0);
        OpenFile file = context.process().descriptors().get(descriptor);
        int command = context.intArgument(1);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        switch (command) {
            case F_DUPFD:
                return duplicate(context, false);
            case F_DUPFD_CLOEXEC:
                return duplicate(context, true);
            case F_GETFD:
                return context.process().descriptors().isCloseOnExec(descriptor) ? FD_CLOEXEC : 0;
            case F_SETFD:
                context.process().descriptors().closeOnExec(descriptor, (context.intArgument(2) & FD_CLOEXEC) != 0);
                return CallOutcome.NATIVE;
            case F_GETFL:
                return file.statusFlags();
            case F_SETFL:
                file.statusFlags((file.statusFlags() & ~OpenFile.SETTABLE_FLAGS)
                        | (context.intArgument(2) & OpenFile.SETTABLE_FLAGS));
                return 0;
            case F_SETOWN, F_SETSIG:
                return 0;
            case F_GETOWN, F_GETSIG:
                return 0;
            default:
                if (command >= F_GETLK && command <= F_SETLKW) {
                    return -Errno.EINVAL;
                }
                return file.fileControl(command, context.argument(2));
        }
    }
}
