package dev.gnomon.jna;

/**
 * The native calls of every switch, bound without JNA's general call, which costs a tenth of a switch ({@code
 * native/switch/bind.c}). Addresses are numbers. Not an API.
 */
public final class SwitchCalls {
    static {
        SwitchLibrary.bind(SwitchCalls.class);
    }

    private SwitchCalls() {}

    /**
     * Lets the guest in a slot run and sleeps until it stopped, the worker's word moved past {@code seen}, or the time is
     * over.
     *
     * @return {@link SwitchLibrary#STOPPED}, {@link SwitchLibrary#NOTICE} or {@link SwitchLibrary#TIMEOUT}
     */
    public static native int letGo(long slotAddress, long workerAddress, int seen, long timeoutNanos);

    /** As {@link #letGo} without letting anything run. */
    public static native int await(long slotAddress, long workerAddress, int seen, long timeoutNanos);

    /**
     * As {@link #letGo}, for a guest that crosses by notification.
     *
     * @param listener descriptor of the guests' notifications
     * @param event descriptor that ends the wait where the worker's word moved
     * @param blockAddress of the host's block
     * @param pages of the block
     */
    public static native int letGoNotified(
            long slotAddress,
            long workerAddress,
            int seen,
            long timeoutNanos,
            int listener,
            int event,
            long blockAddress,
            long pages);

    /** As {@link #letGoNotified} without letting anything run. */
    public static native int awaitNotified(
            long slotAddress,
            long workerAddress,
            int seen,
            long timeoutNanos,
            int listener,
            int event,
            long blockAddress,
            long pages);

    /** Wakes the guest that sleeps in a slot, whose word was counted up before. */
    public static native void wake(long slotAddress);
}
