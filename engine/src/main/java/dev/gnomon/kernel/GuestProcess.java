package dev.gnomon.kernel;

import dev.gnomon.guest.GuestProcessHandle;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.kernel.signal.PendingSignals;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalAction;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.trace.CallTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A guest process: its place in the tree of processes, threads, descriptors and signal state. */
public final class GuestProcess {
    /** How a process ended or is. */
    public enum State {
        ALIVE,
        /** Ended, and its parent has not waited for it. */
        ZOMBIE,
        GONE
    }

    private final Kernel kernel;
    private final GuestProcessHandle handle;
    private final int processId;
    private final DescriptorTable descriptors;
    private final SignalAction[] actions = new SignalAction[Signal.MAXIMUM + 1];
    private final PendingSignals pending = new PendingSignals();
    private final List<GuestThread> threads = new ArrayList<>(1);
    private final List<GuestProcess> children = new ArrayList<>(0);
    private final List<GuestThread> toContinue = new ArrayList<>(0);
    private final WaitQueue childEvents = new WaitQueue();
    private final WaitQueue signalEvents = new WaitQueue();
    private final IntervalTimers timers;
    private GuestProcess parent;
    private String program;
    private int processGroup;
    private int session;
    private State state = State.ALIVE;
    private boolean stopped;
    private int stopSignal;
    private boolean stopUnreported;
    private boolean continueUnreported;
    private boolean exiting;
    private int waitStatus;
    private GuestThread vforkParent;
    private int exitSignal = Signal.CHLD;
    private int parentDeathSignal;
    private boolean dumpable = true;
    private boolean childSubreaper;
    private Credentials credentials;
    private CallTrace trace;
    private long startNanos;

    GuestProcess(Kernel kernel, GuestProcessHandle handle, int processId, GuestProcess parent, String program) {
        this.kernel = kernel;
        this.handle = handle;
        this.processId = processId;
        this.parent = parent;
        this.program = program;
        this.descriptors = new DescriptorTable(handle, kernel.shownObjects());
        this.timers = new IntervalTimers(this);
        this.startNanos = kernel.environment().nowNanos();
        Arrays.fill(actions, SignalAction.DEFAULT);
        if (parent != null) {
            parent.children.add(this);
            processGroup = parent.processGroup;
            session = parent.session;
            for (int signal = 1; signal <= Signal.MAXIMUM; signal++) {
                if (parent.actions[signal] != SignalAction.DEFAULT) {
                    setAction(signal, parent.actions[signal]);
                }
            }
            descriptors.inherit(parent.descriptors);
            credentials = parent.credentials;
            if (parent.trace != null) {
                trace = parent.trace.forProcess(program, processId);
            }
        } else {
            processGroup = processId;
            session = processId;
            credentials = kernel.credentials();
        }
        showIdentities();
    }

    private void showIdentities() {
        handle.showIdentities(
                processId,
                parentProcessId(),
                credentials.userId(),
                credentials.effectiveUserId(),
                credentials.groupId(),
                credentials.effectiveGroupId());
    }

    public Kernel kernel() {
        return kernel;
    }

    public GuestProcessHandle handle() {
        return handle;
    }

    /** The virtual process id. */
    public int processId() {
        return processId;
    }

    /** The parent's virtual id; 1 where it has none, as for orphans. */
    public int parentProcessId() {
        return parent != null ? parent.processId : 1;
    }

    public GuestProcess parent() {
        return parent;
    }

    /** Children that have not been waited for, oldest first. */
    public List<GuestProcess> children() {
        return children;
    }

    /** The file name of the program that runs, without directories. */
    public String program() {
        return program;
    }

    public void program(String value) {
        program = value;
    }

    public int processGroup() {
        return processGroup;
    }

    public void processGroup(int value) {
        processGroup = value;
    }

    public int session() {
        return session;
    }

    public void session(int value) {
        session = value;
    }

    /** The signal that the parent gets at the end; 0 for none. */
    public void exitSignal(int signal) {
        exitSignal = signal;
    }

    /** {@code prctl(PR_GET_PDEATHSIG)}. */
    public int parentDeathSignal() {
        return parentDeathSignal;
    }

    /** {@code prctl(PR_SET_PDEATHSIG)}: what this process gets when its parent ends; 0 for nothing. */
    public void parentDeathSignal(int signal) {
        parentDeathSignal = signal;
    }

    /** Where this process's calls are written down; null for nowhere. */
    public CallTrace trace() {
        return trace;
    }

