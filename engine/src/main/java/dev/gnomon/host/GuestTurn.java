package dev.gnomon.host;

import dev.gnomon.call.CallContext;
import dev.gnomon.call.CallOutcome;
import dev.gnomon.call.SystemCall;
import dev.gnomon.call.SystemCallNumber;
import dev.gnomon.guest.GuestLog;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import dev.gnomon.kernel.Futexes;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.ThreadTurn;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalAction;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Runs one guest thread when its turn has come: lets the guest run to its next call, has the call answered, delivers signals,
 * and so on until the thread blocks or is gone.
 */
final class GuestTurn implements ThreadTurn {
    /** How the next turn begins. */
    private enum Next {
        /** The thread was just born: it is waited for. */
        AWAIT_START,
        /** A reply is stored: the guest goes on. */
        RESUME,
        /** The blocked call's handler is invoked again. */
        RETRY,
        /** A vfork's child let the thread go: its crossing is collected. */
        AWAIT_SPAWNED
    }

    /** Calls at one go, without blocking, after which they begin to take time: a loop that polls must see time pass. */
    private static final int FREE_CALLS = 10_000;

    /** So many calls more then take SPINNING_STEP_NANOS together. */
    private static final int SPINNING_CALLS = 100;

    private static final long SPINNING_STEP_NANOS = 100_000;
    private static final long WAKE_UP_NANOS = 200_000_000L;
    private static final int RANDOM_BYTES = 16;

    // include/uapi/asm-generic/siginfo.h
    private static final int SIGINFO_CODE_OFFSET = 8;
    private static final int SIGINFO_CALL_OFFSET = 24;

    /** The filter behind the shim met a call that nothing had caught. */
    private static final int SYS_SECCOMP = 1;

    private final Host host;
    private final GuestThread thread;
    private final GuestThreadChannel channel;
    private final CallContext context;
    private final long childThreadIdAddress;
    private final byte[] faultInformation = new byte[SignalInformation.BYTES];
    private Next next = Next.AWAIT_START;
    private SystemCall answering;
    private SystemCall afterVfork;
    private boolean endingThread;
    private int callsSinceBlock;
    private long unappliedNanos;

    GuestTurn(Host host, GuestThread thread, CallContext context, long childThreadIdAddress) {
        this.host = host;
        this.thread = thread;
        this.channel = thread.channel();
        this.context = context;
        this.childThreadIdAddress = childThreadIdAddress;
    }

    @Override
    public void run() {
        boolean goesOn;
        switch (next) {
            case AWAIT_START, AWAIT_SPAWNED -> {
                next = Next.RESUME;
                goesOn = awaitThread() && cross();
            }
            case RETRY -> {
                next = Next.RESUME;
                context.beginRetry();
                goesOn = answer(answering);
            }
            default -> goesOn = true;
        }
        while (goesOn) {
            goesOn = resume() && cross();
        }
    }

    // ---- handing over the CPU

    private boolean awaitThread() {
        long waited = 0;
        while (true) {
            Stop stop = channel.await(WAKE_UP_NANOS);
            switch (stop) {
                case CALL -> {
                    return true;
                }
                case DIED -> {
                    died();
                    return false;
                }
                case TIMEOUT -> waited = stillRunning(waited, "did not come to its start");
            }
        }
    }

    private boolean resume() {
        showGuest();
        long waited = 0;
        while (true) {
            Stop stop = channel.resume(WAKE_UP_NANOS);
            switch (stop) {
                case CALL -> {
                    return true;
                }
                case DIED -> {
                    died();
                    return false;
                }
                case TIMEOUT -> waited = stillRunning(waited, "computed without any system call");
            }
        }
    }

    /** Brings what the guest sees of its host up to date, and says what it may answer itself. */
    private void showGuest() {
        host.kernel().shownObjects().show();
        channel.showThreadId(thread.threadId());
        channel.showSignals(
                thread.blockedSignals(),
                thread.pending().mask() | thread.process().pending().mask());
        channel.allowLocalCalls(Math.max(0, FREE_CALLS + SPINNING_CALLS - callsSinceBlock), unappliedNanos);
    }

    /** Looks after a guest that has not come back yet. Returns how long it has been out, in nanoseconds of wall time. */
    private long stillRunning(long waitedNanos, String what) {
        long waited = waitedNanos + WAKE_UP_NANOS;
        if (host.listener().isCancelled()) {
            thread.process().handle().kill();
        } else if (waited >= host.settings().stuckLimitNanos()) {
            host.listener()
                    .failed(
                            host,
                            thread.process(),
                            what + " for " + waited / 1_000_000_000L + " s (thread " + thread.threadId()
                                    + "), and was killed");
            thread.process().handle().kill();
            return 0;
        }
        return waited;
    }

