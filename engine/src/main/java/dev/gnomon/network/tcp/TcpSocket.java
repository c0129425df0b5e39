package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;

/** A TCP socket: the calls of tcp(7) on sockets that do not block, as Linux answers them. */
public final class TcpSocket extends TcpEndpoint {
    /** How far connect(2) has got: {@code socket_state} of the kernel. */
    private enum Phase {
        UNCONNECTED,
        CONNECTING,
        CONNECTED
    }

    private Phase phase = Phase.UNCONNECTED;

    TcpSocket(HostNetwork network) {
        super(network);
    }

    // Opening.

    /**
     * listen(2).
     *
     * @return 0, {@code -EINVAL} where connected or connecting, {@code -EADDRINUSE} where another listens there
     */
    public int listen(int backlog) {
        if (phase != Phase.UNCONNECTED || !isListening() && state() != TcpState.CLOSED) {
            return -Errno.EINVAL;
        }
        if (!isListening()) {
            if (!ports().holds(this)) {
                int port = ports().chooseFree(network.environment().random(), 1);
                if (port == 0) {
                    return -Errno.EADDRINUSE;
                }
                ports().add(this, port, false);
            } else if (ports().conflicts(this, localAddress, localPort)) {
                return -Errno.EADDRINUSE;
            }
            listener = new TcpListener(this);
            shutdown = 0;
        }
        listener.backlog(backlog);
        return 0;
    }

    /** The next established connection, or null where none waits. */
    public TcpSocket accept() {
        return listener == null ? null : listener.accept();
    }

    /** A connection, on a socket of its own with this one's options, for the SYN that has come to this listener. */
    TcpConnection connectionFor(Packet syn, int sequence) {
        TcpSocket child = new TcpSocket(network);
        child.inherit(this);
        child.localAddress = syn.destinationAddress;
        child.remoteAddress = syn.sourceAddress;
        child.remotePort = syn.sourcePort;
        ports().add(child, localPort, false);
        child.phase = Phase.CONNECTED;
        child.connection = new TcpConnection(child, child.takePlace(localPort), sequence);
        return child.connection;
    }

    private void inherit(TcpSocket from) {
        reuseAddress = from.reuseAddress;
        reusePort = from.reusePort;
        keepAlive = from.keepAlive;
        broadcast = from.broadcast;
        lingerSeconds = from.lingerSeconds;
        sendBufferBytes = from.sendBufferBytes;
        receiveBufferBytes = from.receiveBufferBytes;
        sendBufferLocked = from.sendBufferLocked;
        receiveBufferLocked = from.receiveBufferLocked;
        receiveLowWater = from.receiveLowWater;
        options().inherit(from.options());
    }

    private ConnectionTable.Entry takePlace(int port) {
        return network.tcp().connections().add(localAddress, port, remoteAddress, remotePort);
    }

    /**
     * connect(2), as on a socket with O_NONBLOCK.
     *
     * @return {@code -EINPROGRESS} when begun; {@code -EALREADY} while it goes on; 0 once after it succeeded; then
     *     {@code -EISCONN}; the error once after it failed; or why it could not begin: {@code -ENETUNREACH},
     *     {@code -EACCES}, {@code -EADDRNOTAVAIL}
     */
    @Override
    public int connect(int address, int port) {
        switch (phase) {
            case CONNECTED -> {
                return -Errno.EISCONN;
            }
            case CONNECTING -> {
                return connectAgain();
            }
            case UNCONNECTED -> {
                if (isListening() || state() != TcpState.CLOSED) {
                    return -Errno.EISCONN;
                }
            }
        }
        int destination = address == Ipv4.ANY ? Ipv4.LOOPBACK : address;
        int routed = route(destination);
        if (routed < 0) {
            return routed;
        }
        int source = addressBound ? localAddress : sourceFor(destination);
        int local = localPort;
        if (ports().holds(this)) {
            if (!network.tcp().claim(source, localPort, destination, port)) {
                return -Errno.EADDRNOTAVAIL;
            }
        } else {
            local = network.tcp().choosePort(source, destination, port);
            if (local < 0) {
                return local;
            }
        }
        localAddress = source;
        if (!ports().holds(this)) {
            ports().add(this, local, true);
        }
        remoteAddress = destination;
        remotePort = port;
        error = 0;
        shutdown = 0;
        phase = Phase.CONNECTING;
        ConnectionTable.Entry place = takePlace(local);
        int sequence = network.tcp().initialSequences().sequence(source, local, destination, port, network.nowNanos());
        connection = new TcpConnection(this, place, sequence);
        connection.open();
        return -Errno.EINPROGRESS;
    }

    private int connectAgain() {
        if (!isSynchronized()) {
            return -Errno.EALREADY;
        }
        if (state() == TcpState.CLOSED) {
            int failure = takeError();
            dissolve();
            return -(failure != 0 ? failure : Errno.ECONNABORTED);
        }
        phase = Phase.CONNECTED;
        return 0;
    }

    // Sending and receiving.

