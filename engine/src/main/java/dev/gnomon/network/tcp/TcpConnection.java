package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Packet;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.Timer;

/**
 * One connection: the transmission control block of RFC 9293, with its timers. What segments do to it is {@link
 * SegmentArrival}'s.
 *
 * <p>A connection that reaches TIME_WAIT leaves a {@link TimeWait} behind and is CLOSED itself, as in Linux; what has
 * been received stays readable.
 */
final class TcpConnection {
    /** Bytes of data in a segment where the peer names no size; RFC 9293, section 3.7.1. */
    static final int DEFAULT_SEGMENT = 536;

    private final TcpSocket socket;
    private final HostNetwork network;
    private final int initialSend;
    private final Timestamps timestamps;
    private final Handshake handshake;
    private final SegmentArrival arrival = new SegmentArrival(this);
    private final Timer retransmissionTimer;
    private final Timer delayTimer;
    private final Timer stateTimer;
    private final KeepAlive keepAlive;

    private TcpState state = TcpState.CLOSED;
    private ConnectionTable.Entry place;
    /** Where it will be accepted; null once it is, and where it was opened from here. */
    private TcpListener listener;

    private int initialReceive;
    private TcpSender sender;
    private TcpReceiver receiver;

    TcpConnection(TcpSocket socket, ConnectionTable.Entry place, int initialSend) {
        this.socket = socket;
        this.network = socket.network();
        this.place = place;
        this.initialSend = initialSend;
        place.connection = this;
        timestamps = new Timestamps(
                network.tcp().initialSequences().timestampOffset(place.localAddress, place.remoteAddress));
        retransmissionTimer = new Timer(network.environment(), this::retransmissionTimerFired);
        delayTimer = new Timer(network.environment(), this::delayTimerFired);
        stateTimer = new Timer(network.environment(), this::stateTimerFired);
        keepAlive = new KeepAlive(this, socket.options(), stateTimer);
        handshake = new Handshake(this, socket);
    }

    TcpSocket socket() {
        return socket;
    }

    TcpState state() {
        return state;
    }

    void state(TcpState next) {
        state = next;
    }

    TcpListener listener() {
        return listener;
    }

    /** Null once the connection is over. */
    TcpSender sender() {
        return sender;
    }

    TcpReceiver receiver() {
        return receiver;
    }

    Timestamps timestamps() {
        return timestamps;
    }

    Handshake handshake() {
        return handshake;
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    Timer retransmissionTimer() {
        return retransmissionTimer;
    }

    Timer delayTimer() {
        return delayTimer;
    }

    // Opening.

    /** Begins an active open. */
    void open() {
        timestamps.offer();
        state = TcpState.SYN_SENT;
        handshake.sendSyn();
    }

    /** A SYN has come to a listener. */
    void openPassively(Packet syn, TcpListener from) {
        listener = from;
        learn(syn);
        state = TcpState.SYN_RECEIVED;
        startHalves(syn, -1);
        from.handshakeStarted(this);
        handshake.sendSyn();
    }

    /** The program, or nobody, has it now: the listener is to hear no more of it. */
    void leaveListener() {
        listener = null;
    }

    void learn(Packet syn) {
        initialReceive = syn.sequence;
        timestamps.learn(syn);
        handshake.learn(syn);
    }

    void startHalves(Packet syn, long roundTripNanos) {
        sender = handshake.newSender();
        sender.start(syn.window, 0, roundTripNanos);
        receiver = handshake.newReceiver();
    }

    void establish() {
        state = TcpState.ESTABLISHED;
        keepAlive.established();
        if (socket.keepAlive()) {
            keepAlive.arm();
        }
        if (!socket.sendBufferFixed()) {
            socket.growSendBuffer(2L * Cubic.INITIAL_WINDOW * (sender.fullSegment() + 256L));
        }
        if (socket.sendShutdown()) {
            state = TcpState.FIN_WAIT_1;
            sender.queueFin();
        }
    }

    void handshakeTimedOut() {
        if (listener != null) {
            socket.discard();
        } else {
            fail(Errno.ETIMEDOUT);
        }
    }

    // Segments.

    /** @param continued whether a segment follows at the same time that Linux would have merged into this one */
    void arrive(Packet packet, boolean continued) {
        arrival.arrive(packet, continued);
        socket.stateChanged();
    }

    /** ICMP says that the peer cannot be reached. Only a connection that is being opened gives up (RFC 5461). */
    void unreachable(int number) {
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED && listener == null) {
            fail(number);
        }
    }