    private void died() {
        context.abandon();
        GuestProcess process = thread.process();
        if (!process.isExiting() && thread.state() != GuestThread.State.DEAD && endingThread) {
            threadEnded();
            return;
        }
        process.handle()
                .misconduct()
                .ifPresent(reason -> host.listener().failed(host, process, "was killed: " + reason));
        process.ended(process.handle().waitStatus());
    }

    private void threadEnded() {
        long address = thread.clearThreadIdAddress();
        GuestProcess process = thread.process();
        process.removeThread(thread);
        channel.close();
        if (address != 0 && !process.threads().isEmpty()) {
            GuestThread other = process.threads().get(0);
            other.channel().memory().writeInt(address, 0);
            // pthread_join waits without FUTEX_PRIVATE_FLAG; the kernel wakes the shared key (kernel/fork.c,
            // mm_release).
            host.kernel().futexes().wake(process, address, false, 1, Futexes.ALL_BITS);
            host.kernel().futexes().wake(process, address, true, 1, Futexes.ALL_BITS);
        }
    }

    // ---- what the guest came with

    private boolean cross() {
        Phase phase = channel.phase();
        host.counters().countCrossing();
        takeLocalCalls(phase);
        if (thread.process().handle().misconduct().isPresent()) {
            died();
            return false;
        }
        switch (phase) {
            case NEW_CALL -> {
                return newCall();
            }
            case AFTER_NATIVE, AFTER_INSTALL, SPAWNED -> {
                SystemCall continuation = afterVfork != null ? afterVfork : context.takeContinuation();
                afterVfork = null;
                if (continuation == null) {
                    return protocolViolated(phase);
                }
                return answer(continuation);
            }
            case THREAD_START, PROCESS_START -> {
                if (childThreadIdAddress != 0) {
                    channel.memory().writeInt(childThreadIdAddress, thread.threadId());
                }
                return finish(0);
            }
            case EXEC_START -> {
                return executed();
            }
            case SIGNAL_RETURN -> {
                thread.blockedSignals(channel.argument(0));
                return finish(0);
            }
            case FAULT -> {
                return fault();
            }
            case ENTRY -> {
                // No call, so nothing is delivered: the program must not be able to tell that it stopped here.
                host.entryReached(thread);
                channel.replyResult(0);
                return true;
            }
            case WATCHED_CALL -> {
                channel.replyNative();
                return true;
            }
            case COPIES_MADE, COPY_START -> {}
        }
        return protocolViolated(phase);
    }

    /** Catches up with what the guest has answered itself since it was let go. */
    private void takeLocalCalls(Phase phase) {
        if (channel.takeLocalCalls()) {
            callsSinceBlock += channel.localCalls() + channel.localTimeCalls();
            unappliedNanos += channel.localCalls() * host.settings().unblockedCallNanos()
                    + channel.localTimeCalls() * host.settings().unblockedTimeCallNanos();
            host.counters().countLocal(channel.localCalls(), channel.localTimeCalls());
        }
        if (channel.takeCompleted() > 0) {
            context.completeInstallation();
        }
        GuestLog log = channel.openLog();
        if (log != null) {
            host.localCalls().repeat(thread, log);
        }
        // A thread that has just come to life has no mask of its own making yet.
        if (phase != Phase.THREAD_START && phase != Phase.PROCESS_START && phase != Phase.EXEC_START) {
            thread.blockedSignals(channel.blockedSignals());
        }
    }

    private boolean protocolViolated(Phase phase) {
        host.listener()
                .failed(
                        host,
                        thread.process(),
                        "broke the protocol of its channel (phase " + phase + ") and was killed");
        channel.replyDie(Signal.KILL);
        return true;
    }

    private boolean newCall() {
        callsSinceBlock++;
        int number = channel.callNumber();
        host.counters().countCall(number);
        unappliedNanos += isTimeCall(number)
                ? host.settings().unblockedTimeCallNanos()
                : host.settings().unblockedCallNanos();
        SystemCall handler = host.calls().handler(number);
        context.begin();
        if (handler == null) {
            String name = SystemCallNumber.name(number);
            host.warn("unsupported-call", thread.process().program(), name, name + " is not supported: ENOSYS");
            return finish(-Errno.ENOSYS);
        }
        return answer(handler);
    }

