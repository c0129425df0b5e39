package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Interface;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.PortTable;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.Timer;
import dev.gnomon.network.TransportSocket;

/**
 * A TCP socket: the state machine of RFC 9293 and the calls of tcp(7), as Linux shows them to programs.
 *
 * <p>A connection that reaches TIME_WAIT leaves a {@link TimeWait} behind and the socket itself is CLOSED, as in Linux;
 * what has been received stays readable.
 */
public final class TcpSocket extends TransportSocket {
    /** How far connect(2) has got: {@code socket_state} of the kernel. */
    private enum Phase {
        UNCONNECTED,
        CONNECTING,
        CONNECTED
    }

    private static final int DEFAULT_PEER_SEGMENT = 536;
    private static final int LARGEST_ADVERTISED_SEGMENT = 65_495;
    private static final int LARGEST_SCALE = 14;
    private static final int LARGEST_SEND_BUFFER = 32 << 20;

    private TcpState state = TcpState.CLOSED;
    private Phase phase = Phase.UNCONNECTED;
    private ConnectionTable.Connection connection;
    private TcpListener listener;
    private TcpSocket parent;
    private TcpSender sender;
    private TcpReceiver receiver;

    private int initialSend;
    private int initialReceive;
    private boolean timestamps;
    private int timestampOffset;
    private int timestampRecent;
    private boolean timestampSeen;
    private boolean peerSack;
    private int peerScale = -1;
    private int peerSegment = DEFAULT_PEER_SEGMENT;
    private int ownScale;

    private int handshakeRetries;
    private long synSentAt;
    private boolean synResent;
    private boolean deferredAcknowledged;
    private boolean finishedReading;
    private long lastInvalidAnswer = Long.MIN_VALUE / 2;
    private long lastHeard;
    private int keepAliveProbes;

    private boolean noDelay;
    private boolean cork;
    private int keepIdleSeconds = 7200;
    private int keepIntervalSeconds = 75;
    private int keepCount = 9;
    private int userTimeoutMilliseconds;
    private int maximumSegmentOption;
    private int deferAcceptSeconds;
    private int synRetries = TcpTimes.SYN_RETRIES;

    private Timer retransmissionTimer;
    private Timer delayTimer;
    private Timer stateTimer;

    TcpSocket(HostNetwork network) {
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
        return state == TcpState.LISTEN;
    }

    public boolean isListening() {
        return state == TcpState.LISTEN;
    }

    public TcpState state() {
        return state;
    }

    @Override
    public boolean connected() {
        return state != TcpState.CLOSED && state != TcpState.LISTEN && state != TcpState.SYN_SENT;
    }

