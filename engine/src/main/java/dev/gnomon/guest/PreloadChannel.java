package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;
import java.nio.charset.StandardCharsets;

/** One guest thread under the shim or a tracer: a slot in the host's block, and a way to cross. */
final class PreloadChannel implements GuestThreadChannel {
    private static final Phase[] PHASES = Phase.values();

    /** Where this thread stands, as far as the engine has seen. */
    private enum Turn {
        /** Not seen yet. */
        UNSEEN,
        /** Stopped; the engine's turn. */
        STOPPED,
        /** Let go; nothing was seen of it since. */
        RUNNING
    }

    /** What the next resume will see through. */
    private enum Ending {
        NONE,
        THREAD,
        PROCESS
    }

    private final PreloadHostBlock host;
    private final PreloadProcess process;
    private final int page;
    private final ThreadSlot slot;
    private final PreloadMemory memory;
    private final WorkerWord worker;
    private final SlotLog log;
    private final SlotReply reply;
    private Crossing crossing;

    private Turn turn = Turn.UNSEEN;
    private Ending ending = Ending.NONE;
    private Phase phase = Phase.NEW_CALL;
    private PreloadChannel spawned;
    private int allowedCalls;
    private int localCalls;
    private int localTimeCalls;
    private int completing;

    /** Of a guest whose start serves others; otherwise null. */
    private PreloadEntryPoint entryPoint;

    /** Of a copy, until it was let go for the first time; otherwise null. */
    private PreludeReplay replay;

    private boolean gone;
    private boolean closed;

    PreloadChannel(PreloadHostBlock host, PreloadProcess process, int page, ThreadSlot slot) {
        this.host = host;
        this.process = process;
        this.page = page;
        this.slot = slot;
        this.worker = host.worker();
        this.crossing = process.crossing();
        this.memory = new PreloadMemory(process, slot, worker);
        this.log = new SlotLog(process::misbehaved, slot);
        this.reply = new SlotReply(slot);
    }

    /** Where the slot lies in the block. */
    int page() {
        return page;
    }

    /** Crosses by another way of the same worker from now on. */
    void crossBy(Crossing by) {
        crossing = by;
    }

    // ---- turns

    @Override
    public Stop resume(long timeoutNanos) {
        // Before the look for a death, so that one right after it still ends the sleep.
        int seen = worker.sequence();
        if (gone || process.isDead()) {
            return Stop.DIED;
        }
        if (replay != null) {
            String difference = replay.isOver() ? replay.storeWords(slot) : replay.replied(slot);
            if (difference != null) {
                process.misbehaved(difference);
                return Stop.DIED;
            }
            if (!replay.isOver()) {
                replay.advance(slot);
                return stopped();
            }
            replay = null;
        }
        if (turn == Turn.UNSEEN) {
            throw new IllegalStateException("a thread that was not seen yet cannot go on: slot=" + page);
        }
        return turn == Turn.RUNNING ? waitForStop(null, timeoutNanos) : letGo(null, seen, timeoutNanos);
    }

    @Override
    public Stop await(long timeoutNanos) {
        if (gone) {
            return Stop.DIED;
        }
        if (turn == Turn.STOPPED) {
            return process.isDead() ? Stop.DIED : Stop.CALL;
        }
        return waitForStop(null, timeoutNanos);
    }

    @Override
    public boolean resumeVfork(GuestThreadChannel child, long timeoutNanos) {
        PreloadChannel born = (PreloadChannel) child;
        int seen = worker.sequence();
        if (gone || process.isDead()) {
            return false;
        }
        Stop stop = turn == Turn.RUNNING ? waitForStop(born, timeoutNanos) : letGo(born, seen, timeoutNanos);
        return stop == null;
    }

    /** Hands the guest the processor. */
    private Stop letGo(PreloadChannel born, int seen, long timeoutNanos) {
        turn = Turn.RUNNING;
        if (entryPoint != null) {
            entryPoint.replied();
        }
        int outcome = crossing.letGo(slot, seen, timeoutNanos);
        // One look suffices nearly always: the guest came back, and nothing else happened.
        if (outcome == SwitchLibrary.STOPPED && ending == Ending.NONE) {
            return stopped();
        }
        return waitForStop(born, timeoutNanos);
    }

