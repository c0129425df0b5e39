package dev.gnomon.guest;

import java.util.Optional;

/** A guest process's place in its host's block: the map of descriptor numbers, and the slots of its threads. */
public interface GuestProcessHandle {
    /** How the shim comes into what the process executes. */
    Mechanism mechanism();

    /** The channel of a further thread; {@code null} where the host's slots are used up. */
    GuestThreadChannel openThread();

    /** A place for a process that a guest is about to fork; {@code null} where the host's places are used up. */
    GuestProcessHandle openChild();

    /** A record for an object of the process's host; null where there is no room for one, or no use. */
    GuestObject openObject();

    /**
     * Says that {@code descriptor} (0 to 32767) is an object of the engine.
     *
     * @param object its record; null for none: every call on it crosses
     */
    void showDescriptor(int descriptor, GuestObject object);

    /** Says that {@code descriptor} belongs to the guest's own kernel. */
    void hideDescriptor(int descriptor);

    /** Stores what the guest answers to {@code getpid(2)}, {@code getppid(2)}, {@code getuid(2)} and their like. */
    void showIdentities(
            int processId, int parentProcessId, int userId, int effectiveUserId, int groupId, int effectiveGroupId);

    /** Stores what the process does on {@code signal} (1 to 64), as {@code rt_sigaction(2)} tells it. */
    void showSignalAction(int signal, long handler, long flags, long restorer, long mask);

    /** Says whether calls with a relative path cross, because the working directory is answered by the engine. */
    void markRelativePaths(boolean cross);

    /** Kills the real process, if it lives. */
    void kill();

    /**
     * How the real process ended, as {@code wait(2)} encodes it (exit status in bits 8 to 15, signal in bits 0 to 6); -1
     * while it lives, was not started, or its end is not known.
     */
    int waitStatus();

    /** Waits for the real process's end; whether it ended in that time. Wall time, in nanoseconds. */
    boolean awaitDeath(long timeoutNanos);

    /**
     * Why the engine killed the process: what it found in the memory shared with it that no shim writes; empty for all that
     * behaved.
     */
    Optional<String> misconduct();

    /** Gives the place back; the process is gone or was killed. */
    void close();
}
