package dev.gnomon.guest;

import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The smallest engine: one host whose guests do everything natively, except what concerns the life of processes, which is
 * the engine's by construction. Threads take turns, a call each. What it does not know it leaves to the kernel.
 */
final class NativeGuestLoop {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    // arch/x86/entry/syscalls/syscall_64.tbl
    private static final int RT_SIGACTION = 13;
    private static final int RT_SIGPROCMASK = 14;
    private static final int CLONE = 56;
    private static final int FORK = 57;
    private static final int VFORK = 58;
    private static final int EXECVE = 59;
    private static final int EXIT = 60;
    private static final int WAIT4 = 61;
    private static final int KILL = 62;
    private static final int SIGALTSTACK = 131;
    private static final int TKILL = 200;
    private static final int EXIT_GROUP = 231;
    private static final int TGKILL = 234;
    private static final int CLONE3 = 435;

    // include/uapi/linux/sched.h
    private static final long CLONE_VFORK = 0x4000;

    // include/uapi/asm-generic/errno-base.h
    private static final int ECHILD = 10;
    private static final int EAGAIN = 11;
    private static final int EFAULT = 14;

    private final Mechanism mechanism;
    private final GuestHostBlock host;
    private final int processLimit;
    private final ArrayDeque<Process> runnable = new ArrayDeque<>();
    private final List<Process> ended = new ArrayList<>();
    private int living;
    private int started;
    private int mostLiving;

    /** A guest process; these have one thread each. */
    static final class Process {
        private final Process parent;
        private final GuestProcessHandle handle;
        private final GuestThreadChannel thread;
        private final List<Process> children = new ArrayList<>();
        private Process vforkChild;
        private boolean waiting;
        private boolean ended;
        private boolean reaped;
        private int number;

        private Process(Process parent, GuestProcessHandle handle, GuestThreadChannel thread) {
            this.parent = parent;
            this.handle = handle;
            this.thread = thread;
        }

        int waitStatus() {
            return handle.waitStatus();
        }

        GuestProcessHandle handle() {
            return handle;
        }

        GuestThreadChannel thread() {
            return thread;
        }
    }

    NativeGuestLoop(Mechanism mechanism, GuestHostBlock host, int processLimit) {
        this.mechanism = mechanism;
        this.host = host;
        this.processLimit = processLimit;
    }

    int mostLiving() {
        return mostLiving;
    }

    int started() {
        return started;
    }

    Process start(Path directory, Path program, String... arguments) throws GuestStartException {
        List<String> all = new ArrayList<>(List.of(program.getFileName().toString()));
        all.addAll(List.of(arguments));
        GuestHostBlock.StartedGuest guest = host.start(new GuestHostBlock.StartRequest(
                mechanism,
                program,
                all,
                List.of("PATH=/usr/bin:/bin"),
                directory,
                directory.resolve("stdout"),
                directory.resolve("stderr")));
        Process process = new Process(null, guest.process(), guest.thread());
        added(process);
        return process;
    }

    private void added(Process process) {
        started++;
        living++;
        mostLiving = Math.max(mostLiving, living);
        runnable.add(process);
    }

    /** Runs until no process is left. */
    void run() {
        while (step()) {
            // One turn each.
        }
    }

    /** Gives one process one turn; whether there was one. */
    boolean step() {
        Process process = runnable.poll();
        if (process == null) {
            return false;
        }
        Stop stop = process.thread.await(PATIENCE);
        if (stop == Stop.CALL) {
            answer(process);
        } else if (stop == Stop.DIED) {
            died(process);
        } else {
            throw new AssertionError("a guest did not stop in time: instruction="
                    + Long.toHexString(process.thread.instructionPointer()));
        }
        return true;
    }

    private void answer(Process process) {
        GuestThreadChannel thread = process.thread;
        switch (thread.phase()) {
            case NEW_CALL -> answerCall(process);
            case FAULT -> {
                byte[] siginfo = new byte[128];
                thread.faultInformation(siginfo);
                thread.replyDie(siginfo[0]);
                goOn(process);
            }
            case AFTER_NATIVE, SPAWNED -> reply(process, thread.nativeResult());
            case EXEC_START -> {
                releaseVforkParent(process);
                reply(process, 0);
            }
            case THREAD_START, PROCESS_START, AFTER_INSTALL, SIGNAL_RETURN -> reply(process, 0);
        }
    }