    /**
     * Sees through what a turn can end with. Null: {@code born}, a child by vfork, came to its start.
     */
    private Stop waitForStop(PreloadChannel born, long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        while (true) {
            int seen = worker.sequence();
            int state = slot.state();
            if (state == ThreadSlotDescriptor.STATE_CALL && ending == Ending.NONE) {
                return stopped();
            }
            if (state == ThreadSlotDescriptor.STATE_GONE && ending != Ending.PROCESS) {
                return stopped();
            }
            if (process.isDead()) {
                gone = true;
                return Stop.DIED;
            }
            if (state == ThreadSlotDescriptor.STATE_CALL) {
                process.misbehaved("made a call instead of its exit");
                return Stop.DIED;
            }
            if (born != null && born.isAtStart()) {
                return null;
            }
            if (worker.takeInterruption()) {
                return Stop.TIMEOUT;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                process.confirm();
                return process.isDead() ? Stop.DIED : Stop.TIMEOUT;
            }
            // With GONE in the slot only the process's death is missing, which the worker's word tells.
            if (state == ThreadSlotDescriptor.STATE_GONE) {
                SwitchLibrary.gnomon_await_word(worker.address(), seen, left);
            } else {
                crossing.await(slot, seen, left);
            }
        }
    }

    private boolean isAtStart() {
        if (turn == Turn.STOPPED) {
            return true;
        }
        return slot.state() == ThreadSlotDescriptor.STATE_CALL && stopped() == Stop.CALL;
    }

    /** Takes what the guest wrote; nothing of it is believed yet. */
    private Stop stopped() {
        if (slot.state() == ThreadSlotDescriptor.STATE_GONE) {
            gone = true;
            process.threadLeft(realThreadId());
            if (ending != Ending.THREAD) {
                process.misbehaved("left its slot without being told to");
            }
            return Stop.DIED;
        }
        turn = Turn.STOPPED;
        int number = slot.getInt(ThreadSlotDescriptor.PHASE_OFFSET);
        if (number < 0 || number >= PHASES.length) {
            process.misbehaved("crossed for a reason that does not exist: phase=" + number);
            return Stop.DIED;
        }
        int ranges = slot.getInt(ThreadSlotDescriptor.RANGE_COUNT_OFFSET);
        if (ranges < 0 || ranges > ThreadSlotDescriptor.RANGE_LIMIT) {
            process.misbehaved("carried more ranges than a slot has: ranges=" + ranges);
            return Stop.DIED;
        }
        phase = PHASES[number];
        memory.carry(ranges);
        if (phase != Phase.NEW_CALL) {
            learnIdentities();
        }
        if (entryPoint != null) {
            entryPoint.stopped(phase, ranges);
        }
        return process.isDead() ? Stop.DIED : Stop.CALL;
    }

    private void learnIdentities() {
        switch (phase) {
            case EXEC_START, PROCESS_START, COPY_START -> process.claim(realProcessId());
            case SPAWNED -> {
                long born = nativeResult();
                if (spawned != null && spawned.process != process) {
                    if (born > 0) {
                        spawned.process.claim((int) Math.min(born, Integer.MAX_VALUE));
                    } else {
                        spawned.process.forkRefused();
                    }
                }
                spawned = null;
            }
            case NEW_CALL,
                    AFTER_NATIVE,
                    AFTER_INSTALL,
                    THREAD_START,
                    SIGNAL_RETURN,
                    FAULT,
                    ENTRY,
                    COPIES_MADE,
                    WATCHED_CALL -> {}
        }
    }

    // ---- what the guest says

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public int callNumber() {
        return slot.getInt(ThreadSlotDescriptor.CALL_NUMBER_OFFSET);
    }

    @Override
    public long argument(int argumentIndex) {
        if (argumentIndex < 0 || argumentIndex >= ThreadSlotDescriptor.ARGUMENT_LIMIT) {
            throw new IndexOutOfBoundsException("no such argument: index=" + argumentIndex);
        }
        return slot.getLong(ThreadSlotDescriptor.ARGUMENTS_OFFSET + argumentIndex * Long.BYTES);
    }

    @Override
    public long nativeResult() {
        return slot.getLong(ThreadSlotDescriptor.NATIVE_RESULT_OFFSET);
    }

