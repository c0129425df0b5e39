package dev.gnomon.network;

/**
 * What TCP and UDP sockets have in common. A socket never blocks: a call answers zero or more, or a negated {@link Errno}.
 *
 * <p>Options are kept as Linux keeps them; each setter is named for the option.
 */
public abstract class TransportSocket extends PortHolder {
    /** Values of {@code how} in shutdown(2). */
    public static final int SHUT_RD = 0;

    public static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    /** Bits of {@link #shutdown}, as {@code RCV_SHUTDOWN} and {@code SEND_SHUTDOWN} of the kernel. */
    protected static final int SHUTDOWN_RECEIVE = 1;

    protected static final int SHUTDOWN_SEND = 2;
    protected static final int SHUTDOWN_BOTH = 3;

    protected final HostNetwork network;
    protected int remoteAddress;
    protected int remotePort;

    /** A pending error as a positive number, or 0. */
    protected int error;

    protected int shutdown;
    protected boolean descriptorClosed;

    /** Whether bind named an address, or a port, that outlives a disconnect. */
    protected boolean addressBound;

    protected boolean portBound;

    protected boolean keepAlive;
    protected boolean broadcast;
    protected int lingerSeconds = -1;
    protected int sendBufferBytes;
    protected int receiveBufferBytes;
    protected boolean sendBufferLocked;
    protected boolean receiveBufferLocked;

    /** Whether someone found no room to send, and hears when there is some: {@code SOCK_NOSPACE}. */
    protected boolean waitingForSpace;

    private ReadinessListener listener;
    int pendingSignals;

    protected TransportSocket(HostNetwork network) {
        this.network = network;
        this.sendBufferBytes = network.configuration().sendBufferBytes();
        this.receiveBufferBytes = network.configuration().receiveBufferBytes();
    }

    /** The {@link Readiness} bits that poll(2) would find now. */
    public abstract int readiness();

    /** Sets who hears of readiness; null for nobody. */
    public final void readinessListener(ReadinessListener newListener) {
        listener = newListener;
    }

    /** Says that what the program sees of the socket may have changed. */
    protected final void changed() {
        if (listener != null) {
            listener.stateChanged(this);
        }
    }

    /** Whether someone found no room to send and has not been told of any since. */
    public final boolean isWaitingForSpace() {
        return waitingForSpace;
    }

    /** Whether an error waits to be told. */
    public final boolean hasError() {
        return error != 0;
    }

    /** Signals readiness when the stack is done with what it is at. */
    protected final void signal(int bits) {
        if (listener != null) {
            listener.stateChanged(this);
            network.signal(this, bits);
        }
    }

    final void notifyListener(int bits) {
        if (listener != null) {
            listener.readinessChanged(this, bits);
        }
    }

    protected abstract PortTable ports();

    /** 0 or 1 where port 0 prefers odd or even ports, -1 where it does not. */
    protected abstract int boundPortParity();

    /** Sets the two reuse options, then binds as {@link #bind(int, int)}. */
    public final int bind(int address, int port, boolean reuseAddressOption, boolean reusePortOption) {
        reuseAddress = reuseAddressOption;
        reusePort = reusePortOption;
        return bind(address, port);
    }

    /**
     * bind(2).
     *
     * @param port 0 to have one chosen
     * @return 0, {@code -EINVAL} where bound already, {@code -EADDRNOTAVAIL} for an address not of this host,
     *     {@code -EADDRINUSE} where the port is held by another
     */
    public final int bind(int address, int port) {
        if (port < 0 || port > 0xffff) {
            return -Errno.EINVAL;
        }
        if (address != Ipv4.ANY && !network.isLocal(address)) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (ports().holds(this) || descriptorClosed) {
            return -Errno.EINVAL;
        }
        int chosen = port;
        if (port == 0) {
            chosen = ports().chooseFree(network.environment().random(), boundPortParity());
            if (chosen == 0) {
                return -Errno.EADDRINUSE;
            }
        } else if (ports().conflicts(this, address, port)) {
            return -Errno.EADDRINUSE;
        }
        localAddress = address;
        addressBound = address != Ipv4.ANY;
        portBound = port != 0;
        ports().add(this, chosen, false);
        return 0;
    }

    /** connect(2). */
    public abstract int connect(int address, int port);

    /** connect(2) with AF_UNSPEC: dissolves the association. */
    public abstract int disconnect();

    /** shutdown(2); {@code how} is SHUT_RD, SHUT_WR or SHUT_RDWR. */
    public abstract int shutdown(int how);

    /** The descriptor is gone: no call will come any more. What the protocol still has to do goes on by itself. */
    public abstract int close();

    /** Whether getpeername(2) would answer. */
    public abstract boolean connected();

    public final int remoteAddress() {
        return remoteAddress;
    }

    public final int remotePort() {
        return remotePort;
    }

    /** SO_ERROR: answers the pending error as a positive number and clears it. */
    public final int takeError() {
        int taken = error;
        error = 0;
        return taken;
    }

    /** SIOCINQ (FIONREAD): bytes that the next receive could have. */
    public abstract int receivableBytes();

    /** SIOCOUTQ: bytes sent by the program that have not been acknowledged (TCP) or have not left (UDP). */
    public abstract int unsentBytes();

    public final HostNetwork network() {
        return network;
    }

    /** SO_SNDBUF; the kernel doubles what is asked for. */
    public final void setSendBuffer(int asked) {
        sendBufferBytes = SocketBuffers.sendBytes(asked);
        sendBufferLocked = true;
        spaceChanged();
        network.flushSignals();
    }

    public final int sendBuffer() {
        return sendBufferBytes;
    }

    /** SO_RCVBUF; the kernel doubles what is asked for. */
    public void setReceiveBuffer(int asked) {
        receiveBufferBytes = SocketBuffers.receiveBytes(asked);
        receiveBufferLocked = true;
    }

    public final int receiveBuffer() {
        return receiveBufferBytes;
    }

    /** There may be more room to send than before. */
    protected abstract void spaceChanged();

    public final void setReuseAddress(boolean on) {
        reuseAddress = on;
    }

    public final boolean reuseAddress() {
        return reuseAddress;
    }

    public final void setReusePort(boolean on) {
        reusePort = on;
    }

    public final boolean reusePort() {
        return reusePort;
    }

    public void setKeepAlive(boolean on) {
        keepAlive = on;
    }

    public final boolean keepAlive() {
        return keepAlive;
    }

    public final void setBroadcast(boolean on) {
        broadcast = on;
    }

    public final boolean broadcast() {
        return broadcast;
    }

    /** SO_LINGER: seconds, or -1 for off. */
    public final void setLinger(int seconds) {
        lingerSeconds = Math.max(-1, seconds);
    }

    /** SO_LINGER: seconds, or -1 for off. */
    public final int linger() {
        return lingerSeconds;
    }

    /** The source address for a destination, by the routing table. */
    protected final int sourceFor(int destination) {
        if (Ipv4.isLoopback(destination)) {
            return Ipv4.LOOPBACK;
        }
        return network.configuration().address();
    }

    /** Whether packets can go there: 0, {@code -EACCES} for broadcast without leave, or {@code -ENETUNREACH}. */
    protected final int route(int destination) {
        if (destination == Ipv4.BROADCAST && !broadcast) {
            return -Errno.EACCES;
        }
        if (destination == Ipv4.BROADCAST || Ipv4.isMulticast(destination)) {
            return -Errno.ENETUNREACH;
        }
        if (!network.isLocal(destination) && !network.environment().reachable(destination)) {
            return -Errno.ENETUNREACH;
        }
        return 0;
    }
}