    Packet newSyn(boolean answer) {
        return segment(answer ? Packet.SYN | Packet.ACK : Packet.SYN, initialSend, answer ? initialReceive + 1 : 0);
    }

    private Packet segment(int flags, int sequence, int acknowledgment) {
        return Packet.tcp(
                socket.localAddress(),
                socket.localPort(),
                socket.remoteAddress(),
                socket.remotePort(),
                flags,
                sequence,
                acknowledgment);
    }

    /** A segment with everything but its payload; the acknowledgment in it counts as sent. */
    Packet newSegment(int flags, long offset, int length, long now) {
        Packet packet = segment(flags, initialSend + (int) offset, 0);
        timestamps.fill(packet, now, true);
        int spare = timestamps.inUse() ? 28 : 40;
        if (length > 0) {
            spare = Math.min(spare, sender.fullSegment() - length);
        }
        receiver.fill(packet, initialReceive, spare);
        return packet;
    }

    void emit(Packet packet) {
        socket.emit(packet);
    }

    void acknowledge() {
        emit(newSegment(Packet.ACK, sender.next(), 0, network.nowNanos()));
    }

    /** A segment below the window, which the peer has to answer. */
    void probe(long now) {
        emit(newSegment(Packet.ACK, sender.unacknowledged() - 1, 0, now));
    }

    void sendReset() {
        network.send(segment(
                Packet.RST | Packet.ACK, initialSend + (int) sender.next(), initialReceive + (int) receiver.next()));
    }

    void transmitted(Packet packet) {
        if (sender != null) {
            sender.transmitted(packet);
        }
    }

    long sendOffset(int sequence) {
        long base = sender.unacknowledged();
        return base + (sequence - (initialSend + (int) base));
    }

    long receiveOffset(int sequence) {
        long base = receiver.next();
        return base + (sequence - (initialReceive + (int) base));
    }

    boolean acknowledgesSyn(Packet packet) {
        return packet.acknowledgment == initialSend + 1;
    }

    // Closing.

    /** Sends a FIN behind what is queued, where the state asks for one: {@code tcp_close_state}. */
    void finish() {
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

    /** The peer has acknowledged the FIN of a socket that nobody has open: its own is not awaited for ever. */
    void awaitFin() {
        stateTimer.armIn(TcpTimes.FIN_WAIT_2);
    }

    void enterTimeWait() {
        ConnectionTable.Entry left = place;
        TimeWait timeWait = new TimeWait(
                network,
                left,
                initialSend + (int) sender.next(),
                initialReceive + (int) receiver.next(),
                timestamps,
                socket.reuseAddress(),
                socket.reusePort());
        socket.leavePortTo(timeWait);
        left.connection = null;
        left.timeWait = timeWait;
        place = null;
        socket.discard();
        socket.wake(Readiness.POLLIN | Readiness.POLLOUT | Readiness.POLLHUP | Readiness.POLLRDHUP);
    }

    /** The connection breaks with an error that the program will see. */
    void fail(int number) {
        socket.fail(number);
    }

    /** It is over; what was received stays readable for a program that has the socket open. */
    void end() {
        if (listener != null) {
            listener.handshakeEnded(this);
        }
        state = TcpState.CLOSED;
        retransmissionTimer.cancel();
        delayTimer.cancel();
        stateTimer.cancel();
        if (place != null) {
            network.tcp().connections().remove(place);
            place = null;
        }
        sender = null;
        if (receiver != null) {
            receiver.forgetEarly();
            if (socket.orphaned()) {
                receiver = null;
            }
        }
    }

    // Timers.

    private void retransmissionTimerFired() {
        switch (state) {
            case SYN_SENT -> handshake.timedOut(socket.options().synCount());
            case SYN_RECEIVED -> handshake.timedOut(TcpTimes.SYN_ACK_RETRIES);
            default -> {
                if (sender != null) {
                    sender.timerFired();
                }
            }
        }
        timerDone();
    }

    private void delayTimerFired() {
        if (receiver != null && state != TcpState.CLOSED) {
            receiver.delayElapsed();
        }
        timerDone();
    }

    private void stateTimerFired() {
        if (state == TcpState.FIN_WAIT_2 && socket.orphaned()) {
            socket.discard();
        } else if (socket.keepAlive() && sender != null) {
            keepAlive.due();
        }
        timerDone();
    }

    private void timerDone() {
        socket.stateChanged();
        network.flushSignals();
    }

    long nowNanos() {
        return network.nowNanos();
    }

    long retransmissionTimeout() {
        return sender.retransmissionTimeout();
    }
}
