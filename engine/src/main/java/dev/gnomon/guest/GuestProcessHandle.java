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

    /** Says whether the guest hands calls on {@code descriptor} (0 to 32767) to the engine. */
    void markEmulated(int descriptor, boolean emulated);

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
