package dev.gnomon.network.tcp;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Packet;

/** How a connection is opened: the SYN and its repetitions, and what both sides' SYNs agree on. */
final class Handshake {
    private static final int DEFAULT_PEER_SEGMENT = TcpConnection.DEFAULT_SEGMENT;
    private static final int SMALLEST_PEER_SEGMENT = 88;
    private static final int LARGEST_ADVERTISED_SEGMENT = 65_495;
    private static final int LARGEST_SCALE = 14;
    private static final int LARGEST_WINDOW = 0xffff;
    private static final int MOST_DOUBLINGS = 10;
    private static final int HEADER_BYTES = 40;

    private final TcpConnection connection;
    private final TcpSocket socket;
    private final HostNetwork network;
    private final int ownScale;

    private boolean peerSack;
    private int peerScale = -1;
    private int peerSegment = DEFAULT_PEER_SEGMENT;

    private int retries;
    private long synSentAt;
    private boolean synResent;
    private boolean answeredWithoutData;

    Handshake(TcpConnection connection, TcpSocket socket) {
        this.connection = connection;
        this.socket = socket;
        this.network = socket.network();
        // The largest buffer that may come must fit into sixteen bits: tcp_select_initial_window.
        int largest = Math.max(socket.receiveBuffer(), TcpReceiver.LARGEST_BUFFER);
        this.ownScale = Math.min(LARGEST_SCALE, Math.max(0, 16 - Integer.numberOfLeadingZeros(largest)));
    }

    /** How far the peer's windows are shifted; negative where it does not scale. */
    int peerScale() {
        return peerScale;
    }

    /** Takes over what the peer's SYN offers. */
    void learn(Packet syn) {
        peerSack = syn.sackPermitted;
        peerScale = syn.windowScale >= 0 ? Math.min(syn.windowScale, LARGEST_SCALE) : -1;
        peerSegment = syn.maximumSegmentSize != 0
                ? Math.max(syn.maximumSegmentSize, SMALLEST_PEER_SEGMENT)
                : DEFAULT_PEER_SEGMENT;
    }

    private int advertisedSegment() {
        int unit = network.route(socket.remoteAddress()).maximumTransmissionUnit();
        return socket.options().limitedSegment(Math.min(unit - HEADER_BYTES, LARGEST_ADVERTISED_SEGMENT));
    }

    private int synWindow() {
        return Math.min(LARGEST_WINDOW, socket.receiveBuffer());
    }

    /** Sends the SYN, or the SYN that answers the peer's, and waits for an answer. */
    void sendSyn() {
        boolean answer = connection.state() == TcpState.SYN_RECEIVED;
        Packet packet = connection.newSyn(answer);
        packet.maximumSegmentSize = advertisedSegment();
        packet.window = synWindow();
        packet.windowScale = !answer || peerScale >= 0 ? ownScale : -1;
        packet.sackPermitted = !answer || peerSack;
        connection.timestamps().fill(packet, network.nowNanos(), answer);
        if (retries == 0) {
            synSentAt = network.nowNanos();
        } else {
            synResent = true;
        }
        connection
                .retransmissionTimer()
                .armIn(Math.min(
                        TcpTimes.INITIAL_TIMEOUT << Math.min(retries, MOST_DOUBLINGS), TcpTimes.MAXIMUM_TIMEOUT));
        socket.emit(packet);
    }

    /** Both sides opened at once (RFC 9293, section 3.5): the answer is counted anew. */
    void startAgain() {
        retries = 0;
        sendSyn();
    }

    /** No answer has come in time. */
    void timedOut(int mostRetries) {
        long userTimeout = socket.options().userTimeoutNanos();
        boolean late = userTimeout > 0 && network.nowNanos() - synSentAt >= userTimeout;
        if (retries >= mostRetries || late) {
            connection.handshakeTimedOut();
            return;
        }
        retries++;
        if (answeredWithoutData && awaitsData()) {
            // The peer has answered and only its data is awaited: nothing to repeat yet.
            connection.retransmissionTimer().armIn(TcpTimes.INITIAL_TIMEOUT << retries);
            return;
        }
        sendSyn();
    }

    /** Whether TCP_DEFER_ACCEPT still holds the connection back. */
    private boolean awaitsData() {
        return network.nowNanos() - synSentAt < connection.listener().deferAcceptNanos();
    }

    /** Whether the third segment of the handshake has to wait for data. */
    boolean defers(Packet packet) {
        if (connection.listener().deferAcceptNanos() > 0
                && packet.payloadLength == 0
                && !packet.has(Packet.FIN)
                && awaitsData()) {
            answeredWithoutData = true;
            return true;
        }
        return false;
    }

    /** From the SYN to its answer; negative where it was sent more than once, so that nobody knows. */
    long roundTripNanos() {
        return synResent ? -1 : network.nowNanos() - synSentAt;
    }

    /** A window of the third segment, which unlike those of SYNs is scaled. */
    long scaled(int window) {
        return peerScale >= 0 ? (long) window << peerScale : window;
    }

    private int optionBytes() {
        return connection.timestamps().inUse() ? Packet.TIMESTAMPS_OPTION_BYTES : 0;
    }

    TcpSender newSender() {
        return new TcpSender(
                connection,
                peerSack,
                Math.max(0, peerScale),
                Math.min(peerSegment, advertisedSegment()) - optionBytes(),
                network.isLocal(socket.remoteAddress()));
    }

    TcpReceiver newReceiver() {
        return new TcpReceiver(
                connection, peerSack, peerScale >= 0 ? ownScale : 0, advertisedSegment() - optionBytes(), synWindow());
    }
}