    /**
     * send(2) on a socket that does not block.
     *
     * @param more MSG_MORE: a segment that is not full may wait for what follows
     * @return how many bytes were taken; {@code -EAGAIN} where there is no room, {@code -EPIPE} where sending is over
     *     (with SIGPIPE to the program unless it said MSG_NOSIGNAL), or the connection's error
     */
    public int send(byte[] bytes, int offset, int length, boolean more) {
        if (!isSynchronized()) {
            waitingForSpace = true;
            return -Errno.EAGAIN;
        }
        if (error != 0) {
            return -takeError();
        }
        if (!maySend()) {
            return -Errno.EPIPE;
        }
        if (length == 0) {
            return 0;
        }
        TcpSender sender = sender();
        int room = sendBufferBytes - sender.queuedBytes();
        if (room <= 0) {
            waitingForSpace = true;
            return -Errno.EAGAIN;
        }
        int taken = Math.min(length, room);
        sender.append(bytes, offset, taken);
        if (taken < length) {
            waitingForSpace = true;
        }
        sender.push(more && taken == length);
        return taken;
    }

    /**
     * recv(2) on a socket that does not block.
     *
     * @param peek MSG_PEEK
     * @return how many bytes were copied; 0 at the end of the stream, {@code -EAGAIN} where nothing waits,
     *     {@code -ENOTCONN} where there is no connection, or the connection's error
     */
    public int receive(byte[] target, int offset, int length, boolean peek) {
        if (isListening()) {
            return -Errno.ENOTCONN;
        }
        TcpReceiver receiver = receiver();
        int copied = receiver == null || length == 0 ? 0 : receiver.read(target, offset, length, peek);
        if (copied > 0 || finReached()) {
            return copied;
        }
        if (error != 0) {
            return -takeError();
        }
        if ((shutdown & SHUTDOWN_RECEIVE) != 0) {
            return 0;
        }
        if (state() == TcpState.CLOSED) {
            return -Errno.ENOTCONN;
        }
        return length == 0 ? 0 : -Errno.EAGAIN;
    }

    /** Copies what is to be read, from {@code skip} bytes on, without taking it. Returns how many bytes. */
    public int peek(int skip, byte[] target, int offset, int length) {
        TcpReceiver receiver = receiver();
        return receiver == null ? 0 : receiver.peek(skip, target, offset, length);
    }

    // Closing.

    @Override
    public int shutdown(int how) {
        if (how < SHUT_RD || how > SHUT_RDWR) {
            return -Errno.EINVAL;
        }
        int result = shutdownStates(how + 1);
        signal(readiness());
        network.flushSignals();
        return result;
    }

    private int shutdownStates(int bits) {
        switch (state()) {
            case CLOSED -> {
                shutdown |= bits;
                return -Errno.ENOTCONN;
            }
            case LISTEN -> {
                if ((bits & SHUTDOWN_RECEIVE) != 0) {
                    stopListening();
                    shutdown |= bits;
                }
            }
            case SYN_SENT -> dissolve();
            default -> {
                boolean already = (shutdown & SHUTDOWN_SEND) != 0;
                shutdown |= bits;
                if ((bits & SHUTDOWN_SEND) != 0 && !already) {
                    connection.finish();
                }
            }
        }
        return 0;
    }

    @Override
    public int close() {
        if (descriptorClosed) {
            return 0;
        }
        readinessListener(null);
        descriptorClosed = true;
        switch (state()) {
            case CLOSED, SYN_SENT -> discard();
            case LISTEN -> {
                stopListening();
                discard();
            }
            default -> closeConnection();
        }
        network.flushSignals();
        return 0;
    }

    private void closeConnection() {
        if (receivableBytes() > 0 || lingerSeconds == 0) {
            // RFC 2525, section 2.17: who will not read says so; and SO_LINGER of zero asks for it.
            connection.sendReset();
            discard();
            return;
        }
        boolean finishing = (shutdown & SHUTDOWN_SEND) != 0;
        shutdown = SHUTDOWN_BOTH;
        if (state() == TcpState.FIN_WAIT_2) {
            connection.awaitFin();
        } else if (!finishing) {
            connection.finish();
        }
    }

    /** The listener closes before anybody has accepted this connection. */
    void abandon() {
        descriptorClosed = true;
        if (state() != TcpState.CLOSED) {
            connection.sendReset();
        }
        discard();
    }

    /** Whether closing is still under way, so that close(2) with SO_LINGER would block. */
    public boolean lingering() {
        return switch (state()) {
            case FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }

    private void stopListening() {
        listener.close();
        listener = null;
    }

    @Override
    public int disconnect() {
        if (isListening()) {
            stopListening();
        } else if (connected()) {
            connection.sendReset();
        }
        dissolve();
        network.flushSignals();
        return 0;
    }

    /** Back to a socket that could be connected anew. */
    private void dissolve() {
        discard();
        connection = null;
        phase = Phase.UNCONNECTED;
        shutdown = 0;
        error = 0;
        remoteAddress = 0;
        remotePort = 0;
        if (!addressBound) {
            localAddress = Ipv4.ANY;
        }
    }

    /**
     * TCP_INFO: fills in {@code struct tcp_info} as getsockopt(2) would.
     *
     * @return how many bytes were written, {@code length} or the size of the structure
     */
    public int information(byte[] target, int offset, int length) {
        return TcpInformation.write(this, target, offset, length);
    }
}