    private void answerCall(Process process) {
        GuestThreadChannel thread = process.thread;
        switch (thread.callNumber()) {
            case EXIT, EXIT_GROUP -> {
                thread.replyExitProcess((int) thread.argument(0));
                goOn(process);
            }
            case KILL, TKILL -> die(process, (int) thread.argument(1));
            case TGKILL -> die(process, (int) thread.argument(2));
            case RT_SIGACTION -> cleared(process, thread.argument(2), 32);
            case RT_SIGPROCMASK -> cleared(process, thread.argument(2), 8);
            case SIGALTSTACK -> cleared(process, thread.argument(1), 24);
            case CLONE, CLONE3, FORK, VFORK -> spawn(process);
            case EXECVE -> {
                thread.replyExec();
                goOn(process);
            }
            case WAIT4 -> {
                process.waiting = true;
                reap(process);
            }
            default -> {
                thread.replyNative();
                goOn(process);
            }
        }
    }

    private void die(Process process, int signal) {
        process.thread.replyDie(signal);
        goOn(process);
    }

    private void cleared(Process process, long address, int bytes) {
        boolean written = address == 0 || process.thread.memory().write(address, new byte[bytes], 0, bytes);
        reply(process, written ? 0 : -EFAULT);
    }

    private void reply(Process process, long value) {
        process.thread.replyResult(value);
        goOn(process);
    }

    /** Lets the guest run to its next stop, which is taken at its next turn. */
    private void goOn(Process process) {
        if (process.thread.resume(PATIENCE) == Stop.DIED) {
            died(process);
        } else {
            runnable.add(process);
        }
    }

    private void spawn(Process process) {
        GuestThreadChannel thread = process.thread;
        GuestProcessHandle handle = living < processLimit ? process.handle.openChild() : null;
        GuestThreadChannel childThread = handle == null ? null : handle.openThread();
        if (childThread == null) {
            reply(process, -EAGAIN);
            return;
        }
        Process child = new Process(process, handle, childThread);
        boolean vfork = isVfork(thread);
        thread.replySpawn(childThread);
        if (vfork) {
            if (thread.resumeVfork(childThread, PATIENCE)) {
                child.number = childThread.realProcessId();
                process.children.add(child);
                process.vforkChild = child;
                added(child);
                return;
            }
        } else if (thread.resume(PATIENCE) == Stop.CALL
                && thread.phase() == Phase.SPAWNED
                && thread.nativeResult() > 0) {
            child.number = (int) thread.nativeResult();
            process.children.add(child);
            added(child);
        }
        runnable.add(process);
    }

    private static boolean isVfork(GuestThreadChannel thread) {
        long[] flags = new long[1];
        return switch (thread.callNumber()) {
            case VFORK -> true;
            case CLONE -> (thread.argument(0) & CLONE_VFORK) != 0;
            case CLONE3 -> thread.memory().readLong(thread.argument(0), flags) && (flags[0] & CLONE_VFORK) != 0;
            default -> false;
        };
    }

    private void releaseVforkParent(Process child) {
        if (child.parent != null && child.parent.vforkChild == child) {
            child.parent.vforkChild = null;
            runnable.add(child.parent);
        }
    }

    private void died(Process process) {
        if (!process.handle.awaitDeath(PATIENCE)) {
            throw new AssertionError("said to have died, but lives: " + process.handle.misconduct());
        }
        process.ended = true;
        living--;
        ended.add(process);
        process.thread.close();
        process.handle.close();
        releaseVforkParent(process);
        if (process.parent != null && process.parent.waiting) {
            reap(process.parent);
        }
    }

    /** Answers wait4(2) for any child where one has ended. */
    private void reap(Process process) {
        int wanted = (int) process.thread.argument(0); // a pid_t: the upper half is not part of it
        boolean some = false;
        for (Process child : process.children) {
            boolean matches = wanted <= 0 || child.number == wanted;
            if (child.reaped || !matches) {
                continue;
            }
            some = true;
            if (child.ended) {
                child.reaped = true;
                process.waiting = false;
                long status = process.thread.argument(1);
                boolean written = status == 0 || process.thread.memory().writeInt(status, child.waitStatus());
                reply(process, written ? child.number : -EFAULT);
                return;
            }
        }
        if (!some) {
            process.waiting = false;
            reply(process, -ECHILD);
        }
    }
}