    @Override
    public int installedDescriptor(int installedIndex) {
        if (installedIndex < 0 || installedIndex >= ThreadSlotDescriptor.INSTALL_LIMIT) {
            throw new IndexOutOfBoundsException("no such placeholder: index=" + installedIndex);
        }
        int descriptor = slot.getInt(ThreadSlotDescriptor.INSTALLED_OFFSET + installedIndex * Integer.BYTES);
        if (descriptor >= ProcessRecordDescriptor.DESCRIPTOR_LIMIT || descriptor < -4095) {
            process.misbehaved("installed a descriptor that cannot be: descriptor=" + descriptor);
            return -EBADF;
        }
        return descriptor;
    }

    /** {@code include/uapi/asm-generic/errno-base.h} */
    private static final int EBADF = 9;

    @Override
    public long instructionPointer() {
        return slot.getLong(ThreadSlotDescriptor.INSTRUCTION_POINTER_OFFSET);
    }

    @Override
    public long stackPointer() {
        return slot.getLong(ThreadSlotDescriptor.STACK_POINTER_OFFSET);
    }

    @Override
    public void faultInformation(byte[] siginfo) {
        slot.get(ThreadSlotDescriptor.FAULT_SIGINFO_OFFSET, siginfo, 0, SignalDeliveryDescriptor.SIGINFO_BYTES);
    }

    @Override
    public boolean takeLocalCalls() {
        localTimeCalls = slot.getInt(ThreadSlotDescriptor.LOCAL_TIME_CALLS_OFFSET);
        localCalls = slot.getInt(ThreadSlotDescriptor.LOCAL_CALLS_OFFSET);
        if ((localTimeCalls | localCalls) == 0) {
            return false;
        }
        slot.putInt(ThreadSlotDescriptor.LOCAL_TIME_CALLS_OFFSET, 0);
        slot.putInt(ThreadSlotDescriptor.LOCAL_CALLS_OFFSET, 0);
        if (localTimeCalls < 0 || localCalls < 0 || localTimeCalls > allowedCalls - localCalls) {
            process.misbehaved("answered more calls than it may: calls=" + localCalls + ", time calls=" + localTimeCalls
                    + ", allowed=" + allowedCalls);
            localTimeCalls = 0;
            localCalls = 0;
        }
        return true;
    }

    @Override
    public int localCalls() {
        return localCalls;
    }

    @Override
    public int localTimeCalls() {
        return localTimeCalls;
    }

    @Override
    public GuestLog openLog() {
        return log.open() ? log : null;
    }

    @Override
    public int takeCompleted() {
        int count = completing;
        completing = 0;
        if (count > 0) {
            process.installationReported();
        }
        return count;
    }

    @Override
    public long blockedSignals() {
        return slot.getLong(ThreadSlotDescriptor.BLOCKED_SIGNALS_OFFSET);
    }

    @Override
    public void allowLocalCalls(int calls, long unappliedNanos) {
        allowedCalls = calls;
        slot.putInt(ThreadSlotDescriptor.CALLS_LEFT_OFFSET, calls);
        slot.putLong(ThreadSlotDescriptor.UNAPPLIED_NANOS_OFFSET, unappliedNanos);
    }

    @Override
    public void showSignals(long blocked, long pending) {
        slot.putLong(ThreadSlotDescriptor.BLOCKED_SIGNALS_OFFSET, blocked);
        slot.putLong(ThreadSlotDescriptor.PENDING_SIGNALS_OFFSET, pending);
    }