    @Override
    public int readiness() {
        if (state == TcpState.LISTEN) {
            return listener.waiting() > 0 ? Readiness.POLLIN : 0;
        }
        int bits = lastingReadiness();
        if (isSynchronized()) {
            if (receiver != null && receiver.readable() > 0) {
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

    /** The bits of {@link #readiness} that no reading or writing changes; of a listening socket all. */
    public int lastingReadiness() {
        if (state == TcpState.LISTEN) {
            return listener.waiting() > 0 ? Readiness.POLLIN : 0;
        }
        int bits = 0;
        if (shutdown == SHUTDOWN_BOTH || state == TcpState.CLOSED) {
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
        return state != TcpState.SYN_SENT && state != TcpState.SYN_RECEIVED;
    }

    /** Bytes that {@link #send} takes now at least; 0 where it would do anything but take them. */
    public int sendRoom() {
        boolean sends = state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT;
        if (!sends || error != 0 || (shutdown & SHUTDOWN_SEND) != 0 || waitingForSpace) {
            return 0;
        }
        return Math.max(0, sendBufferBytes - sender.queuedBytes());
    }

    /** The {@link #sendRoom} from which on the socket is writable: {@link #writable} solved for the room. */
    public int writableRoom() {
        return Math.max(1, (sendBufferBytes - 1 + 2) / 3);
    }

    /** Whether {@link #receive} gives no more than what is there: 0 behind it where also {@link #atEnd}, else EAGAIN. */
    public boolean receivesPlainly() {
        return atEnd() || error == 0 && state != TcpState.CLOSED && state != TcpState.LISTEN;
    }

    /** Whether the end of the stream stands behind what is to be read. */
    public boolean atEnd() {
        return finishedReading || error == 0 && (shutdown & SHUTDOWN_RECEIVE) != 0 && state != TcpState.LISTEN;
    }

    /** Copies what is to be read, from {@code skip} bytes on, without taking it. Returns how many bytes. */
    public int peek(int skip, byte[] target, int offset, int length) {
        return receiver == null ? 0 : receiver.peek(skip, target, offset, length);
    }

    /** {@code sk_stream_is_writeable}: a third of the buffer is free. */
    private boolean writable() {
        int queued = sender == null ? 0 : sender.queuedBytes();
        return sendBufferBytes - queued >= Math.max(1, queued >> 1);
    }

    // Opening.

    /**
     * listen(2).
     *
     * @return 0, {@code -EINVAL} where connected or connecting, {@code -EADDRINUSE} where another listens there
     */
    public int listen(int backlog) {
        if (phase != Phase.UNCONNECTED || state != TcpState.CLOSED && state != TcpState.LISTEN) {
            return -Errno.EINVAL;
        }
        if (state == TcpState.CLOSED) {
            if (!ports().holds(this)) {
                int port = ports().chooseFree(network.environment().random(), 1);
                if (port == 0) {
                    return -Errno.EADDRINUSE;
                }
                ports().add(this, port, false);
            } else if (ports().conflicts(this, localAddress, localPort)) {
                return -Errno.EADDRINUSE;
            }
            listener = new TcpListener();
            state = TcpState.LISTEN;
            shutdown = 0;
        }
        listener.backlog(backlog);
        return 0;
    }

    /** The next established connection, or null where none waits. */
    public TcpSocket accept() {
        if (listener == null) {
            return null;
        }
        TcpSocket child = listener.accept();
        if (child != null) {
            child.parent = null;
        }
        return child;
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
                if (state != TcpState.CLOSED) {
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
        finishedReading = false;
        connection = network.tcp().connections().add(source, local, destination, port);
        connection.socket = this;
        phase = Phase.CONNECTING;
        prepare(network.tcp().initialSequences().sequence(source, local, destination, port, network.nowNanos()));
        // Offered in the SYN; the answer decides.
        timestamps = true;
        state = TcpState.SYN_SENT;
        sendSyn();
        return -Errno.EINPROGRESS;
    }

    private int connectAgain() {
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) {
            return -Errno.EALREADY;
        }
        if (state == TcpState.CLOSED) {
            int failure = takeError();
            dissolve();
            return -(failure != 0 ? failure : Errno.ECONNABORTED);
        }
        phase = Phase.CONNECTED;
        return 0;
    }

    private void prepare(int initialSequence) {
        initialSend = initialSequence;
        timestampOffset = network.tcp().initialSequences().timestampOffset(localAddress, remoteAddress);
        lastHeard = network.nowNanos();
        handshakeRetries = 0;
        synResent = false;
        // The largest buffer that may come must fit into sixteen bits: tcp_select_initial_window.
        int largest = Math.max(receiveBufferBytes, TcpReceiver.LARGEST_BUFFER);
        ownScale = Math.min(LARGEST_SCALE, Math.max(0, 16 - Integer.numberOfLeadingZeros(largest)));
        if (retransmissionTimer == null) {
            retransmissionTimer = new Timer(network.environment(), this::retransmissionTimerFired);
            delayTimer = new Timer(network.environment(), this::delayTimerFired);
            stateTimer = new Timer(network.environment(), this::stateTimerFired);
        }
    }

    private int advertisedSegment() {
        Interface way = network.route(remoteAddress);
        int own = Math.min(way.maximumTransmissionUnit() - 40, LARGEST_ADVERTISED_SEGMENT);
        return maximumSegmentOption > 0 ? Math.min(own, maximumSegmentOption) : own;
    }

    private int synWindow() {
        return Math.min(0xffff, receiveBufferBytes);
    }

    private void sendSyn() {
        boolean answer = state == TcpState.SYN_RECEIVED;
        Packet packet = Packet.tcp(
                localAddress,
                localPort,
                remoteAddress,
                remotePort,
                answer ? Packet.SYN | Packet.ACK : Packet.SYN,
                initialSend,
                answer ? initialReceive + 1 : 0);
        packet.maximumSegmentSize = advertisedSegment();
        packet.window = synWindow();
        packet.windowScale = !answer || peerScale >= 0 ? ownScale : -1;
        packet.sackPermitted = !answer || peerSack;
        packet.timestamps = timestamps;
        if (timestamps) {
            packet.timestampValue = timestampNow();
            packet.timestampEcho = answer ? timestampRecent : 0;
        }
        if (handshakeRetries == 0) {
            synSentAt = network.nowNanos();
        } else {
            synResent = true;
        }
        retransmissionTimer.armIn(
                Math.min(TcpTimes.INITIAL_TIMEOUT << Math.min(handshakeRetries, 10), TcpTimes.MAXIMUM_TIMEOUT));
        emit(packet);
    }

    /** A segment for this listener, outside any connection; {@code sequence} is for the SYN that may answer it. */
    void arriveListening(Packet packet, int sequence) {
        if (packet.has(Packet.RST)) {
            return;
        }
        if (packet.has(Packet.ACK)) {
            network.tcp().reset(packet);
            return;
        }
        if (!packet.has(Packet.SYN) || packet.has(Packet.FIN)) {
            return;
        }
        if (listener.acceptQueueFull() || listener.synQueueFull()) {
            listener.drop();
            return;
        }
        TcpSocket child = new TcpSocket(network);
        child.inherit(this);
        child.localAddress = packet.destinationAddress;
        child.remoteAddress = packet.sourceAddress;
        child.remotePort = packet.sourcePort;
        ports().add(child, localPort, false);
        child.connection =
                network.tcp().connections().add(child.localAddress, localPort, packet.sourceAddress, packet.sourcePort);
        child.connection.socket = child;
        child.parent = this;
        child.phase = Phase.CONNECTED;
        child.prepare(sequence);
        child.learn(packet);
        child.state = TcpState.SYN_RECEIVED;
        child.startHalves(packet, -1);
        listener.handshakeStarted(child);
        child.sendSyn();
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
        noDelay = from.noDelay;
        cork = from.cork;
        keepIdleSeconds = from.keepIdleSeconds;
        keepIntervalSeconds = from.keepIntervalSeconds;
        keepCount = from.keepCount;
        userTimeoutMilliseconds = from.userTimeoutMilliseconds;
        maximumSegmentOption = from.maximumSegmentOption;
        deferAcceptSeconds = from.deferAcceptSeconds;
    }

    /** Takes over what the peer's SYN offers. */
    private void learn(Packet syn) {
        initialReceive = syn.sequence;
        timestamps = syn.timestamps;
        if (timestamps) {
            timestampRecent = syn.timestampValue;
            timestampSeen = true;
        }
        peerSack = syn.sackPermitted;
        peerScale = syn.windowScale >= 0 ? Math.min(syn.windowScale, LARGEST_SCALE) : -1;
        peerSegment = syn.maximumSegmentSize != 0 ? Math.max(syn.maximumSegmentSize, 88) : DEFAULT_PEER_SEGMENT;
    }

    private void startHalves(Packet syn, long roundTripNanos) {
        int options = timestamps ? Packet.TIMESTAMPS_OPTION_BYTES : 0;
        int advertised = advertisedSegment();
        int full = Math.min(peerSegment, advertised) - options;
        boolean scaled = peerScale >= 0;
        sender = new TcpSender(
                this,
                retransmissionTimer,
                peerSack,
                timestamps,
                scaled ? peerScale : 0,
                full,
                network.isLocal(remoteAddress));
        sender.start(syn.window, 0, roundTripNanos);
        receiver =
                new TcpReceiver(this, delayTimer, peerSack, scaled ? ownScale : 0, advertised - options, synWindow());
    }

    // Segments in.

    void arrive(Packet packet) {
        switch (state) {
            case SYN_SENT -> arriveSynSent(packet);
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                arriveSynchronized(packet);
            case CLOSED, LISTEN, TIME_WAIT -> network.tcp().reset(packet);
        }
        changed();
    }

    private void arriveSynSent(Packet packet) {
        if (packet.has(Packet.ACK)) {
            if (packet.acknowledgment != initialSend + 1) {
                network.tcp().reset(packet);
                return;
            }
            if (packet.has(Packet.RST)) {
                fail(Errno.ECONNREFUSED);
                return;
            }
        }
        if (packet.has(Packet.RST) || !packet.has(Packet.SYN)) {
            return;
        }
        learn(packet);
        if (packet.has(Packet.ACK)) {
            startHalves(packet, synResent ? -1 : network.nowNanos() - synSentAt);
            retransmissionTimer.disarm();
            establish();
            receiver.acknowledgeSoon();
            acknowledge();
            signal(Readiness.POLLOUT);
        } else {
            // Both sides opened at once: RFC 9293, section 3.5.
            startHalves(packet, -1);
            state = TcpState.SYN_RECEIVED;
            handshakeRetries = 0;
            sendSyn();
        }
    }

    private void establish() {
        state = TcpState.ESTABLISHED;
        lastHeard = network.nowNanos();
        if (keepAlive) {
            armKeepAlive();
        }
        if (!sendBufferFixed()) {
            growSendBuffer(2L * Cubic.INITIAL_WINDOW * (sender.fullSegment() + 256L));
        }
        if ((shutdown & SHUTDOWN_SEND) != 0) {
            state = TcpState.FIN_WAIT_1;
            sender.queueFin();
        }
    }

    /** RFC 9293, section 3.10.7.4, with the stricter checks of RFC 5961. */
    private void arriveSynchronized(Packet packet) {
        long sequence = receiveOffset(packet.sequence);
        long end =
                sequence + packet.payloadLength + (packet.has(Packet.SYN) ? 1 : 0) + (packet.has(Packet.FIN) ? 1 : 0);
        receiver.countSegment();
        if (timestamps
                && packet.timestamps
                && timestampSeen
                && !packet.has(Packet.RST)
                && timestampRecent - packet.timestampValue > 1) {
            receiver.outside(sequence, sequence + packet.payloadLength);
            answerInvalid(packet);
            return;
        }
        if (end < receiver.lastAcknowledged() || sequence > Math.max(receiver.windowEnd(), receiver.next())) {
            if (!packet.has(Packet.RST)) {
                if (state == TcpState.SYN_RECEIVED && packet.has(Packet.SYN)) {
                    sendSyn();
                    return;
                }
                receiver.outside(sequence, sequence + packet.payloadLength);
                answerInvalid(packet);
            }
            return;
        }
        if (packet.has(Packet.RST)) {
            arriveReset(sequence);
            return;
        }
        if (packet.has(Packet.SYN)) {
            boolean handshake = state == TcpState.SYN_RECEIVED && sequence == 0;
            if (!handshake) {
                answerInvalid(packet);
                return;
            }
            if (!packet.has(Packet.ACK)) {
                sendSyn();
                return;
            }
            // The other half of a simultaneous open: from here on an acknowledgment like any other.
            sequence = 1;
        }
        if (!packet.has(Packet.ACK)) {
            return;
        }
        long acknowledgment = sendOffset(packet.acknowledgment);
        if (state == TcpState.SYN_RECEIVED) {
            if (acknowledgment != 1) {
                network.tcp().reset(packet);
                return;
            }
            if (!finishHandshake(packet)) {
                return;
            }
        } else if (acknowledgment > sender.next()) {
            answerInvalid(packet);
            return;
        }
        lastHeard = network.nowNanos();
        keepAliveProbes = 0;
        rememberTimestamp(packet, sequence);
        if (acknowledgment >= sender.unacknowledged() || packet.sackEdges != null) {
            sender.acknowledge(packet, sequence, acknowledgment);
            if (state == TcpState.CLOSED) {
                return;
            }
        }
        if (sender.finAcknowledged() && finAcknowledged()) {
            return;
        }
        if (packet.payloadLength > 0 || packet.has(Packet.FIN)) {
            arriveData(packet, sequence);
        }
    }

    private void rememberTimestamp(Packet packet, long sequence) {
        if (timestamps
                && packet.timestamps
                && sequence <= receiver.lastAcknowledged()
                && (!timestampSeen || packet.timestampValue - timestampRecent >= 0)) {
            timestampRecent = packet.timestampValue;
            timestampSeen = true;
        }
    }

    private void arriveReset(long sequence) {
        if (sequence != receiver.next()) {
            // RFC 5961, section 3.2: only an exact number resets.
            challenge();
            return;
        }
        if (state == TcpState.SYN_RECEIVED && parent != null) {
            discard();
            return;
        }
        fail(
                switch (state) {
                    case SYN_RECEIVED -> Errno.ECONNREFUSED;
                    case CLOSE_WAIT -> Errno.EPIPE;
                    default -> Errno.ECONNRESET;
                });
    }

    /** The third segment of the handshake. Answers whether the connection is established now. */
    private boolean finishHandshake(Packet packet) {
        if (parent != null) {
            if (parent.listener.acceptQueueFull()) {
                parent.listener.drop();
                return false;
            }
            if (parent.deferAcceptSeconds > 0
                    && packet.payloadLength == 0
                    && !packet.has(Packet.FIN)
                    && network.nowNanos() - synSentAt < parent.deferAcceptSeconds * TcpTimes.SECOND) {
                deferredAcknowledged = true;
                return false;
            }
        }
        retransmissionTimer.disarm();
        long roundTripNanos = synResent ? -1 : network.nowNanos() - synSentAt;
        long window = peerScale >= 0 ? (long) packet.window << peerScale : packet.window;
        sender.start(window, 0, roundTripNanos);
        establish();
        if (parent != null) {
            parent.listener.established(this);
            parent.signal(Readiness.POLLIN);
        } else {
            signal(Readiness.POLLOUT);
        }
        return true;
    }

    /** Our FIN has arrived. Answers whether the connection is over. */
    private boolean finAcknowledged() {
        switch (state) {
            case FIN_WAIT_1 -> {
                state = TcpState.FIN_WAIT_2;
                signal(Readiness.POLLOUT);
                if (descriptorClosed) {
                    stateTimer.armIn(TcpTimes.FIN_WAIT_2);
                }
                return false;
            }
            case CLOSING -> {
                enterTimeWait();
                return true;
            }
            case LAST_ACK -> {
                discard();
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void arriveData(Packet packet, long sequence) {
        switch (state) {
            case ESTABLISHED -> receive(packet, sequence);
            case FIN_WAIT_1, FIN_WAIT_2 -> {
                boolean unwanted =
                        (shutdown & SHUTDOWN_RECEIVE) != 0 && sequence + packet.payloadLength > receiver.next();
                if (unwanted && descriptorClosed) {
                    // Nobody will read it: RFC 9293, section 3.6.1.
                    network.tcp().reset(packet);
                    fail(Errno.ECONNRESET);
                    return;
                }
                receive(packet, sequence);
            }
            case CLOSE_WAIT, CLOSING, LAST_ACK -> {
                // After the peer's FIN only what was sent before can come again.
                receiver.outside(sequence, sequence + packet.payloadLength);
                receiver.acknowledgeSoon();
                acknowledge();
            }
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, TIME_WAIT -> {
                // No data is taken in these states.
            }
        }
    }

    private void receive(Packet packet, long sequence) {
        boolean news = receiver.arrive(packet, sequence);
        if (receiver.finReached() && !finishedReading) {
            if (arriveFin()) {
                return;
            }
        } else if (news) {
            signal(Readiness.POLLIN);
        }
        receiver.checkAcknowledgment();
    }

    /** The peer's FIN is next in order. Answers whether the connection is over. */
    private boolean arriveFin() {
        finishedReading = true;
        shutdown |= SHUTDOWN_RECEIVE;
        receiver.acknowledgeSoon();
        acknowledge();
        int bits = Readiness.POLLIN | Readiness.POLLRDHUP;
        switch (state) {
            case ESTABLISHED -> state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> state = TcpState.CLOSING;
            case FIN_WAIT_2 -> {
                enterTimeWait();
                return true;
            }
            default -> throw new IllegalStateException("FIN in state " + state);
        }
        signal(shutdown == SHUTDOWN_BOTH ? bits | Readiness.POLLHUP : bits);
        return false;
    }

    private void answerInvalid(Packet packet) {
        if (packet.payloadLength == 0 && !packet.has(Packet.FIN)) {
            challenge();
            return;
        }
        receiver.acknowledgeSoon();
        acknowledge();
    }

    /** An acknowledgment that asks the peer to prove itself, at most every half second. */
    private void challenge() {
        long now = network.nowNanos();
        if (now - lastInvalidAnswer >= TcpTimes.INVALID_RATE_LIMIT) {
            lastInvalidAnswer = now;
            receiver.acknowledgeSoon();
            acknowledge();
        }
    }

    /** ICMP says that the peer cannot be reached. Only a connection that is being opened gives up (RFC 5461). */
    void unreachable(int number) {
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED && parent == null) {
            fail(number);
        }
    }

    // Segments out.

    /** A segment with everything but its payload; the acknowledgment in it counts as sent. */
    Packet newSegment(int flags, long offset, int length, long now) {
        Packet packet =
                Packet.tcp(localAddress, localPort, remoteAddress, remotePort, flags, initialSend + (int) offset, 0);
        int spare;
        if (timestamps) {
            packet.timestamps = true;
            packet.timestampValue = timestampAt(now);
            packet.timestampEcho = timestampRecent;
            spare = 28;
        } else {
            spare = 40;
        }
        if (length > 0) {
            spare = Math.min(spare, sender.fullSegment() - length);
        }
        receiver.fill(packet, initialReceive, spare);
        return packet;
    }

    void emit(Packet packet) {
        network.send(packet, this);
    }

    void acknowledge() {
        emit(newSegment(Packet.ACK, sender.next(), 0, network.nowNanos()));
    }

    @Override
    protected void transmitted(Packet packet) {
        if (sender != null) {
            sender.transmitted(packet);
        }
    }

    private void sendReset() {
        Packet packet = Packet.tcp(
                localAddress,
                localPort,
                remoteAddress,
                remotePort,
                Packet.RST | Packet.ACK,
                initialSend + (int) sender.next(),
                initialReceive + (int) receiver.next());
        network.send(packet);
    }

    // The program's calls.

    /**
     * send(2) on a socket that does not block.
     *
     * @param more MSG_MORE: a segment that is not full may wait for what follows
     * @return how many bytes were taken; {@code -EAGAIN} where there is no room, {@code -EPIPE} where sending is over
     *     (with SIGPIPE to the program unless it said MSG_NOSIGNAL), or the connection's error
     */
    public int send(byte[] bytes, int offset, int length, boolean more) {
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) {
            waitingForSpace = true;
            return -Errno.EAGAIN;
        }
        if (error != 0) {
            return -takeError();
        }
        if ((shutdown & SHUTDOWN_SEND) != 0 || state != TcpState.ESTABLISHED && state != TcpState.CLOSE_WAIT) {
            return -Errno.EPIPE;
        }
        if (length == 0) {
            return 0;
        }
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
        if (state == TcpState.LISTEN) {
            return -Errno.ENOTCONN;
        }
        int copied = receiver == null || length == 0 ? 0 : receiver.read(target, offset, length, peek);
        if (copied > 0 || finishedReading) {
            return copied;
        }
        if (error != 0) {
            return -takeError();
        }
        if ((shutdown & SHUTDOWN_RECEIVE) != 0) {
            return 0;
        }
        if (state == TcpState.CLOSED) {
            return -Errno.ENOTCONN;
        }
        return length == 0 ? 0 : -Errno.EAGAIN;
    }

    @Override
    public int shutdown(int how) {
        if (how < SHUT_RD || how > SHUT_RDWR) {
            return -Errno.EINVAL;
        }
        int result = shutdownStates(how);
        signal(readiness());
        network.flushSignals();
        return result;
    }

    private int shutdownStates(int how) {
        int bits = how + 1;
        switch (state) {
            case CLOSED -> {
                shutdown |= bits;
                return -Errno.ENOTCONN;
            }
            case LISTEN -> {
                if ((bits & SHUTDOWN_RECEIVE) != 0) {
                    stopListening();
                    shutdown |= bits;
                }
                return 0;
            }
            case SYN_SENT -> {
                dissolve();
                return 0;
            }
            default -> {
                boolean already = (shutdown & SHUTDOWN_SEND) != 0;
                shutdown |= bits;
                if ((bits & SHUTDOWN_SEND) != 0 && !already) {
                    finish();
                }
                return 0;
            }
        }
    }

    /** Sends a FIN behind what is queued, where the state asks for one: {@code tcp_close_state}. */
    private void finish() {
        switch (state) {
            case ESTABLISHED -> {
                state = TcpState.FIN_WAIT_1;
                sender.queueFin();
            }
            case CLOSE_WAIT -> {
                state = TcpState.LAST_ACK;
                sender.queueFin();
            }
            default -> {
                // SYN_RECEIVED sends it when established; in all others it has been sent.
            }
        }
    }

    @Override
    public int close() {
        if (descriptorClosed) {
            return 0;
        }
        readinessListener(null);
        descriptorClosed = true;
        switch (state) {
            case CLOSED -> discard();
            case LISTEN -> {
                stopListening();
                discard();
            }
            case SYN_SENT -> discard();
            default -> closeConnection();
        }
        network.flushSignals();
        return 0;
    }

    private void closeConnection() {
        if (receiver.readable() > 0 || lingerSeconds == 0) {
            // RFC 2525, section 2.17: who will not read says so; and SO_LINGER of zero asks for it.
            sendReset();
            discard();
            return;
        }
        boolean finishing = (shutdown & SHUTDOWN_SEND) != 0;
        shutdown = SHUTDOWN_BOTH;
        if (state == TcpState.FIN_WAIT_2) {
            stateTimer.armIn(TcpTimes.FIN_WAIT_2);
        } else if (!finishing) {
            finish();
        }
    }

    /** Whether closing is still under way, so that close(2) with SO_LINGER would block. */
    public boolean lingering() {
        return switch (state) {
            case FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }

    private void stopListening() {
        for (TcpSocket child : listener.takeHandshakes()) {
            child.parent = null;
            child.discard();
        }
        for (TcpSocket child : listener.takeEstablished()) {
            child.descriptorClosed = true;
            if (child.state != TcpState.CLOSED) {
                child.sendReset();
            }
            child.discard();
        }
        listener = null;
        state = TcpState.CLOSED;
    }

    @Override
    public int disconnect() {
        if (state == TcpState.LISTEN) {
            stopListening();
        } else if (connected()) {
            sendReset();
        }
        dissolve();
        network.flushSignals();
        return 0;
    }

    /** Back to a socket that could be connected anew. */
    private void dissolve() {
        discard();
        phase = Phase.UNCONNECTED;
        shutdown = 0;
        error = 0;
        remoteAddress = 0;
        remotePort = 0;
        finishedReading = false;
        receiver = null;
        if (!addressBound) {
            localAddress = Ipv4.ANY;
        }
    }

    // Ends.

    /** The connection breaks with an error that the program will see. */
    void fail(int number) {
        error = number;
        discard();
        signal(Readiness.POLLIN | Readiness.POLLOUT | Readiness.POLLERR | Readiness.POLLHUP | Readiness.POLLRDHUP);
    }

    /** The connection is over; what was received stays readable. */
    private void discard() {
        if (parent != null && parent.listener != null) {
            parent.listener.handshakeEnded(this);
        }
        state = TcpState.CLOSED;
        shutdown = SHUTDOWN_BOTH;
        if (retransmissionTimer != null) {
            retransmissionTimer.cancel();
            delayTimer.cancel();
            stateTimer.cancel();
        }
        if (connection != null) {
            network.tcp().connections().remove(connection);
            connection = null;
        }
        sender = null;
        if (receiver != null) {
            receiver.forgetEarly();
            if (descriptorClosed) {
                receiver = null;
            }
        }
        if (!portBound || descriptorClosed) {
            ports().remove(this);
        }
    }

    private void enterTimeWait() {
        ConnectionTable.Connection place = connection;
        TimeWait timeWait = new TimeWait(
                network,
                place,
                initialSend + (int) sender.next(),
                initialReceive + (int) receiver.next(),
                timestamps,
                timestampOffset,
                timestampRecent,
                reuseAddress,
                reusePort);
        ports().replace(this, timeWait);
        place.socket = null;
        place.timeWait = timeWait;
        connection = null;
        discard();
        signal(Readiness.POLLIN | Readiness.POLLOUT | Readiness.POLLHUP | Readiness.POLLRDHUP);
    }

    // Timers.

    private void retransmissionTimerFired() {
        switch (state) {
            case SYN_SENT -> resendSyn(synRetries);
            case SYN_RECEIVED -> resendSyn(TcpTimes.SYN_ACK_RETRIES);
            default -> {
                if (sender != null) {
                    sender.timerFired();
                }
            }
        }
        changed();
        network.flushSignals();
    }

    private void resendSyn(int retries) {
        long userTimeout = userTimeoutNanos();
        boolean late = userTimeout > 0 && network.nowNanos() - synSentAt >= userTimeout;
        if (handshakeRetries >= retries || late) {
            if (parent != null) {
                discard();
            } else {
                fail(Errno.ETIMEDOUT);
            }
            return;
        }
        handshakeRetries++;
        if (deferredAcknowledged && network.nowNanos() - synSentAt < parent.deferAcceptSeconds * TcpTimes.SECOND) {
            // The peer has answered and only its data is awaited: nothing to repeat yet.
            retransmissionTimer.armIn(TcpTimes.INITIAL_TIMEOUT << handshakeRetries);
            return;
        }
        sendSyn();
    }

    private void delayTimerFired() {
        if (receiver != null && state != TcpState.CLOSED) {
            receiver.delayElapsed();
        }
        changed();
        network.flushSignals();
    }

    private void stateTimerFired() {
        if (state == TcpState.FIN_WAIT_2 && descriptorClosed) {
            discard();
        } else if (keepAlive && sender != null) {
            keepAliveDue();
        }
        changed();
        network.flushSignals();
    }

    private void armKeepAlive() {
        stateTimer.armAt(lastHeard + keepIdleSeconds * TcpTimes.SECOND);
    }

    /** {@code tcp_keepalive_timer}. */
    private void keepAliveDue() {
        long now = network.nowNanos();
        if (!sender.everythingAcknowledged()) {
            stateTimer.armIn(keepIdleSeconds * TcpTimes.SECOND);
            return;
        }
        long silent = now - lastHeard;
        if (silent < keepIdleSeconds * TcpTimes.SECOND) {
            armKeepAlive();
            return;
        }
        long limit = userTimeoutNanos();
        boolean over = limit > 0 ? silent >= limit && keepAliveProbes > 0 : keepAliveProbes >= keepCount;
        if (over) {
            sendReset();
            fail(Errno.ETIMEDOUT);
            return;
        }
        keepAliveProbes++;
        emit(newSegment(Packet.ACK, sender.unacknowledged() - 1, 0, now));
        stateTimer.armIn(keepIntervalSeconds * TcpTimes.SECOND);
    }

    // What the halves ask.

    long nowNanos() {
        return network.nowNanos();
    }

    int timestampNow() {
        return timestampAt(network.nowNanos());
    }

    private int timestampAt(long now) {
        return timestampOffset + (int) (now / TcpTimes.MILLISECOND);
    }

    long sendOffset(int sequence) {
        long base = sender.unacknowledged();
        return base + (sequence - (initialSend + (int) base));
    }

    private long receiveOffset(int sequence) {
        long base = receiver.next();
        return base + (sequence - (initialReceive + (int) base));
    }

    boolean corked() {
        return cork;
    }

    boolean orphaned() {
        return descriptorClosed;
    }

    boolean receiveShutdown() {
        return (shutdown & SHUTDOWN_RECEIVE) != 0 || state == TcpState.CLOSED;
    }

    int limitedSegment(int full) {
        return maximumSegmentOption > 0 ? Math.min(full, maximumSegmentOption) : full;
    }

    long retransmissionTimeout() {
        return sender.recoveryDeadlineNanos();
    }

    long userTimeoutNanos() {
        return userTimeoutMilliseconds * TcpTimes.MILLISECOND;
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

    void dataSent(long now) {
        receiver.dataSent(now);
    }

    /** An acknowledgment has freed room in the send buffer. */
    void roomMade() {
        spaceChanged();
    }

    @Override
    protected void spaceChanged() {
        if (waitingForSpace && writable()) {
            waitingForSpace = false;
            signal(Readiness.POLLOUT);
        }
    }

    @Override
    public int receivableBytes() {
        return receiver == null ? 0 : receiver.readable();
    }

    @Override
    public int unsentBytes() {
        return sender == null ? 0 : sender.queuedBytes();
    }

    /** SIOCOUTQNSD: bytes that have not been sent even once. */
    public int notSentBytes() {
        return sender == null ? 0 : sender.notSentBytes();
    }

    // Options.

    /** TCP_NODELAY. */
    public void setNoDelay(boolean on) {
        noDelay = on;
        if (on) {
            pushHeld();
        }
    }

    public boolean noDelay() {
        return noDelay;
    }

    /** TCP_CORK. */
    public void setCork(boolean on) {
        cork = on;
        if (!on) {
            pushHeld();
        }
    }

    public boolean cork() {
        return cork;
    }

    private void pushHeld() {
        if (sender != null && state != TcpState.SYN_RECEIVED) {
            sender.push(false);
        }
    }

    @Override
    public void setKeepAlive(boolean on) {
        super.setKeepAlive(on);
        if (state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT) {
            if (on) {
                armKeepAlive();
            } else {
                stateTimer.disarm();
            }
        }
    }

    /** TCP_KEEPIDLE, 1 to 32767 seconds; {@code -EINVAL} outside. */
    public int setKeepIdle(int seconds) {
        if (seconds < 1 || seconds > 32_767) {
            return -Errno.EINVAL;
        }
        keepIdleSeconds = seconds;
        if (keepAlive && (state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT)) {
            armKeepAlive();
        }
        return 0;
    }

    public int keepIdle() {
        return keepIdleSeconds;
    }

    /** TCP_KEEPINTVL, 1 to 32767 seconds; {@code -EINVAL} outside. */
    public int setKeepInterval(int seconds) {
        if (seconds < 1 || seconds > 32_767) {
            return -Errno.EINVAL;
        }
        keepIntervalSeconds = seconds;
        return 0;
    }

    public int keepInterval() {
        return keepIntervalSeconds;
    }

    /** TCP_KEEPCNT, 1 to 127; {@code -EINVAL} outside. */
    public int setKeepCount(int count) {
        if (count < 1 || count > 127) {
            return -Errno.EINVAL;
        }
        keepCount = count;
        return 0;
    }

    public int keepCount() {
        return keepCount;
    }

    /** TCP_USER_TIMEOUT in milliseconds, 0 for the default; {@code -EINVAL} where negative. */
    public int setUserTimeout(int milliseconds) {
        if (milliseconds < 0) {
            return -Errno.EINVAL;
        }
        userTimeoutMilliseconds = milliseconds;
        return 0;
    }

    public int userTimeout() {
        return userTimeoutMilliseconds;
    }

    /** TCP_SYNCNT, 1 to 127; {@code -EINVAL} outside. */
    public int setSynCount(int count) {
        if (count < 1 || count > 127) {
            return -Errno.EINVAL;
        }
        synRetries = count;
        return 0;
    }

    public int synCount() {
        return synRetries;
    }

    /** TCP_MAXSEG, 88 to 32767 bytes or 0 for none; {@code -EINVAL} outside. */
    public int setMaximumSegment(int bytes) {
        if (bytes != 0 && (bytes < 88 || bytes > 32_767)) {
            return -Errno.EINVAL;
        }
        maximumSegmentOption = bytes;
        return 0;
    }

    /** TCP_MAXSEG: the segment size in use, 536 before there is a connection. */
    public int maximumSegment() {
        if (sender != null) {
            return sender.segmentSize();
        }
        return maximumSegmentOption > 0 ? maximumSegmentOption : DEFAULT_PEER_SEGMENT;
    }

    /** TCP_QUICKACK. */
    public void setQuickAcknowledgment(boolean on) {
        if (receiver != null && sender != null) {
            receiver.quick(on);
        }
    }

    public boolean quickAcknowledgment() {
        return receiver == null || receiver.quick();
    }

    /** TCP_DEFER_ACCEPT in seconds, 0 for off. */
    public void setDeferAccept(int seconds) {
        deferAcceptSeconds = Math.max(0, seconds);
    }

    public int deferAccept() {
        return deferAcceptSeconds;
    }

    /**
     * TCP_INFO: fills in {@code struct tcp_info} as getsockopt(2) would.
     *
     * @return how many bytes were written, {@code length} or the size of the structure
     */
    public int information(byte[] target, int offset, int length) {
        return TcpInformation.write(this, sender, receiver, listener, target, offset, length);
    }

    long lastHeard() {
        return lastHeard;
    }

    boolean timestampsInUse() {
        return timestamps;
    }

    int peerScale() {
        return peerScale;
    }
}
