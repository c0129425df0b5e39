package dev.gnomon.kernel;

/** Something that wants to hear when a {@link WaitQueue}'s object becomes ready. */
public interface Waiter {
    /**
     * Called on the host's worker. May remove itself and others from the queue.
     *
     * @param bits the poll bits ({@link Poll}) that became, or were signalled again as, active
     * @return whether the waiter took the event; decides when exclusive waiters stop being told
     */
    boolean woken(WaitQueue queue, int bits);
}
