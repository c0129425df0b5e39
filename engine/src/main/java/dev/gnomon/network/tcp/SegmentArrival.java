package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.Packet;
import dev.gnomon.network.Readiness;

/** What a segment does to a connection: RFC 9293, section 3.10.7, with the stricter checks of RFC 5961. */
final class SegmentArrival {
    private final TcpConnection connection;
    private boolean finProcessed;
    private boolean acknowledgesLater;
    private long lastInvalidAnswer = Long.MIN_VALUE / 2;

    SegmentArrival(TcpConnection connection) {
        this.connection = connection;
    }

    private TcpState state() {
        return connection.state();
    }

    private TcpSocket socket() {
        return connection.socket();
    }

    private void reset(Packet packet) {
        socket().network().tcp().reset(packet);
    }

    /** @param continued whether its data is acknowledged with that of the segment that follows */
    void arrive(Packet packet, boolean continued) {
        acknowledgesLater = continued;
        switch (state()) {
            case SYN_SENT -> arriveSynSent(packet);
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                arriveSynchronized(packet);
            case CLOSED, LISTEN, TIME_WAIT -> reset(packet);
        }
    }

    private void arriveSynSent(Packet packet) {
        if (packet.has(Packet.ACK)) {
            if (!connection.acknowledgesSyn(packet)) {
                reset(packet);
                return;
            }
            if (packet.has(Packet.RST)) {
                connection.fail(Errno.ECONNREFUSED);
                return;
            }
        }
        if (packet.has(Packet.RST) || !packet.has(Packet.SYN)) {
            return;
        }
        connection.learn(packet);
        if (packet.has(Packet.ACK)) {
            connection.startHalves(packet, connection.handshake().roundTripNanos());
            connection.retransmissionTimer().disarm();
            connection.establish();
            acknowledgeNow();
            socket().wake(Readiness.POLLOUT);
        } else {
            connection.startHalves(packet, -1);
            connection.state(TcpState.SYN_RECEIVED);
            connection.handshake().startAgain();
        }
    }

    private void arriveSynchronized(Packet packet) {
        TcpReceiver receiver = connection.receiver();
        long sequence = connection.receiveOffset(packet.sequence);
        receiver.countSegment();
        if (!packet.has(Packet.RST) && connection.timestamps().isOld(packet)) {
            receiver.outside(sequence, sequence + packet.payloadLength);
            answerInvalid(packet);
            return;
        }
        if (!isAcceptable(packet, sequence)) {
            arriveOutside(packet, sequence);
            return;
        }
        if (packet.has(Packet.RST)) {
            arriveReset(sequence);
            return;
        }
        if (packet.has(Packet.SYN)) {
            boolean opening = state() == TcpState.SYN_RECEIVED && sequence == 0;
            if (!opening) {
                answerInvalid(packet);
                return;
            }
            if (!packet.has(Packet.ACK)) {
                connection.handshake().sendSyn();
                return;
            }
            // The other half of a simultaneous open: from here on an acknowledgment like any other.
            sequence = 1;
        }
        if (packet.has(Packet.ACK) && arriveAcknowledgment(packet, sequence)) {
            if (packet.payloadLength > 0 || packet.has(Packet.FIN)) {
                arriveData(packet, sequence);
            }
        }
    }

    private boolean isAcceptable(Packet packet, long sequence) {
        TcpReceiver receiver = connection.receiver();
        long end =
                sequence + packet.payloadLength + (packet.has(Packet.SYN) ? 1 : 0) + (packet.has(Packet.FIN) ? 1 : 0);
        return end >= receiver.lastAcknowledged() && sequence <= Math.max(receiver.windowEnd(), receiver.next());
    }

    private void arriveOutside(Packet packet, long sequence) {
        if (packet.has(Packet.RST)) {
            return;
        }
        if (state() == TcpState.SYN_RECEIVED && packet.has(Packet.SYN)) {
            connection.handshake().sendSyn();
            return;
        }
        connection.receiver().outside(sequence, sequence + packet.payloadLength);
        answerInvalid(packet);
    }

    private void arriveReset(long sequence) {
        if (sequence != connection.receiver().next()) {
            // RFC 5961, section 3.2: only an exact number resets.
            challenge();
            return;
        }
        if (state() == TcpState.SYN_RECEIVED && connection.listener() != null) {
            socket().discard();
            return;
        }
        connection.fail(
                switch (state()) {
                    case SYN_RECEIVED -> Errno.ECONNREFUSED;
                    case CLOSE_WAIT -> Errno.EPIPE;
                    default -> Errno.ECONNRESET;
                });
    }