    /** The calls that the vDSO has; they cost the same however they are made. */
    private static boolean isTimeCall(int number) {
        return number == SystemCallNumber.CLOCK_GETTIME
                || number == SystemCallNumber.GETTIMEOFDAY
                || number == SystemCallNumber.TIME
                || number == SystemCallNumber.GETCPU;
    }

    /** Asks a handler for the answer. Returns whether the guest goes on at once. */
    private boolean answer(SystemCall handler) {
        answering = handler;
        context.goesOnAtOnce(goesOnAtOnce());
        long outcome = handler.invoke(context);
        if (CallOutcome.isResult(outcome)) {
            return finish(outcome);
        }
        if (outcome == CallOutcome.ANSWERED) {
            return true;
        }
        if (outcome == CallOutcome.BLOCKED) {
            next = Next.RETRY;
            callsSinceBlock = 0;
            unappliedNanos = 0;
            return false;
        }
        if (outcome == CallOutcome.NATIVE) {
            if (thread.process().trace() != null) {
                context.nativeThen(CallContext::nativeResult);
            } else {
                channel.replyNative();
            }
            return true;
        }
        if (outcome == CallOutcome.ENDING) {
            trace(0);
            endingThread = true;
            return true;
        }
        GuestThreadChannel vforkChild = context.takeVforkChild();
        return vforkChild == null || spawnedByVfork(vforkChild);
    }

    /** Whether a thread with a result goes on at once: what {@link #finish} would find otherwise. */
    private boolean goesOnAtOnce() {
        return host.showsCalls()
                && thread.process().trace() == null
                && !thread.process().isStopped()
                && !thread.hasDeliverableSignal()
                && unappliedNanos <= host.settings().maximumUnappliedNanos()
                && callsSinceBlock <= FREE_CALLS + SPINNING_CALLS;
    }

    private boolean spawnedByVfork(GuestThreadChannel child) {
        if (!channel.resumeVfork(child, host.settings().stuckLimitNanos())) {
            context.continueWith(context.vforkOutcome()::failed);
            return awaitThread() && cross();
        }
        afterVfork = context.vforkOutcome().suspended(context);
        next = Next.AWAIT_SPAWNED;
        thread.blockUninterruptibly(GuestThread.FOREVER);
        return false;
    }

    // ---- going back to the guest

    /** Stores a result, with a signal where one waits. Returns whether the guest goes on at once. */
    private boolean finish(long result) {
        boolean interrupted = result == -Errno.ERESTARTSYS || result == -Errno.ERESTARTNOHAND;
        SignalInformation information;
        while ((information = thread.takeSignal(~thread.blockedSignals())) != null) {
            int signal = information.signal();
            GuestProcess process = thread.process();
            SignalAction action = process.action(signal);
            if (action.discards(signal)) {
                continue;
            }
            if (action.isDefault()) {
                if (Signal.isStoppingByDefault(signal)) {
                    process.stop(signal);
                    continue;
                }
                trace(interrupted ? -Errno.EINTR : result);
                die(signal);
                return true;
            }
            boolean restart = result == -Errno.ERESTARTSYS && (action.flags() & SignalAction.SA_RESTART) != 0;
            long seen = interrupted ? -Errno.EINTR : result;
            trace(seen);
            channel.replyResult(seen);
            enterHandler(information, action, restart);
            return goOn();
        }
        thread.restoreMask();
        if (interrupted) {
            // No handler ran: the call is made again as if nothing had happened.
            context.beginRetry();
            return answer(answering);
        }
        trace(result);
        channel.replyResult(result);
        return goOn();
    }

    private void die(int signal) {
        note("killed by " + Signal.name(signal));
        thread.process().beginExit(signal);
        channel.replyDie(signal);
    }

    private void enterHandler(SignalInformation information, SignalAction action, boolean restart) {
        int signal = information.signal();
        note(Signal.name(signal));
        long saved = thread.takeMaskToRestore();
        boolean alternate = (action.flags() & SignalAction.SA_ONSTACK) != 0 && thread.alternateStackBytes() != 0;
        channel.deliverSignal(
                signal,
                action.handler(),
                action.flags(),
                action.restorer(),
                saved,
                alternate ? thread.alternateStackBase() : 0,
                alternate ? thread.alternateStackBytes() : 0,
                information.bytes(),
                restart);
        long own = (action.flags() & SignalAction.SA_NODEFER) != 0 ? 0 : Signal.bit(signal);
        thread.blockedSignals(thread.blockedSignals() | action.mask() | own);
        if ((action.flags() & SignalAction.SA_RESETHAND) != 0) {
            thread.process().action(signal, SignalAction.DEFAULT);
        }
    }