    public void trace(CallTrace value) {
        trace = value;
    }

    public Credentials credentials() {
        return credentials;
    }

    public void credentials(Credentials value) {
        credentials = value;
        showIdentities();
    }

    /** {@code prctl(PR_GET_DUMPABLE)}. */
    public boolean isDumpable() {
        return dumpable;
    }

    public void dumpable(boolean value) {
        dumpable = value;
    }

    /** {@code prctl(PR_GET_CHILD_SUBREAPER)}. */
    public boolean isChildSubreaper() {
        return childSubreaper;
    }

    /** {@code prctl(PR_SET_CHILD_SUBREAPER)}: orphans among the descendants become children of this process. */
    public void childSubreaper(boolean value) {
        childSubreaper = value;
    }

    private GuestProcess subreaper() {
        for (GuestProcess ancestor = parent; ancestor != null; ancestor = ancestor.parent) {
            if (ancestor.childSubreaper && ancestor.state == State.ALIVE) {
                return ancestor;
            }
        }
        return null;
    }

    public DescriptorTable descriptors() {
        return descriptors;
    }

    public IntervalTimers timers() {
        return timers;
    }

    public State state() {
        return state;
    }

    public long startNanos() {
        return startNanos;
    }

    /** Living threads, oldest first. */
    public List<GuestThread> threads() {
        return threads;
    }

    public GuestThread addThread(GuestThreadChannel channel, int threadId) {
        GuestThread thread = new GuestThread(this, channel, threadId);
        threads.add(thread);
        return thread;
    }

    /** A thread ended, the process goes on. */
    public void removeThread(GuestThread thread) {
        thread.die();
        threads.remove(thread);
    }

    /** Woken with {@link Poll#IN} when a child ends, stops or continues. */
    public WaitQueue childEvents() {
        return childEvents;
    }

    /** Woken with {@link Poll#IN} when a signal is sent; for signal descriptors. */
    public WaitQueue signalEvents() {
        return signalEvents;
    }

    /** The thread that vfork suspended until this process executes a program or ends; null for none. */
    public GuestThread takeVforkParent() {
        GuestThread taken = vforkParent;
        vforkParent = null;
        return taken;
    }

    public void vforkParent(GuestThread thread) {
        vforkParent = thread;
    }

    // ---- signals

    public PendingSignals pending() {
        return pending;
    }

    public SignalAction action(int signal) {
        return actions[signal];
    }

    private void setAction(int signal, SignalAction action) {
        actions[signal] = action;
        handle.showSignalAction(signal, action.handler(), action.flags(), action.restorer(), action.mask());
    }

    public void action(int signal, SignalAction action) {
        setAction(signal, action);
        if (action.discards(signal)) {
            pending.discard(Signal.bit(signal));
            for (GuestThread thread : threads) {
                thread.pending().discard(Signal.bit(signal));
            }
        }
    }

    /** A new program was executed: handlers are gone, ignored signals stay ignored. */
    public void resetActionsForExec() {
        for (int signal = 1; signal <= Signal.MAXIMUM; signal++) {
            if (!actions[signal].isIgnore() && actions[signal] != SignalAction.DEFAULT) {
                setAction(signal, SignalAction.DEFAULT);
            }
        }
    }

    /** Sends a signal to the process: a thread that does not block it will take it. */
    public void send(SignalInformation information) {
        int signal = information.signal();
        long blockedByAll = -1L;
        for (GuestThread thread : threads) {
            blockedByAll &= thread.blockedSignals() | thread.awaitedSignals();
        }
        if (!accepts(information, blockedByAll)) {
            return;
        }
        pending.add(information);
        signalEvents.wake(Poll.IN);
        for (GuestThread thread : threads) {
            if (thread.wants(signal)) {
                thread.wakeForSignal(signal);
                return;
            }
        }
    }

    /** Applies what a signal does by being sent, and says whether it becomes pending. */
    boolean accepts(SignalInformation information, long blocked) {
        int signal = information.signal();
        if (state != State.ALIVE || exiting) {
            return false;
        }
        if (signal == Signal.CONT || signal == Signal.KILL) {
            resume();
        }
        boolean isBlocked = (blocked & Signal.bit(signal)) != 0;
        if (actions[signal].discards(signal) && !isBlocked) {
            return false;
        }
        return true;
    }

    // ---- stopping

    public boolean isStopped() {
        return stopped;
    }