    /** Answers whether the connection goes on, so that the segment's data may be looked at. */
    private boolean arriveAcknowledgment(Packet packet, long sequence) {
        TcpSender sender = connection.sender();
        long acknowledgment = connection.sendOffset(packet.acknowledgment);
        if (state() == TcpState.SYN_RECEIVED) {
            if (acknowledgment != 1) {
                reset(packet);
                return false;
            }
            if (!finishHandshake(packet)) {
                return false;
            }
        } else if (acknowledgment > sender.next()) {
            answerInvalid(packet);
            return false;
        }
        connection.keepAlive().heard();
        if (sequence <= connection.receiver().lastAcknowledged()) {
            connection.timestamps().remember(packet);
        }
        if (acknowledgment >= sender.unacknowledged() || packet.sackEdges != null) {
            sender.acknowledge(packet, sequence, acknowledgment);
            if (state() == TcpState.CLOSED) {
                return false;
            }
        }
        return !sender.finAcknowledged() || !finAcknowledged();
    }

    /** The third segment of the handshake. Answers whether the connection is established now. */
    private boolean finishHandshake(Packet packet) {
        TcpListener listener = connection.listener();
        Handshake handshake = connection.handshake();
        if (listener != null) {
            if (listener.acceptQueueFull()) {
                listener.drop();
                return false;
            }
            if (handshake.defers(packet)) {
                return false;
            }
        }
        connection.retransmissionTimer().disarm();
        connection.sender().start(handshake.scaled(packet.window), 0, handshake.roundTripNanos());
        connection.establish();
        if (listener != null) {
            listener.established(connection);
        } else {
            socket().wake(Readiness.POLLOUT);
        }
        return true;
    }

    /** Our FIN has arrived. Answers whether the connection is over. */
    private boolean finAcknowledged() {
        switch (state()) {
            case FIN_WAIT_1 -> {
                connection.state(TcpState.FIN_WAIT_2);
                socket().wake(Readiness.POLLOUT);
                if (socket().orphaned()) {
                    connection.awaitFin();
                }
                return false;
            }
            case CLOSING -> {
                connection.enterTimeWait();
                return true;
            }
            case LAST_ACK -> {
                socket().discard();
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void arriveData(Packet packet, long sequence) {
        TcpReceiver receiver = connection.receiver();
        switch (state()) {
            case ESTABLISHED -> receive(packet, sequence);
            case FIN_WAIT_1, FIN_WAIT_2 -> {
                boolean unwanted = socket().receiveShutdown() && sequence + packet.payloadLength > receiver.next();
                if (unwanted && socket().orphaned()) {
                    // Nobody will read it: RFC 9293, section 3.6.1.
                    reset(packet);
                    connection.fail(Errno.ECONNRESET);
                    return;
                }
                receive(packet, sequence);
            }
            case CLOSE_WAIT, CLOSING, LAST_ACK -> {
                // After the peer's FIN only what was sent before can come again.
                receiver.outside(sequence, sequence + packet.payloadLength);
                acknowledgeNow();
            }
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, TIME_WAIT -> {
                // No data is taken in these states.
            }
        }
    }

    private void receive(Packet packet, long sequence) {
        TcpReceiver receiver = connection.receiver();
        boolean news = receiver.arrive(packet, sequence);
        if (receiver.finReached() && !finProcessed) {
            finProcessed = true;
            if (arriveFin()) {
                return;
            }
        } else if (news) {
            socket().dataArrived();
        }
        if (!acknowledgesLater) {
            receiver.checkAcknowledgment();
        }
    }

    /** The peer's FIN is next in order. Answers whether the connection is over. */
    private boolean arriveFin() {
        socket().finReceived();
        acknowledgeNow();
        switch (state()) {
            case ESTABLISHED -> connection.state(TcpState.CLOSE_WAIT);
            case FIN_WAIT_1 -> connection.state(TcpState.CLOSING);
            case FIN_WAIT_2 -> {
                connection.enterTimeWait();
                return true;
            }
            default -> throw new IllegalStateException("FIN in state " + state());
        }
        int bits = Readiness.POLLIN | Readiness.POLLRDHUP;
        socket().wake(socket().sendShutdown() ? bits | Readiness.POLLHUP : bits);
        return false;
    }

    private void acknowledgeNow() {
        connection.receiver().acknowledgeSoon();
        connection.acknowledge();
    }

    private void answerInvalid(Packet packet) {
        if (packet.payloadLength == 0 && !packet.has(Packet.FIN)) {
            challenge();
        } else {
            acknowledgeNow();
        }
    }

    /** An acknowledgment that asks the peer to prove itself, at most every half second. */
    private void challenge() {
        long now = connection.nowNanos();
        if (now - lastInvalidAnswer >= TcpTimes.INVALID_RATE_LIMIT) {
            lastInvalidAnswer = now;
            acknowledgeNow();
        }
    }
}
