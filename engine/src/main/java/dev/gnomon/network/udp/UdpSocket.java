package dev.gnomon.network.udp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.PortTable;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.SocketBuffers;
import dev.gnomon.network.TransportSocket;

/**
 * A UDP socket (RFC 768, udp(7)).
 *
 * <p>A datagram counts against SO_SNDBUF until it has left the interface; where there is no room, sending answers
 * {@code -EAGAIN}. Received datagrams count against SO_RCVBUF until they are read; those that find it full are dropped.
 */
public final class UdpSocket extends TransportSocket {
    /** 65535 less the IPv4 and UDP headers. */
    public static final int MAXIMUM_PAYLOAD_BYTES = 65_507;

    private Packet[] received = new Packet[8];
    private int receivedHead;
    private int receivedCount;
    private long receivedBytes;
    private long waitingBytes;
    private long datagramsDropped;

    UdpSocket(HostNetwork network) {
        super(network);
    }

    @Override
    protected PortTable ports() {
        return network.udp().ports();
    }

    @Override
    protected int boundPortParity() {
        return -1;
    }

    @Override
    protected boolean listening() {
        return false;
    }

    @Override
    public boolean connected() {
        return remotePort != 0 || remoteAddress != 0;
    }

    @Override
    public int readiness() {
        int bits = lastingReadiness();
        if (receivedCount > 0) {
            bits |= Readiness.POLLIN;
        }
        if (writable()) {
            bits |= Readiness.POLLOUT;
        } else {
            waitingForSpace = true;
        }
        return bits;
    }

    /** The bits of {@link #readiness} that no reading or writing changes. */
    public int lastingReadiness() {
        int bits = 0;
        if (error != 0) {
            bits |= Readiness.POLLERR;
        }
        if ((shutdown & SHUTDOWN_RECEIVE) != 0) {
            bits |= Readiness.POLLRDHUP | Readiness.POLLIN;
        }
        if (shutdown == SHUTDOWN_BOTH) {
            bits |= Readiness.POLLHUP;
        }
        return bits;
    }

    /** What is left of the send buffer; 0 where sending would do anything but take a datagram. */
    public long sendRoom() {
        boolean sends = localPort != 0 && error == 0 && (shutdown & SHUTDOWN_SEND) == 0 && !waitingForSpace;
        return sends ? Math.max(0, sendBufferBytes - waitingBytes) : 0;
    }

    /** What must be left of the send buffer for the socket to be writable. */
    public long writableRoom() {
        return sendBufferBytes - (sendBufferBytes >> 1) + 1L;
    }

    /** A datagram that waits to be read; the first has index 0. */
    public Packet waiting(int index) {
        return received[receivedHead + index & received.length - 1];
    }

    /** Whether {@link #receive} gives a datagram, or EAGAIN where none waits, and nothing else. */
    public boolean receivesPlainly() {
        return error == 0 && (shutdown & SHUTDOWN_RECEIVE) == 0;
    }

    /** {@code sock_writeable}: less than half of the buffer is in use. */
    private boolean writable() {
        return waitingBytes < sendBufferBytes >> 1;
    }

    /**
     * connect(2): sets the peer; nothing is sent.
     *
     * @return 0, {@code -EACCES}, {@code -ENETUNREACH}, or {@code -EAGAIN} where no port is free
     */
    @Override
    public int connect(int address, int port) {
        int destination = address == Ipv4.ANY ? Ipv4.LOOPBACK : address;
        int routed = route(destination);
        if (routed < 0) {
            return routed;
        }
        if (localPort == 0) {
            int bound = bindAutomatically();
            if (bound < 0) {
                return bound;
            }
        }
        if (!addressBound) {
            localAddress = sourceFor(destination);
        }
        remoteAddress = destination;
        remotePort = port;
        return 0;
    }

    @Override
    public int disconnect() {
        remoteAddress = 0;
        remotePort = 0;
        if (!addressBound) {
            localAddress = Ipv4.ANY;
        }
        if (!portBound && localPort != 0) {
            ports().remove(this);
            localPort = 0;
        }
        return 0;
    }

    private int bindAutomatically() {
        int port = ports().chooseFree(network.environment().random(), -1);
        if (port == 0) {
            return -Errno.EAGAIN;
        }
        ports().add(this, port, false);
        return 0;
    }

    /** Sends to the peer that {@link #connect} has set; {@code -EDESTADDRREQ} without one. */
    public int send(byte[] bytes, int offset, int length) {
        if (!connected()) {
            return length > 0xffff ? -Errno.EMSGSIZE : -Errno.EDESTADDRREQ;
        }
        return sendTo(bytes, offset, length, remoteAddress, remotePort);
    }

