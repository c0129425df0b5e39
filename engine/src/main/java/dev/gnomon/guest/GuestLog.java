package dev.gnomon.guest;

/**
 * What a thread's shim answered since the thread last crossed, entry by entry. Nothing in it is believed: an entry that does
 * not fit its place ends the log, and counts as misconduct of the process.
 */
public interface GuestLog {
    /** Goes to the next entry, the first at the start. False behind the last. */
    boolean next();

    /** One of {@link LogEntryDescriptor}'s operations, or any other number. */
    int operation();

    int descriptor();

    /** What the guest was told. */
    long result();

    long requested();

    int flags();

    long value();

    /** Whether address and port were given. */
    boolean isNamed();

    int address();

    /** 0 to 65535. */
    int port();

    int payloadBytes();

    /** The payload as memory, from address 0 to {@link #payloadBytes}; writes go nowhere and succeed. */
    GuestMemory payload();

    /** Says that an answer is not what the engine would have given. */
    void refute(String what);
}
