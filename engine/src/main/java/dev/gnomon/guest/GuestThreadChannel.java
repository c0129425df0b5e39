package dev.gnomon.guest;

/**
 * The way one guest thread and the engine hand each other the CPU. While {@link #resume} has not returned, the guest
 * runs and the engine sleeps; afterwards the guest sleeps in the call that these accessors describe, until the
 * worker stores a reply and resumes it again.
 *
 * <p>Not safe for use by several threads at once: a channel belongs to the worker that runs its host.
 */
public interface GuestThreadChannel {
    /** What ended the guest's turn. */
    enum Stop {
        /** The guest made a call (or one of the other {@link Phase}s) and sleeps until it is answered. */
        CALL,
        /** The guest's process died. Nothing can be read from the channel any more. */
        DIED,
        /** The guest still runs after the time given to {@link #resume}; call it again with nothing stored. */
        TIMEOUT
    }

    /** Why the guest crossed. */
    enum Phase {
        NEW_CALL,
        AFTER_NATIVE,
        AFTER_INSTALL,
        THREAD_START,
        PROCESS_START,
        EXEC_START,
        SPAWNED,
        SIGNAL_RETURN,
        FAULT,
        /** The program's own first instruction is next; only of a guest that was started to be {@linkplain Preparation prepared}. */
        ENTRY,
        COPIES_MADE,
        COPY_START,
        /** A call that is told of for the sake of {@link Preparation#WATCHED}; to be answered by {@link #replyNative}. */
        WATCHED_CALL
    }

    /**
     * Lets the guest run with the reply stored before and waits until it stops.
     *
     * @param timeoutNanos wall time after which {@link Stop#TIMEOUT} is returned
     */
    Stop resume(long timeoutNanos);

    /**
     * Waits, without letting anything run, for a thread that was spawned and not yet seen. Where the thread stands at a
     * stop already, returns that at once.
     */
    Stop await(long timeoutNanos);

    /**
     * As {@link #resume} after {@link #replySpawn} of a {@code vfork(2)}, which suspends this thread until the child executes
     * a program or exits.
     *
     * @return whether the child came to its start; otherwise this thread stopped with {@link Phase#SPAWNED} and an
     *     error, or its process died, or the time is over: {@link #await} on this channel tells which. After true,
     *     {@link #await} gets this thread's {@link Phase#SPAWNED} once the child let it go.
     */
    boolean resumeVfork(GuestThreadChannel child, long timeoutNanos);

    Phase phase();

    int callNumber();

    /** The call's argument, {@code index} from 0 to 5. */
    long argument(int index);

    /** The result of the call that the guest executed itself; for {@link Phase#AFTER_NATIVE} and {@link Phase#SPAWNED}. */
    long nativeResult();

    /** The number of the n-th placeholder, or a negative errno in place of the first; for {@link Phase#AFTER_INSTALL}. */
    int installedDescriptor(int index);

    /** The instruction after the call that the guest stands in; for reports. */
    long instructionPointer();

    /** The guest's stack pointer in that call; for reports. */
    long stackPointer();

    /** Fills {@code siginfo} (128 bytes) with what the kernel said; for {@link Phase#FAULT}. */
    void faultInformation(byte[] siginfo);

    /**
     * Takes the counts of calls that the guest answered itself since they were last taken, which {@link #localCalls} and {@link
     * #localTimeCalls} then give. False where there are none.
     */
    boolean takeLocalCalls();

    /** Calls other than those that ask for the time. */
    int localCalls();

    /** Calls that ask for the time, and reads of the time-stamp counter. */
    int localTimeCalls();

    /** What the guest answered on objects since this was last asked, in order; null for nothing. */
    GuestLog openLog();

    /**
     * After {@link #replyInstallAndGoOn} or {@link #replyInstallPairAndGoOn}: how many numbers the guest was to occupy, which
     * {@link #installedDescriptor} gives. 0 where nothing of the kind was replied since this was last asked.
     */
    int takeCompleted();

    /** The thread's mask of blocked signals, which the guest may have changed (bit n-1 = signal n). */
    long blockedSignals();

    /**
     * Says what the guest may answer itself until it next crosses.
     *
     * @param calls how many calls, from 0
     * @param unappliedNanos virtual time that the thread owes already
     */
    void allowLocalCalls(int calls, long unappliedNanos);

    /** Shows the thread's mask of blocked signals, and which signals wait for it or its process. */
    void showSignals(long blocked, long pending);

    /** Shows what {@code gettid(2)} answers. */
    void showThreadId(int threadId);

    GuestMemory memory();

    /** What can be done with the guest at {@link Phase#ENTRY}. */
    EntryPoint entryPoint();

    // Replies: exactly one is stored before the next resume.

    void replyResult(long value);

    /** The guest executes the original call and returns its result. */
    void replyNative();

    /** As {@link #replyNative}, then crosses again with {@link Phase#AFTER_NATIVE}. */
    void replyNativeReport();

    /** The guest executes the original call with another path in argument {@code argumentIndex}. */
    void replyNativePath(int argumentIndex, byte[] path, boolean report);

    /** The guest occupies {@code count} (1 to 8) descriptor numbers, then crosses with {@link Phase#AFTER_INSTALL}. */
    void replyInstall(int count, boolean closeOnExec);

    /**
     * The guest occupies a number, enters the object under it, and goes on: its call returns the number, or the error. {@link
     * #takeCompleted} tells at its next crossing.
     *
     * @param object the object's record; null for none
     */
    void replyInstallAndGoOn(boolean closeOnExec, GuestObject object);

    /** As {@link #replyInstallAndGoOn} for two, stored as two {@code int} at {@code address}, which was written to before. */
    void replyInstallPairAndGoOn(boolean closeOnExec, GuestObject first, GuestObject second, long address);

    /** The guest executes its clone, fork or vfork; what comes to life uses the child's channel. */
    void replySpawn(GuestThreadChannel child);

    /** The guest executes its execve; on success the same channel next stops with {@link Phase#EXEC_START}. */
    void replyExec();

    void replyExitThread(int status);

    void replyExitProcess(int status);

    /** The guest dies of {@code signal} as by the signal's default action. */
    void replyDie(int signal);

    /**
     * Adds a signal delivery to the reply stored: before the guest goes on, its handler runs.
     *
     * @param handler address of the handler
     * @param flags as in {@code sigaction(2)}
     * @param restorer return address of the handler
     * @param savedMask the mask that the frame holds and {@code rt_sigreturn} gives back (bit n-1 = signal n)
     * @param stackBase lowest address of the alternate stack to switch to, 0 for none
     * @param stackBytes its size
     * @param siginfo 128 bytes
     * @param restart whether the interrupted call is made again when the handler returns
     */
    void deliverSignal(
            int signal,
            long handler,
            long flags,
            long restorer,
            long savedMask,
            long stackBase,
            long stackBytes,
            byte[] siginfo,
            boolean restart);

    /**
     * Real identity inside the guests' PID namespace, known once the guest was first seen. It is what the guest says; nothing
     * is done to a process by this number.
     */
    int realProcessId();

    /** The process as the engine's own {@code /proc} shows it; 0 where it has ended or is not known. */
    int machineProcessId();

    int realThreadId();

    /** Gives the slot back; the thread is gone. */
    void close();
}
