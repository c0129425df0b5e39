package dev.gnomon.network;

/** Hears when a socket becomes ready. */
@FunctionalInterface
public interface ReadinessListener {
    /**
     * Something that a waiter may want has happened. Called after the stack has finished with the packet or timer that
     * caused it, so that calling the socket from here is safe.
     *
     * @param bits the {@link Readiness} bits that became active or were signalled again (data that arrives behind unread
     *     data signals POLLIN anew, as an edge-triggered epoll needs it)
     */
    void readinessChanged(TransportSocket socket, int bits);

    /**
     * Something about the socket that a program can find out may be different from before: what there is to read, the room to
     * send, its names, an error. Called at any time, also amid the work on a packet, so it must not call back.
     */
    default void stateChanged(TransportSocket socket) {}
}