    @Override
    public void showThreadId(int threadId) {
        slot.putInt(ThreadSlotDescriptor.THREAD_ID_OFFSET, threadId);
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public int realProcessId() {
        return slot.getInt(ThreadSlotDescriptor.REAL_PROCESS_ID_OFFSET);
    }

    @Override
    public int machineProcessId() {
        return process.machineProcessId();
    }

    @Override
    public int realThreadId() {
        return slot.getInt(ThreadSlotDescriptor.REAL_THREAD_ID_OFFSET);
    }

    // ---- the entry point

    /** The thread's stops are kept until its entry point. */
    void record(Preparation preparation) {
        entryPoint().record(preparation);
    }

    @Override
    public PreloadEntryPoint entryPoint() {
        if (entryPoint == null) {
            entryPoint = new PreloadEntryPoint(this, host, process, slot, memory);
        }
        return entryPoint;
    }

    /** What comes to life here is a copy, which finds its files and its directory here. */
    void replay(ProgramImage image, String... places) {
        replay = new PreludeReplay(image, host);
        int at = ThreadSlotDescriptor.TRANSFER_OFFSET;
        for (String place : places) {
            byte[] bytes = place.getBytes(StandardCharsets.UTF_8);
            slot.put(at, bytes, 0, bytes.length);
            slot.put(at + bytes.length, (byte) 0);
            at += bytes.length + 1;
        }
    }

    /** The copy came to life: its first stop becomes that of the guest that was executed. False where it is of no use. */
    boolean beginReplay() {
        if (phase != Phase.COPY_START || nativeResult() != 0) {
            return false;
        }
        replay.advance(slot);
        return stopped() == Stop.CALL;
    }

    /** The guest makes as many copies of itself as are described in the transfer buffer. */
    void replyCopy(int count) {
        reply.put(ThreadSlotDescriptor.REPLY_COPY, 0);
        reply.parameter(0, count);
    }

    // ---- replies

    @Override
    public void replyResult(long value) {
        reply.put(ThreadSlotDescriptor.REPLY_RESULT, value);
    }

    @Override
    public void replyNative() {
        reply.put(ThreadSlotDescriptor.REPLY_NATIVE, 0);
    }

    @Override
    public void replyNativeReport() {
        reply.put(ThreadSlotDescriptor.REPLY_NATIVE_REPORT, 0);
    }

    @Override
    public void replyNativePath(int argumentIndex, byte[] path, boolean report) {
        reply.nativePath(argumentIndex, path, report);
    }

    @Override
    public void replyInstall(int count, boolean closeOnExec) {
        reply.install(count, closeOnExec, ThreadSlotDescriptor.INSTALL_REPORT);
    }

    @Override
    public void replyInstallAndGoOn(boolean closeOnExec, GuestObject object) {
        reply.install(1, closeOnExec, ThreadSlotDescriptor.INSTALL_COMPLETE);
        reply.installObject(0, object);
        completing(1);
    }

    @Override
    public void replyInstallPairAndGoOn(boolean closeOnExec, GuestObject first, GuestObject second, long address) {
        reply.install(2, closeOnExec, ThreadSlotDescriptor.INSTALL_COMPLETE_PAIR);
        reply.installPairAt(address);
        reply.installObject(0, first);
        reply.installObject(1, second);
        completing(2);
    }

    private void completing(int count) {
        completing = count;
        process.installationExpected();
    }

    @Override
    public void replySpawn(GuestThreadChannel child) {
        PreloadChannel born = (PreloadChannel) child;
        reply.put(ThreadSlotDescriptor.REPLY_SPAWN, 0);
        reply.parameter(0, born.page);
        reply.parameter(1, born.process.page());
        spawned = born;
        if (born.process != process) {
            born.process.forkAllowed();
        }
    }

    @Override
    public void replyExec() {
        process.executionAllowed(page);
        reply.put(ThreadSlotDescriptor.REPLY_EXEC, 0);
    }

    @Override
    public void replyExitThread(int status) {
        reply.put(ThreadSlotDescriptor.REPLY_EXIT_THREAD, status);
        ending = Ending.THREAD;
    }

    @Override
    public void replyExitProcess(int status) {
        reply.put(ThreadSlotDescriptor.REPLY_EXIT_PROCESS, status);
        ending = Ending.PROCESS;
    }

    @Override
    public void replyDie(int signal) {
        reply.put(ThreadSlotDescriptor.REPLY_DIE, 0);
        reply.parameter(0, signal);
        ending = Ending.PROCESS;
    }

    @Override
    public void deliverSignal(
            int signal,
            long handler,
            long flags,
            long restorer,
            long savedMask,
            long stackBase,
            long stackBytes,
            byte[] siginfo,
            boolean restart) {
        reply.signal(signal, handler, flags, restorer, savedMask, stackBase, stackBytes, siginfo, restart);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gone = true;
            host.freeThread(page);
        }
    }
}
