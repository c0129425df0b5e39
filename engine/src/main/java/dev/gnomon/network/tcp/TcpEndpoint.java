package dev.gnomon.network.tcp;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Packet;
import dev.gnomon.network.PortTable;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.TransportSocket;

/** A socket as its connection and its listener see it: {@code struct sock}. The program's calls are {@link TcpSocket}'s. */
abstract class TcpEndpoint extends TransportSocket {
    private static final int LARGEST_SEND_BUFFER = 32 << 20;

    private final TcpOptions options = new TcpOptions(this);
    /** Kept when it is over, for what it has received; null before there was one. */
    TcpConnection connection;
    /** Null where the socket does not listen. */
    TcpListener listener;

    int receiveLowWater = 1;

    TcpEndpoint(HostNetwork network) {
        super(network);
    }

    @Override
    protected PortTable ports() {
        return network.tcp().ports();
    }

    @Override
    protected int boundPortParity() {
        return 1;
    }

    @Override
    protected boolean listening() {
        return listener != null;
    }

    public boolean isListening() {
        return listener != null;
    }

    TcpListener listener() {
        return listener;
    }

    public TcpState state() {
        if (connection != null) {
            return connection.state();
        }
        return listener != null ? TcpState.LISTEN : TcpState.CLOSED;
    }

    @Override
    public boolean connected() {
        return switch (state()) {
            case CLOSED, LISTEN, SYN_SENT -> false;
            default -> true;
        };
    }

    final TcpSender sender() {
        return connection == null ? null : connection.sender();
    }

    final TcpReceiver receiver() {
        return connection == null ? null : connection.receiver();
    }

    // Readiness.

    @Override
    public int readiness() {
        int bits = lastingReadiness();
        if (!isListening() && isSynchronized()) {
            if (isReadable()) {
                bits |= Readiness.POLLIN;
            }
            if (writable()) {
                bits |= Readiness.POLLOUT;
            } else if ((bits & Readiness.POLLOUT) == 0) {
                waitingForSpace = true;
            }
        }
        return bits;
    }

    /** {@code tcp_epollin_ready}: there is as much as the program wants at once, or as much as can come. */
    private boolean isReadable() {
        int readable = receivableBytes();
        return readable > 0 && (readable >= receiveLowWater || receiver().windowIsSpent());
    }

    /** Wakes who waits for data, where there is enough: {@code tcp_data_ready}. */
    void dataArrived() {
        if (isReadable()) {
            signal(Readiness.POLLIN);
        } else {
            changed();
        }
    }

    /** The bits of {@link #readiness} that no reading or writing changes; of a listening socket all. */
    public int lastingReadiness() {
        if (isListening()) {
            return listener.waiting() > 0 ? Readiness.POLLIN : 0;
        }
        int bits = 0;
        if (shutdown == SHUTDOWN_BOTH || state() == TcpState.CLOSED) {
            bits |= Readiness.POLLHUP;
        }
        if ((shutdown & SHUTDOWN_RECEIVE) != 0) {
            bits |= Readiness.POLLIN | Readiness.POLLRDHUP;
        }
        if ((shutdown & SHUTDOWN_SEND) != 0 && isSynchronized()) {
            bits |= Readiness.POLLOUT;
        }
        if (error != 0) {
            bits |= Readiness.POLLERR;
        }
        return bits;
    }

    /** Whether no handshake is under way, so that data makes the socket readable, and room writable. */
    public boolean isSynchronized() {
        TcpState state = state();
        return state != TcpState.SYN_SENT && state != TcpState.SYN_RECEIVED;
    }

    final boolean maySend() {
        TcpState state = state();
        return (state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT) && (shutdown & SHUTDOWN_SEND) == 0;
    }

    /** Bytes that {@link #send} takes now at least; 0 where it would do anything but take them. */
    public int sendRoom() {
        if (!maySend() || error != 0 || waitingForSpace) {
            return 0;
        }
        return Math.max(0, sendBufferBytes - unsentBytes());
    }

    /** The {@link #sendRoom} from which on the socket is writable: {@link #writable} solved for the room. */
    public int writableRoom() {
        return Math.max(1, (sendBufferBytes - 1 + 2) / 3);
    }

    /** {@code sk_stream_is_writeable}: a third of the buffer is free. */
    private boolean writable() {
        int queued = unsentBytes();
        return sendBufferBytes - queued >= Math.max(1, queued >> 1);
    }

    @Override
    protected void spaceChanged() {
        if (waitingForSpace && writable()) {
            waitingForSpace = false;
            signal(Readiness.POLLOUT);
        }
    }

