package dev.gnomon.guest;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A guest process under the shim: its record in the host's block, and what the zygote knows of it. */
final class PreloadProcess implements GuestProcessHandle {
    private static final long LAST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PreloadHostBlock host;
    private final Mechanism mechanism;
    private final int page;
    private final ByteBuffer record;
    private final Zygote zygote;
    private final CountDownLatch death = new CountDownLatch(1);

    private volatile int processId;
    private volatile int machineProcessId;
    private volatile int waitStatus = -1;
    private volatile String misconduct;

    /** Deaths before the guest could fork this process; see {@link Zygote#adopt}. The worker's own, as the rest below. */
    private long deathsBeforeFork;

    /** Whether a guest may have forked this process without having said its number. */
    private boolean perhapsForked;

    /** One more than the highest descriptor ever shown: as far the record is not zero. */
    private int descriptorsEnd;

    /** Which signals have an action in the record, bit n-1 for signal n. */
    private long signalActionsSet;

    /** Whether the shim may have entered a descriptor that the engine does not know of. */
    private boolean installing;

    private boolean closed;

    /** Whether the process's first thread has left it, and one that has not, where known. */
    private boolean firstThreadLeft;

    private int otherThread;

    private boolean relativePathsCross;

    /** What the start serves; until the entry point. */
    private Preparation preparation = Preparation.NONE;

    /** Where the process's notifications come; null where it has none, or is not known to run yet. */
    private NotificationListener listener;

    PreloadProcess(PreloadHostBlock host, Mechanism mechanism, int page, ByteBuffer record, Zygote zygote) {
        this.host = host;
        this.mechanism = mechanism;
        this.page = page;
        this.record = record;
        this.zygote = zygote;
        markRelativePaths(false);
        record.putInt(ProcessRecordDescriptor.REAL_PROCESS_ID_OFFSET, 0);
        record.putInt(ProcessRecordDescriptor.DESCRIPTORS_END_OFFSET, 0);
        record.putLong(ProcessRecordDescriptor.SIGNAL_ACTIONS_SET_OFFSET, 0);
    }

    /** Where the record lies in the block. */
    int page() {
        return page;
    }

    /** The process crosses by notification, to this listener. */
    void listen(NotificationListener to) {
        listener = to;
        to.retain();
    }

    /** How its threads cross; one that waits for notifications does so from {@link #listen} on. */
    Crossing crossing() {
        return listener != null ? listener : host.crossing(mechanism);
    }

    @Override
    public GuestThreadChannel openThread() {
        return host.openThread(this);
    }

    @Override
    public GuestProcessHandle openChild() {
        PreloadProcess child = host.openProcess(mechanism);
        if (child != null && listener != null) {
            child.listen(listener);
        }
        return child;
    }

    @Override
    public Mechanism mechanism() {
        return mechanism;
    }

    @Override
    public GuestObject openObject() {
        return host.openObject();
    }

    @Override
    public void showDescriptor(int descriptor, GuestObject object) {
        putDescriptor(descriptor, object != null ? object.unit() : ProcessRecordDescriptor.DESCRIPTOR_OPAQUE);
        if (descriptor >= descriptorsEnd) {
            descriptorsEnd = descriptor + 1;
            record.putInt(ProcessRecordDescriptor.DESCRIPTORS_END_OFFSET, descriptorsEnd);
        }
    }

    @Override
    public void hideDescriptor(int descriptor) {
        putDescriptor(descriptor, ProcessRecordDescriptor.DESCRIPTOR_NATIVE);
    }

    private void putDescriptor(int descriptor, int value) {
        if (descriptor < 0 || descriptor >= ProcessRecordDescriptor.DESCRIPTOR_LIMIT) {
            throw new IllegalArgumentException("descriptor out of range: descriptor=" + descriptor + ", limit="
                    + ProcessRecordDescriptor.DESCRIPTOR_LIMIT);
        }
        record.putInt(ProcessRecordDescriptor.descriptorOffset(descriptor), value);
    }

    @Override
    public void showIdentities(
            int virtualProcessId,
            int parentProcessId,
            int userId,
            int effectiveUserId,
            int groupId,
            int effectiveGroupId) {
        record.putInt(ProcessRecordDescriptor.PROCESS_ID_OFFSET, virtualProcessId);
        record.putInt(ProcessRecordDescriptor.PARENT_PROCESS_ID_OFFSET, parentProcessId);
        record.putInt(ProcessRecordDescriptor.USER_ID_OFFSET, userId);
        record.putInt(ProcessRecordDescriptor.EFFECTIVE_USER_ID_OFFSET, effectiveUserId);
        record.putInt(ProcessRecordDescriptor.GROUP_ID_OFFSET, groupId);
        record.putInt(ProcessRecordDescriptor.EFFECTIVE_GROUP_ID_OFFSET, effectiveGroupId);
    }

    @Override
    public void showSignalAction(int signal, long handler, long flags, long restorer, long mask) {
        long bit = 1L << signal - 1;
        if ((handler | flags | restorer | mask) == 0) {
            // The page of the actions is not touched for a process that never had any.
            signalActionsSet &= ~bit;
        } else {
            int offset = ProcessRecordDescriptor.signalActionOffset(signal);
            record.putLong(offset, handler);
            record.putLong(offset + Long.BYTES, flags);
            record.putLong(offset + 2 * Long.BYTES, restorer);
            record.putLong(offset + 3 * Long.BYTES, mask);
            signalActionsSet |= bit;
        }
        record.putLong(ProcessRecordDescriptor.SIGNAL_ACTIONS_SET_OFFSET, signalActionsSet);
    }