    /** Stops all threads at their next turn, by {@code signal}. */
    public void stop(int signal) {
        if (!stopped) {
            stopped = true;
            stopSignal = signal;
            stopUnreported = true;
            continueUnreported = false;
            tellParent(SignalInformation.CLD_STOPPED, signal);
        }
    }

    private void resume() {
        if (stopped) {
            stopped = false;
            stopUnreported = false;
            continueUnreported = true;
            List<GuestThread> waiting = List.copyOf(toContinue);
            toContinue.clear();
            for (GuestThread thread : waiting) {
                thread.makeRunnable();
            }
            tellParent(SignalInformation.CLD_CONTINUED, Signal.CONT);
        }
    }

    void continueLater(GuestThread thread) {
        if (!toContinue.contains(thread)) {
            toContinue.add(thread);
        }
    }

    private void tellParent(int code, int status) {
        if (parent != null && parent.state == State.ALIVE) {
            if ((parent.action(Signal.CHLD).flags() & SignalAction.SA_NOCLDSTOP) == 0) {
                parent.send(SignalInformation.ofChild(code, processId, 0, status));
            }
            parent.childEvents.wake(Poll.IN);
        }
    }

    /** The signal that stopped the process where that was not yet reported, else 0; {@code consume} reports it. */
    public int unreportedStop(boolean consume) {
        if (!stopped || !stopUnreported) {
            return 0;
        }
        if (consume) {
            stopUnreported = false;
        }
        return stopSignal;
    }

    /** Whether the process was continued and that was not yet reported. */
    public boolean unreportedContinue(boolean consume) {
        boolean result = continueUnreported;
        if (consume) {
            continueUnreported = false;
        }
        return result;
    }

    // ---- the end

    /** The process has begun to end: nothing more reaches it. */
    public void beginExit(int status) {
        if (!exiting) {
            exiting = true;
            waitStatus = status;
        }
    }

    public boolean isExiting() {
        return exiting;
    }

    /** As {@code wait(2)} gives it; meaningful once the process began to end. */
    public int waitStatus() {
        return waitStatus;
    }

    /**
     * The real process is gone: closes its descriptors, gives its children away and tells its parent.
     *
     * @param status as {@code wait(2)} gives it, used where no exit was begun
     */
    public void ended(int status) {
        if (state != State.ALIVE) {
            return;
        }
        // A process of which nothing is known any more was killed from outside.
        beginExit(status < 0 ? Signal.KILL : status & 0xff7f);
        for (GuestThread thread : List.copyOf(threads)) {
            removeThread(thread);
            thread.channel().close();
        }
        timers.cancelAll();
        descriptors.closeAll();
        GuestProcess heir = subreaper();
        for (GuestProcess child : List.copyOf(children)) {
            child.parent = heir;
            child.showIdentities();
            if (heir != null) {
                heir.children.add(child);
            }
            if (child.state == State.ZOMBIE) {
                if (heir == null) {
                    child.reap();
                } else {
                    heir.childEvents.wake(Poll.IN);
                }
            } else if (child.parentDeathSignal != 0) {
                child.send(SignalInformation.ofKernel(child.parentDeathSignal));
            }
        }
        children.clear();
        handle.close();
        state = State.ZOMBIE;
        if (trace != null) {
            trace.close();
        }
        kernel.processEnded(this);
        GuestThread suspended = takeVforkParent();
        if (suspended != null) {
            suspended.wake();
        }
        if (parent == null) {
            reap();
            return;
        }
        SignalAction childAction = parent.action(Signal.CHLD);
        boolean reapsItself = childAction.isIgnore() || (childAction.flags() & SignalAction.SA_NOCLDWAIT) != 0;
        boolean signaled = (waitStatus & 0x7f) != 0;
        SignalInformation information = SignalInformation.ofChild(
                signaled ? SignalInformation.CLD_KILLED : SignalInformation.CLD_EXITED,
                processId,
                0,
                signaled ? waitStatus & 0x7f : (waitStatus >> 8) & 0xff);
        if (exitSignal == Signal.CHLD) {
            parent.send(information);
        } else if (exitSignal != 0) {
            parent.send(new SignalInformation(exitSignal, information.bytes()));
        }
        GuestProcess waiting = parent;
        if (reapsItself) {
            reap();
        }
        waiting.childEvents.wake(Poll.IN);
    }

    /** The parent has waited, or nobody will: the process id is free. */
    public void reap() {
        if (state != State.GONE) {
            state = State.GONE;
            if (parent != null) {
                parent.children.remove(this);
            }
            kernel.forget(this);
        }
    }
}