    /** An acknowledgment has freed room in the send buffer. */
    void roomMade() {
        spaceChanged();
    }

    /** Whether {@link #receive} gives no more than what is there: 0 behind it where also {@link #atEnd}, else EAGAIN. */
    public boolean receivesPlainly() {
        return atEnd() || error == 0 && !isListening() && state() != TcpState.CLOSED;
    }

    /** SO_RCVLOWAT, {@code tcp_set_rcvlowat}: at most half of what the buffer is, or may become; that much it becomes. */
    public void setReceiveLowWater(int bytes) {
        int most = receiveBufferLocked ? receiveBufferBytes >> 1 : TcpReceiver.LARGEST_BUFFER >> 1;
        receiveLowWater = Math.max(1, Math.min(bytes, most));
        if (!receiveBufferLocked) {
            growReceiveBuffer(receiveLowWater);
        }
        if (connection != null) {
            dataArrived();
            network.flushSignals();
        }
    }

    public int receiveLowWater() {
        return receiveLowWater;
    }

    /** Whether the end of the stream stands behind what is to be read. */
    public boolean atEnd() {
        return finReached() || error == 0 && (shutdown & SHUTDOWN_RECEIVE) != 0 && !isListening();
    }

    final boolean finReached() {
        TcpReceiver receiver = receiver();
        return receiver != null && receiver.finReached();
    }

    /** Wakes who waits for one of these bits. */
    void wake(int bits) {
        signal(bits);
    }

    /** What the program sees of the socket may have changed. */
    void stateChanged() {
        changed();
    }

    @Override
    public int receivableBytes() {
        TcpReceiver receiver = receiver();
        return receiver == null ? 0 : receiver.readable();
    }

    @Override
    public int unsentBytes() {
        TcpSender sender = sender();
        return sender == null ? 0 : sender.queuedBytes();
    }

    /** SIOCOUTQNSD: bytes that have not been sent even once. */
    public int notSentBytes() {
        TcpSender sender = sender();
        return sender == null ? 0 : sender.notSentBytes();
    }

    // Keep-alive.

    final boolean keepsAlive() {
        return state() == TcpState.ESTABLISHED || state() == TcpState.CLOSE_WAIT;
    }

    @Override
    public void setKeepAlive(boolean on) {
        super.setKeepAlive(on);
        if (keepsAlive()) {
            if (on) {
                connection.keepAlive().arm();
            } else {
                connection.keepAlive().disarm();
            }
        }
    }

    // The end.

    /** The peer sends nothing more. */
    void finReceived() {
        shutdown |= SHUTDOWN_RECEIVE;
    }

    /** The connection breaks with an error that the program will see. */
    void fail(int number) {
        error = number;
        discard();
        signal(Readiness.POLLIN | Readiness.POLLOUT | Readiness.POLLERR | Readiness.POLLHUP | Readiness.POLLRDHUP);
    }

    /** The connection, if there is one, is over; what was received stays readable. */
    void discard() {
        shutdown = SHUTDOWN_BOTH;
        if (connection != null) {
            connection.end();
        }
        if (!portBound || descriptorClosed) {
            ports().remove(this);
        }
    }

    void leavePortTo(TimeWait timeWait) {
        ports().replace(this, timeWait);
    }

    /** Those of tcp(7). */
    public final TcpOptions options() {
        return options;
    }

    // What the connection asks.

    void emit(Packet packet) {
        network.send(packet, this);
    }

    @Override
    protected void transmitted(Packet packet) {
        if (connection != null) {
            connection.transmitted(packet);
        }
    }

    /** Whether the program has closed it, so that nobody will read or hear of errors: {@code SOCK_DEAD}. */
    boolean orphaned() {
        return descriptorClosed;
    }

    boolean receiveShutdown() {
        return (shutdown & SHUTDOWN_RECEIVE) != 0 || state() == TcpState.CLOSED;
    }

    boolean sendShutdown() {
        return (shutdown & SHUTDOWN_SEND) != 0;
    }

    boolean sendBufferFixed() {
        return sendBufferLocked || !network.configuration().sendBufferAutotune();
    }

    boolean receiveBufferFixed() {
        return receiveBufferLocked || !network.configuration().receiveBufferAutotune();
    }

    void growSendBuffer(long wanted) {
        if (wanted > sendBufferBytes) {
            sendBufferBytes = (int) Math.min(wanted, LARGEST_SEND_BUFFER);
        }
    }

    void growReceiveBuffer(int wanted) {
        receiveBufferBytes = Math.max(receiveBufferBytes, wanted);
    }
}
