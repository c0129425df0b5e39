package dev.gnomon.kernel;

import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.kernel.signal.PendingSignals;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.ScheduledAction;
import java.util.ArrayList;

/** A thread of a guest process: what it waits for, and its part of the signal state. */
public final class GuestThread implements Waiter {
    /** Where a thread is in its life. */
    public enum State {
        /** Has the CPU, or is queued for it. */
        RUNNABLE,
        /** Sleeps in a call. */
        BLOCKED,
        DEAD
    }

    /** No deadline. */
    public static final long FOREVER = Long.MAX_VALUE;

    private final GuestProcess process;
    private final GuestThreadChannel channel;
    private int threadId;
    private final PendingSignals pending = new PendingSignals();
    private final ArrayList<WaitQueue> watched = new ArrayList<>(2);
    private ThreadTurn turn;
    private State state = State.RUNNABLE;
    private long blockedSignals;
    private long maskToRestore;
    private boolean restoresMask;
    private long awaitedSignals;
    private long alternateStackBase;
    private long alternateStackBytes;
    private long alternateStackFlags;
    private long clearThreadIdAddress;
    private ScheduledAction deadlineAction;
    private boolean timedOut;
    private boolean queued;
    private boolean uninterruptible;

    private final Runnable deadlineReached = this::deadlineReached;

    GuestThread(GuestProcess process, GuestThreadChannel channel, int threadId) {
        this.process = process;
        this.channel = channel;
        this.threadId = threadId;
    }

    public GuestProcess process() {
        return process;
    }

    public GuestThreadChannel channel() {
        return channel;
    }

    /** The virtual thread id; the process's first thread has the process's. */
    public int threadId() {
        return threadId;
    }

    /** This thread executed a program: it is the process's only thread now and has its id. */
    public void becomeLeader() {
        threadId = process.processId();
        clearThreadIdAddress = 0;
        alternateStack(0, 0, 0);
    }

    public State state() {
        return state;
    }

    public ThreadTurn turn() {
        return turn;
    }

    public void turn(ThreadTurn value) {
        turn = value;
    }

    public long clearThreadIdAddress() {
        return clearThreadIdAddress;
    }

    /** Where the kernel stores 0 and wakes a futex when the thread ends, {@code set_tid_address(2)}; 0 for nowhere. */
    public void clearThreadIdAddress(long address) {
        clearThreadIdAddress = address;
    }

    // ---- waiting

    /** Adds to what the coming {@link #block} waits for. */
    public void watch(WaitQueue queue, int mask) {
        watch(queue, mask, false);
    }

    public void watch(WaitQueue queue, int mask, boolean exclusive) {
        queue.add(this, mask, exclusive);
        watched.add(queue);
    }

    /** Falls asleep until something watched happens, a signal comes, or {@code deadlineNanos} is reached. */
    public void block(long deadlineNanos) {
        timedOut = false;
        state = State.BLOCKED;
        if (deadlineNanos != FOREVER) {
            deadlineAction = process.kernel().environment().schedule(deadlineNanos, deadlineReached);
        }
    }

    /** As {@link #block}; no signal ends the sleep. */
    public void blockUninterruptibly(long deadlineNanos) {
        uninterruptible = true;
        block(deadlineNanos);
    }

    private void deadlineReached() {
        deadlineAction = null;
        timedOut = true;
        wake();
    }

    /** Whether the last sleep ended because its deadline was reached. */
    public boolean timedOut() {
        return timedOut;
    }

    @Override
    public boolean woken(WaitQueue queue, int bits) {
        boolean slept = state == State.BLOCKED;
        wake();
        return slept;
    }

    /** Ends a sleep, whatever for. */
    public void wake() {
        if (state != State.BLOCKED) {
            return;
        }
        forgetWait();
        uninterruptible = false;
        state = State.RUNNABLE;
        makeRunnable();
    }

    /** Takes back {@link #watch} and {@link #block}: the thread goes on. */
    public void cancelBlock() {
        forgetWait();
        state = State.RUNNABLE;
    }

    private void forgetWait() {
        for (int i = 0; i < watched.size(); i++) {
            watched.get(i).remove(this);
        }
        watched.clear();
        if (deadlineAction != null) {
            deadlineAction.cancel();
            deadlineAction = null;
        }
    }

    /** Queues the thread for the CPU; a stopped process's threads are queued when it is continued. */
    public void makeRunnable() {
        if (!queued && state == State.RUNNABLE) {
            if (process.isStopped()) {
                process.continueLater(this);
                return;
            }
            queued = true;
            process.kernel().environment().makeRunnable(this);
        }
    }

    /** Said by the scheduler when it took the thread from its queue. */
    public void dequeued() {
        queued = false;
    }

    void die() {
        forgetWait();
        state = State.DEAD;
    }

    // ---- signals

    public PendingSignals pending() {
        return pending;
    }

    /** The mask of blocked signals. */
    public long blockedSignals() {
        return blockedSignals;
    }

    public void blockedSignals(long mask) {
        blockedSignals = mask & ~Signal.UNBLOCKABLE;
    }

    /** Blocks {@code mask} for one call, as {@code sigsuspend} and {@code ppoll} do; undone after signals were delivered. */
    public void blockTemporarily(long mask) {
        if (!restoresMask) {
            maskToRestore = blockedSignals;
            restoresMask = true;
        }
        blockedSignals(mask);
    }

    /** The mask that a handler's frame gives back: the one from before {@link #blockTemporarily}. */
    public long takeMaskToRestore() {
        if (restoresMask) {
            restoresMask = false;
            return maskToRestore;
        }
        return blockedSignals;
    }

    /** Undoes {@link #blockTemporarily}. */
    public void restoreMask() {
        if (restoresMask) {
            restoresMask = false;
            blockedSignals = maskToRestore;
        }
    }

    /** Signals that the thread waits for in {@code rt_sigtimedwait(2)}; they wake it although they are blocked. */
    public void awaitSignals(long mask) {
        awaitedSignals = mask;
    }

    /** Whether a signal waits that this thread would take on its way back to the program. */
    public boolean hasDeliverableSignal() {
        return ((pending.mask() | process.pending().mask()) & ~blockedSignals) != 0;
    }

    /** Takes the next signal among {@code wanted}: the thread's own before the process's. */
    public SignalInformation takeSignal(long wanted) {
        SignalInformation own = pending.take(wanted);
        return own != null ? own : process.pending().take(wanted);
    }

    /** Sends a signal to this thread alone. */
    public void send(SignalInformation information) {
        if (state == State.DEAD || !process.accepts(information, blockedSignals | awaitedSignals)) {
            return;
        }
        pending.add(information);
        process.signalEvents().wake(Poll.IN);
        wakeForSignal(information.signal());
    }

    /** Whether the thread would react to {@code signal} now. */
    boolean wants(int signal) {
        return state != State.DEAD && ((awaitedSignals | ~blockedSignals) & Signal.bit(signal)) != 0;
    }

    long awaitedSignals() {
        return awaitedSignals;
    }

    void wakeForSignal(int signal) {
        if (wants(signal) && !uninterruptible) {
            wake();
        }
    }

    public long alternateStackBase() {
        return alternateStackBase;
    }

    public long alternateStackBytes() {
        return alternateStackBytes;
    }

    public long alternateStackFlags() {
        return alternateStackFlags;
    }

    /** {@code sigaltstack(2)}; a size of 0 means that there is none. */
    public void alternateStack(long base, long bytes, long flags) {
        alternateStackBase = base;
        alternateStackBytes = bytes;
        alternateStackFlags = flags;
    }
}