    /**
     * sendto(2): one datagram, whole or not at all.
     *
     * @return the length; or {@code -EMSGSIZE} above {@link #MAXIMUM_PAYLOAD_BYTES}, {@code -EINVAL} for port 0,
     *     {@code -EPIPE} after shutdown, {@code -EAGAIN} without room, {@code -EACCES}, {@code -ENETUNREACH}, or the
     *     socket's pending error
     */
    public int sendTo(byte[] bytes, int offset, int length, int address, int port) {
        if (length > 0xffff) {
            return -Errno.EMSGSIZE;
        }
        if (port == 0) {
            return -Errno.EINVAL;
        }
        int destination = address == Ipv4.ANY ? Ipv4.LOOPBACK : address;
        if (localPort == 0) {
            int bound = bindAutomatically();
            if (bound < 0) {
                return bound;
            }
        }
        int routed = route(destination);
        if (routed < 0) {
            return routed;
        }
        if (length > MAXIMUM_PAYLOAD_BYTES) {
            return -Errno.EMSGSIZE;
        }
        if (error != 0) {
            return -takeError();
        }
        if ((shutdown & SHUTDOWN_SEND) != 0) {
            return -Errno.EPIPE;
        }
        if (waitingBytes >= sendBufferBytes) {
            waitingForSpace = true;
            return -Errno.EAGAIN;
        }
        int source = localAddress == Ipv4.ANY ? sourceFor(destination) : localAddress;
        byte[] payload = length == 0 ? Packet.NO_PAYLOAD : new byte[length];
        System.arraycopy(bytes, offset, payload, 0, length);
        Packet packet = Packet.udp(source, localPort, destination, port, payload, 0, length);
        // Charged first: on an idle link without a rate the packet has left before offer() returns.
        waitingBytes += SocketBuffers.datagramBytes(length);
        if (!network.offer(packet, this)) {
            waitingBytes -= SocketBuffers.datagramBytes(length);
        }
        return length;
    }

    @Override
    protected void transmitted(Packet packet) {
        waitingBytes -= SocketBuffers.datagramBytes(packet.payloadLength);
        changed();
        spaceChanged();
        network.flushSignals();
    }

    @Override
    protected void spaceChanged() {
        if (waitingForSpace && writable()) {
            waitingForSpace = false;
            signal(Readiness.POLLOUT);
        }
    }

    /**
     * recvfrom(2).
     *
     * @param peek whether the datagram stays: MSG_PEEK
     * @param information filled in
     * @return how many bytes were copied; what did not fit is lost, {@link Datagram#fullLength} tells. 0 after shutdown
     *     with {@link Datagram#sourcePort} 0, {@code -EAGAIN} where none waits, or the socket's pending error
     */
    public int receive(byte[] target, int offset, int length, boolean peek, Datagram information) {
        if (error != 0) {
            return -takeError();
        }
        information.sourceAddress = 0;
        information.sourcePort = 0;
        information.destinationAddress = 0;
        information.fullLength = 0;
        if (receivedCount == 0) {
            return (shutdown & SHUTDOWN_RECEIVE) != 0 ? 0 : -Errno.EAGAIN;
        }
        Packet packet = received[receivedHead];
        int copied = Math.min(length, packet.payloadLength);
        System.arraycopy(packet.payload, packet.payloadOffset, target, offset, copied);
        information.sourceAddress = packet.sourceAddress;
        information.sourcePort = packet.sourcePort;
        information.destinationAddress = packet.destinationAddress;
        information.fullLength = packet.payloadLength;
        if (!peek) {
            received[receivedHead] = null;
            receivedHead = receivedHead + 1 & received.length - 1;
            receivedCount--;
            receivedBytes -= SocketBuffers.datagramBytes(packet.payloadLength);
        }
        return copied;
    }

    /** How many datagrams wait to be read. */
    public int receivedCount() {
        return receivedCount;
    }

    void arrive(Packet packet) {
        if (receivedBytes >= receiveBufferBytes
                || receivedBytes + SocketBuffers.datagramBytes(packet.payloadLength) > receiveBufferBytes
                        && receivedCount > 0) {
            datagramsDropped++;
            network.udp().countDropped();
            return;
        }
        if (receivedCount == received.length) {
            Packet[] larger = new Packet[receivedCount * 2];
            for (int i = 0; i < receivedCount; i++) {
                larger[i] = received[receivedHead + i & received.length - 1];
            }
            received = larger;
            receivedHead = 0;
        }
        received[receivedHead + receivedCount & received.length - 1] = packet;
        receivedCount++;
        receivedBytes += SocketBuffers.datagramBytes(packet.payloadLength);
        signal(Readiness.POLLIN);
    }

    /** How well the socket fits a datagram, or -1 where it is not for this socket. */
    int score(int local, int remote, int port) {
        int score = 0;
        if (localAddress != Ipv4.ANY) {
            if (localAddress != local) {
                return -1;
            }
            score += 4;
        }
        if (connected()) {
            if (remoteAddress != remote || remotePort != port) {
                return -1;
            }
            score += 8;
        }
        return score;
    }

    /** An ICMP error; only a connected socket hears of it (udp(7)). */
    void fail(int number) {
        if (connected()) {
            error = number;
            signal(Readiness.POLLERR);
        }
    }

    /** Datagrams dropped because the receive buffer was full. */
    public long datagramsDropped() {
        return datagramsDropped;
    }

    @Override
    public int shutdown(int how) {
        if (how < SHUT_RD || how > SHUT_RDWR) {
            return -Errno.EINVAL;
        }
        if (!connected()) {
            // The kernel marks it all the same (inet_shutdown), and wakes whoever waits.
            shutdown |= how + 1;
            signal(readiness());
            network.flushSignals();
            return -Errno.ENOTCONN;
        }
        shutdown |= how + 1;
        signal(readiness());
        network.flushSignals();
        return 0;
    }

    @Override
    public int close() {
        if (!descriptorClosed) {
            descriptorClosed = true;
            ports().remove(this);
            readinessListener(null);
            received = new Packet[1];
            receivedHead = 0;
            receivedCount = 0;
            receivedBytes = 0;
        }
        return 0;
    }

    @Override
    public int receivableBytes() {
        return receivedCount == 0 ? 0 : received[receivedHead].payloadLength;
    }

    @Override
    public int unsentBytes() {
        return (int) Math.min(Integer.MAX_VALUE, waitingBytes);
    }
}
