package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;
import dev.gnomon.network.Readiness;
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

    private final TcpSocket socket;
    private final Set<TcpConnection> handshakes = new LinkedHashSet<>();
    private final ArrayDeque<TcpConnection> established = new ArrayDeque<>();
    private int backlog;
    private long dropped;

    TcpListener(TcpSocket socket) {
        this.socket = socket;
    }

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

    long deferAcceptNanos() {
        return socket.options().deferAcceptNanos();
    }

    /** A segment outside any connection; {@code sequence} is for the SYN that may answer it. */
    void arrive(Packet packet, int sequence) {
        if (packet.has(Packet.RST)) {
            return;
        }
        if (packet.has(Packet.ACK)) {
            socket.network().tcp().reset(packet);
            return;
        }
        if (!packet.has(Packet.SYN) || packet.has(Packet.FIN)) {
            return;
        }
        if (acceptQueueFull() || synQueueFull()) {
            drop();
            return;
        }
        socket.connectionFor(packet, sequence).openPassively(packet, this);
    }

    void handshakeStarted(TcpConnection connection) {
        handshakes.add(connection);
    }

    void handshakeEnded(TcpConnection connection) {
        handshakes.remove(connection);
    }

    void established(TcpConnection connection) {
        handshakes.remove(connection);
        established.add(connection);
        socket.wake(Readiness.POLLIN);
    }

    /** The connection that has waited longest; null where none waits. */
    TcpSocket accept() {
        TcpConnection connection = established.poll();
        if (connection == null) {
            return null;
        }
        connection.leaveListener();
        return connection.socket();
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

    /** Ends everything under way, with the listener itself. */
    void close() {
        List<TcpConnection> unfinished = new ArrayList<>(handshakes);
        handshakes.clear();
        for (TcpConnection connection : unfinished) {
            connection.leaveListener();
            connection.socket().discard();
        }
        List<TcpConnection> unaccepted = new ArrayList<>(established);
        established.clear();
        for (TcpConnection connection : unaccepted) {
            connection.leaveListener();
            connection.socket().abandon();
        }
    }
}
