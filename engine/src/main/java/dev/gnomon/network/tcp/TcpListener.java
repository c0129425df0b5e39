package dev.gnomon.network.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The queues of a listening socket: handshakes under way, and connections to accept.
 *
 * <p>As in Linux one more than the backlog may wait to be accepted, and a SYN that finds that queue full is dropped. SYN
 * cookies are not made; handshakes are limited to {@link #LARGEST_SYN_QUEUE} instead.
 */
final class TcpListener {
    /** {@code net.core.somaxconn}. */
    static final int LARGEST_BACKLOG = 4096;

    /** {@code net.ipv4.tcp_max_syn_backlog}. */
    static final int LARGEST_SYN_QUEUE = 4096;

    private final Set<TcpSocket> handshakes = new LinkedHashSet<>();
    private final ArrayDeque<TcpSocket> established = new ArrayDeque<>();
    private int backlog;
    private long dropped;

    void backlog(int asked) {
        backlog = asked < 0 ? LARGEST_BACKLOG : Math.min(asked, LARGEST_BACKLOG);
    }

    int backlog() {
        return backlog;
    }

    boolean acceptQueueFull() {
        return established.size() > backlog;
    }

    boolean synQueueFull() {
        return handshakes.size() >= LARGEST_SYN_QUEUE;
    }

    void handshakeStarted(TcpSocket child) {
        handshakes.add(child);
    }

    void handshakeEnded(TcpSocket child) {
        handshakes.remove(child);
    }

    void established(TcpSocket child) {
        handshakes.remove(child);
        established.add(child);
    }

    TcpSocket accept() {
        return established.poll();
    }

    int waiting() {
        return established.size();
    }

    int handshakes() {
        return handshakes.size();
    }

    void drop() {
        dropped++;
    }

    /** SYNs and last acknowledgments dropped because a queue was full: {@code ListenDrops}. */
    long dropped() {
        return dropped;
    }

    /** Everything under way, for the listener's end. */
    List<TcpSocket> takeHandshakes() {
        List<TcpSocket> taken = new ArrayList<>(handshakes);
        handshakes.clear();
        return taken;
    }

    List<TcpSocket> takeEstablished() {
        List<TcpSocket> taken = new ArrayList<>(established);
        established.clear();
        return taken;
    }
}
