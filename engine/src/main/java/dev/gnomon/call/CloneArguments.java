package dev.gnomon.call;

import dev.gnomon.network.Errno;

/**
 * What {@code clone(2)}, {@code clone3}, {@code fork} and {@code vfork} ask for, read from the call's arguments.
 *
 * @param flags CLONE_ bits without the exit signal
 */
record CloneArguments(long flags, int exitSignal, long parentThreadId, long childThreadId, long processDescriptor) {
    static final long CLONE_VM = 0x100;
    static final long CLONE_FS = 0x200;
    static final long CLONE_FILES = 0x400;
    static final long CLONE_SIGHAND = 0x800;
    static final long CLONE_PIDFD = 0x1000;
    static final long CLONE_PTRACE = 0x2000;
    static final long CLONE_VFORK = 0x4000;
    static final long CLONE_PARENT = 0x8000;
    static final long CLONE_THREAD = 0x10000;
    static final long CLONE_SYSVSEM = 0x40000;
    static final long CLONE_SETTLS = 0x80000;
    static final long CLONE_PARENT_SETTID = 0x100000;
    static final long CLONE_CHILD_CLEARTID = 0x200000;
    static final long CLONE_DETACHED = 0x400000;
    static final long CLONE_UNTRACED = 0x800000;
    static final long CLONE_CHILD_SETTID = 0x1000000;
    static final long CLONE_CLEAR_SIGHAND = 0x1_0000_0000L;
    private static final long SUPPORTED = CLONE_VM
            | CLONE_FS
            | CLONE_FILES
            | CLONE_SIGHAND
            | CLONE_VFORK
            | CLONE_THREAD
            | CLONE_SYSVSEM
            | CLONE_SETTLS
            | CLONE_PARENT_SETTID
            | CLONE_CHILD_CLEARTID
            | CLONE_DETACHED
            | CLONE_UNTRACED
            | CLONE_CHILD_SETTID
            | CLONE_CLEAR_SIGHAND;
    private static final long MINIMUM_CLONE3_BYTES = 64;

    static CloneArguments ofFork() {
        return new CloneArguments(0, 17, 0, 0, 0);
    }

    static CloneArguments ofVfork() {
        return new CloneArguments(CLONE_VM | CLONE_VFORK, 17, 0, 0, 0);
    }

    /** {@code clone(flags, stack, parent_tid, child_tid, tls)}. */
    static CloneArguments ofClone(CallContext context) {
        long flags = context.argument(0);
        return new CloneArguments(
                flags & 0xffff_ff00L, (int) (flags & 0xff), context.argument(2), context.argument(3), 0);
    }

    /** {@code clone3(struct clone_args, size)}; null with {@code error[0]} set where it cannot be read. */
    static CloneArguments ofClone3(CallContext context, long[] error) {
        long address = context.argument(0);
        if (context.argument(1) < MINIMUM_CLONE3_BYTES) {
            error[0] = -Errno.EINVAL;
            return null;
        }
        long[] words = new long[5];
        for (int i = 0; i < words.length; i++) {
            if (!context.readLong(address + 8L * i)) {
                error[0] = -Errno.EFAULT;
                return null;
            }
            words[i] = context.word();
        }
        return new CloneArguments(words[0], (int) words[4], words[3], words[2], words[1]);
    }

    boolean has(long flag) {
        return (flags & flag) != 0;
    }

    boolean isThread() {
        return has(CLONE_THREAD);
    }

    boolean isVfork() {
        return has(CLONE_VFORK) && has(CLONE_VM) && !isThread();
    }

    /** 0, or the negative errno of a combination that the kernel refuses or that is not supported here. */
    long check() {
        if (isThread() && (!has(CLONE_SIGHAND) || !has(CLONE_VM))) {
            return -Errno.EINVAL;
        }
        if (has(CLONE_SIGHAND) && !has(CLONE_VM)) {
            return -Errno.EINVAL;
        }
        if ((flags & ~SUPPORTED) != 0) {
            return -Errno.EINVAL;
        }
        boolean sharesMemoryOnly = has(CLONE_VM) && !isThread() && !isVfork();
        boolean sharesDescriptorsOnly = has(CLONE_FILES) && !isThread();
        return sharesMemoryOnly || sharesDescriptorsOnly ? -Errno.ENOSYS : 0;
    }
}