    /** The reply is stored. A stopped process waits; one that made many calls at one go lets time pass first. */
    private boolean goOn() {
        if (thread.process().isStopped()) {
            thread.makeRunnable();
            return false;
        }
        long charge = 0;
        if (unappliedNanos > host.settings().maximumUnappliedNanos()) {
            charge = unappliedNanos;
            unappliedNanos = 0;
        } else if (callsSinceBlock > FREE_CALLS + SPINNING_CALLS) {
            callsSinceBlock = FREE_CALLS;
            charge = SPINNING_STEP_NANOS;
        }
        if (charge > 0) {
            thread.blockUninterruptibly(host.nowNanos() + charge);
            return false;
        }
        return true;
    }

    private void trace(long result) {
        GuestProcess process = thread.process();
        if (process.trace() != null && isCallPhase()) {
            process.trace()
                    .record(
                            host.nowNanos(),
                            thread.threadId(),
                            SystemCallNumber.name(channel.callNumber()),
                            channel::argument,
                            channel.memory(),
                            result);
        }
    }

    private boolean isCallPhase() {
        Phase phase = channel.phase();
        return phase == Phase.NEW_CALL
                || phase == Phase.AFTER_NATIVE
                || phase == Phase.AFTER_INSTALL
                || phase == Phase.SPAWNED;
    }

    private void note(String text) {
        GuestProcess process = thread.process();
        if (process.trace() != null) {
            process.trace().note(host.nowNanos(), thread.threadId(), text);
        }
    }

    // ---- programs and faults

    /** A program was executed: by the zygote for a new process, or by the guest. */
    private boolean executed() {
        GuestProcess process = thread.process();
        for (GuestThread other : List.copyOf(process.threads())) {
            if (other != thread) {
                process.removeThread(other);
                other.channel().close();
            }
        }
        context.takeContinuation();
        if (context.execProgram() != null) {
            process.program(context.execProgram());
            context.execProgram(null);
            process.descriptors().closeForExec();
            process.resetActionsForExec();
            process.timers().deletePosixTimers();
            process.dumpable(true);
            note("executed " + process.program());
        }
        thread.becomeLeader();
        setUpImage(process);
        GuestThread suspended = process.takeVforkParent();
        if (suspended != null) {
            suspended.wake();
        }
        return finish(0);
    }

    private void setUpImage(GuestProcess process) {
        long randomAddress = channel.argument(0);
        if (randomAddress != 0) {
            byte[] bytes = new byte[RANDOM_BYTES];
            host.random().nextBytes(bytes);
            channel.memory().write(randomAddress, bytes, 0, RANDOM_BYTES);
        }
        // glibc keeps the id that set_tid_address gave it before the shim was there: the real one.
        long threadIdAddress = channel.argument(2);
        if (threadIdAddress != 0) {
            thread.clearThreadIdAddress(threadIdAddress);
            if (channel.memory().readInt(threadIdAddress) == channel.realThreadId()) {
                channel.memory().writeInt(threadIdAddress, process.processId());
            }
        }
    }

    /** A fault of the guest's own, SIGSEGV and its like: its handler runs, or it dies. */
    private boolean fault() {
        channel.faultInformation(faultInformation);
        ByteBuffer information = ByteBuffer.wrap(faultInformation).order(ByteOrder.LITTLE_ENDIAN);
        int signal = information.getInt(0);
        if (!Signal.isValid(signal)) {
            return protocolViolated(Phase.FAULT);
        }
        if (signal == Signal.SYS && information.getInt(SIGINFO_CODE_OFFSET) == SYS_SECCOMP) {
            String call = SystemCallNumber.name(information.getInt(SIGINFO_CALL_OFFSET));
            host.listener().failed(host, thread.process(), "was killed: a call of " + call + " escaped the shim");
            die(signal);
            return true;
        }
        SignalAction action = thread.process().action(signal);
        boolean blocked = (thread.blockedSignals() & Signal.bit(signal)) != 0;
        if (blocked || action.isDefault() || action.isIgnore()) {
            die(signal);
            return true;
        }
        channel.replyResult(0);
        enterHandler(new SignalInformation(signal, faultInformation.clone()), action, false);
        return goOn();
    }
}
