package dev.gnomon.guest;

/** A guest process's place in its host's block: the map of descriptor numbers, and the slots of its threads. */
public interface GuestProcessHandle {
    /** The channel of a further thread; {@code null} where the host's slots are used up. */
    GuestThreadChannel openThread();

    /** A place for a process that a guest is about to fork; {@code null} where the host's places are used up. */
    GuestProcessHandle openChild();

    /** Says whether the guest hands calls on {@code descriptor} (0 to 32767) to the engine. */
    void markEmulated(int descriptor, boolean emulated);

    /** Kills the real process, if it lives. */
    void kill();

    /** Gives the place back; the process is gone or was killed. */
    void close();
}
