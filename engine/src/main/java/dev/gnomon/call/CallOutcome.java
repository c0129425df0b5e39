package dev.gnomon.call;

/** What a handler returns in place of a result. None of these values is a result of a real call. */
public final class CallOutcome {
    /** The thread sleeps; the handler is invoked again when it is woken. Got from {@link CallContext#block}. */
    public static final long BLOCKED = Long.MIN_VALUE;

    /** The guest executes the call itself. */
    public static final long NATIVE = Long.MIN_VALUE + 1;

    /** A reply was stored in the channel, and a continuation set where one is needed. */
    public static final long REPLIED = Long.MIN_VALUE + 2;

    /** The thread is about to end: a reply was stored that it does not come back from. */
    public static final long ENDING = Long.MIN_VALUE + 3;

    /** A reply was stored with which the call ends. */
    public static final long ANSWERED = Long.MIN_VALUE + 4;

    private CallOutcome() {}

    public static boolean isResult(long value) {
        return value > Long.MIN_VALUE + 4;
    }
}