    @Override
    public void markRelativePaths(boolean cross) {
        relativePathsCross = cross;
        putFlags();
    }

    /** Says what the process's start serves; {@link Preparation#NONE} from its entry point on. */
    void prepare(Preparation by) {
        preparation = by;
        putFlags();
    }

    private void putFlags() {
        // What a path means that is no absolute one depends on the host.
        boolean cross = relativePathsCross || preparation != Preparation.NONE;
        record.putInt(
                ProcessRecordDescriptor.FLAGS_OFFSET,
                (cross ? ProcessRecordDescriptor.RELATIVE_PATHS_CROSS : 0)
                        | (mechanism == Mechanism.NOTIFY ? ProcessRecordDescriptor.NOTIFIES : 0)
                        | (preparation == Preparation.WATCHED ? ProcessRecordDescriptor.WATCHED : 0));
    }

    /** The shim may enter a descriptor into the record by itself, until {@link #installationReported}. */
    void installationExpected() {
        installing = true;
    }

    void installationReported() {
        installing = false;
    }

    // ---- identity and death, from the zygote

    /** The zygote, or a guest, said which process this is. @param machine as {@code /proc} shows it, 0 where not known */
    void identified(int process, int machine) {
        processId = process;
        machineProcessId = machine;
    }

    /** The guest's thread is about to hear that it may execute a program. */
    void executionAllowed(int threadPage) {
        if (mechanism.injects()) {
            zygote.expect(processId, host.index(), page, threadPage);
        }
    }

    void forkAllowed() {
        deathsBeforeFork = zygote.deaths();
        perhapsForked = true;
    }

    /** The kernel refused the guest the fork. */
    void forkRefused() {
        perhapsForked = false;
    }

    /** A guest says that this is process {@code pid}. */
    void claim(int pid) {
        if (processId == 0) {
            if (!zygote.adopt(this, pid, deathsBeforeFork)) {
                misbehaved("said to be process " + pid + ", which is another");
            }
        } else if (processId != pid) {
            misbehaved("said to be process " + pid + ", but is " + processId);
        }
    }

    /** The thread with this number, in the guest's PID namespace, has left the process. */
    void threadLeft(int thread) {
        firstThreadLeft |= thread == processId;
        otherThread = 0;
    }

    /**
     * To be asked where the kernel does not find what {@link #machineProcessId} said: whether another thread may be found now,
     * because the one that it named was about to leave.
     */
    boolean looksForOtherThread() {
        otherThread = 0;
        return firstThreadLeft && !isDead();
    }

    /** Where {@code process_vm_readv(2)} and {@code /proc} find the process: under its number or a thread's; 0 where they do not. */
    int machineProcessId() {
        int first = firstThreadId();
        if (!firstThreadLeft || first == 0) {
            return first;
        }
        if (otherThread == 0) {
            otherThread = ProcessThreads.livingBesidesFirst(first);
        }
        return otherThread;
    }

    private int firstThreadId() {
        int machine = machineProcessId;
        if (machine == 0 && processId != 0 && !isDead()) {
            machine = zygote.check(processId);
            machineProcessId = machine;
        }
        return machine;
    }

    /** After a long silence: whether the process is one that the zygote still has to bury. */
    void confirm() {
        int pid = processId;
        if (pid != 0 && !isDead() && zygote.check(pid) == 0 && waitStatus < 0) {
            misbehaved("said to be process " + pid + ", which does not exist");
        }
    }

    void died(int status) {
        waitStatus = status;
        death.countDown();
        host.worker().wake();
    }

    /** Whether nothing of the process runs any more, or nothing it says counts any more. */
    boolean isDead() {
        return waitStatus >= 0 || misconduct != null || zygote.isLost();
    }

    /** Records what is wrong with what the guest wrote, and kills it. */
    void misbehaved(String what) {
        lost(what);
        kill();
    }

    /** Records why the zygote kills it. */
    void lost(String what) {
        if (misconduct == null) {
            misconduct = what;
        }
    }

    @Override
    public Optional<String> misconduct() {
        return Optional.ofNullable(misconduct);
    }

    @Override
    public void kill() {
        int pid = processId;
        if (pid != 0 && waitStatus < 0) {
            zygote.kill(pid);
        }
    }

    @Override
    public int waitStatus() {
        return waitStatus;
    }

    @Override
    public boolean awaitDeath(long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return death.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        kill();
        // A process that may still run keeps its place to itself.
        boolean neverLived = processId == 0 && !perhapsForked;
        if (neverLived || zygote.isLost() || processId != 0 && awaitDeath(LAST_GRACE_NANOS)) {
            int end = installing ? ProcessRecordDescriptor.DESCRIPTOR_LIMIT : descriptorsEnd;
            for (int descriptor = 0; descriptor < end; descriptor++) {
                hideDescriptor(descriptor);
            }
            host.freeProcess(page);
        }
        if (listener != null) {
            listener.release();
        }
    }
}
