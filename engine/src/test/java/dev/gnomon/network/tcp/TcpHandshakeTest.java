package dev.gnomon.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.RawPeer;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.TestNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpHandshakeTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final int A = Ipv4.parse("11.0.0.1");
    private static final int B = Ipv4.parse("11.0.0.2");

    private final TestNetwork network = new TestNetwork(1, 10 * MILLISECOND);
    private final HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
    private final HostNetwork b = network.host("11.0.0.2", 1_000_000_000);

    private static TcpSocket listen(HostNetwork host, int port, int backlog) {
        TcpSocket listener = host.openTcp();
        assertThat(listener.bind(Ipv4.ANY, port)).isZero();
        assertThat(listener.listen(backlog)).isZero();
        return listener;
    }

    @Test
    void aFreshSocketIsAsLinuxShowsIt() {
        TcpSocket socket = a.openTcp();
        assertThat(socket.readiness()).isEqualTo(Readiness.POLLOUT | Readiness.POLLHUP);
        assertThat(socket.receive(new byte[1], 0, 1, false)).isEqualTo(-Errno.ENOTCONN);
        assertThat(socket.send(new byte[1], 0, 1, false)).isEqualTo(-Errno.EPIPE);
        assertThat(socket.connected()).isFalse();
    }

    @Test
    void connectingGoesThroughTheAnswersOfConnect() {
        TcpSocket listener = listen(b, 80, 5);
        TcpSocket client = a.openTcp();
        List<Integer> signals = new ArrayList<>();
        List<Integer> listenerSignals = new ArrayList<>();
        client.readinessListener((socket, bits) -> signals.add(bits));
        listener.readinessListener((socket, bits) -> listenerSignals.add(bits));
        assertThat(client.connect(B, 80)).isEqualTo(-Errno.EINPROGRESS);
        assertThat(client.connect(B, 80)).isEqualTo(-Errno.EALREADY);
        assertThat(client.state()).isEqualTo(TcpState.SYN_SENT);
        assertThat(client.readiness()).isZero();
        assertThat(client.send(new byte[1], 0, 1, false)).isEqualTo(-Errno.EAGAIN);
        assertThat(client.receive(new byte[1], 0, 1, false)).isEqualTo(-Errno.EAGAIN);
        assertThat(listener.accept()).isNull();
        network.runFor(100 * MILLISECOND);
        assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(signals).containsExactly(Readiness.POLLOUT);
        assertThat(client.readiness()).isEqualTo(Readiness.POLLOUT);
        assertThat(client.connect(B, 80)).isZero();
        assertThat(client.connect(B, 80)).isEqualTo(-Errno.EISCONN);
        assertThat(listenerSignals).containsExactly(Readiness.POLLIN);
        assertThat(listener.readiness()).isEqualTo(Readiness.POLLIN);
        TcpSocket server = listener.accept();
        assertThat(listener.readiness()).isZero();
        assertThat(server.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(server.remoteAddress()).isEqualTo(A);
        assertThat(server.remotePort()).isEqualTo(client.localPort());
        assertThat(server.localAddress()).isEqualTo(B);
        assertThat(client.localAddress()).isEqualTo(A);
        assertThat(client.localPort() % 2).as("outgoing ports are even").isZero();
    }

    @Test
    void aClosedPortRefuses() {
        TcpSocket client = a.openTcp();
        List<Integer> signals = new ArrayList<>();
        client.readinessListener((socket, bits) -> signals.add(bits));
        client.connect(B, 81);
        network.runFor(100 * MILLISECOND);
        assertThat(signals).hasSize(1);
        assertThat(client.readiness())
                .isEqualTo(Readiness.POLLIN
                        | Readiness.POLLOUT
                        | Readiness.POLLERR
                        | Readiness.POLLHUP
                        | Readiness.POLLRDHUP);
        assertThat(client.connect(B, 81)).isEqualTo(-Errno.ECONNREFUSED);
        listen(b, 81, 1);
        assertThat(client.connect(B, 81)).as("the socket may try again").isEqualTo(-Errno.EINPROGRESS);
        network.runFor(100 * MILLISECOND);
        assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void anErrorMayBeTakenByTheOption() {
        TcpSocket client = a.openTcp();
        client.connect(B, 81);
        network.runFor(100 * MILLISECOND);
        assertThat(client.takeError()).isEqualTo(Errno.ECONNREFUSED);
        assertThat(client.takeError()).isZero();
        assertThat(client.connect(B, 81)).isEqualTo(-Errno.ECONNABORTED);
    }

    @Test
    void theSynIsRepeatedAsLinuxDoesAndThenGivenUp() {
        List<Long> times = new ArrayList<>();
        network.path((carrier, packet) -> times.add(network.now() / MILLISECOND));
        TcpSocket client = a.openTcp();
        client.connect(Ipv4.parse("11.0.0.99"), 80);
        network.runFor(126 * SECOND);
        assertThat(client.state()).isEqualTo(TcpState.SYN_SENT);
        network.runFor(2 * SECOND);
        assertThat(times).containsExactly(0L, 1000L, 3000L, 7000L, 15_000L, 31_000L, 63_000L);
        assertThat(client.takeError()).isEqualTo(Errno.ETIMEDOUT);
        assertThat(client.state()).isEqualTo(TcpState.CLOSED);
        assertThat(a.tcp().connectionCount()).isZero();
    }

    @Test
    void theAnswerToASynIsRepeatedAndThenForgotten() {
        TcpSocket listener = listen(a, 80, 1);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 5000, 80);
        peer.send(Packet.SYN, 100, 0);
        peer.expect();
        List<Long> times = new ArrayList<>();
        network.path((carrier, packet) -> times.add(network.now() / MILLISECOND));
        network.runFor(100 * SECOND);
        assertThat(times).containsExactly(1000L, 3000L, 7000L, 15_000L, 31_000L);
        assertThat(a.tcp().connectionCount()).isZero();
        assertThat(listener.accept()).isNull();
    }

    @Test
    void bothMayOpenAtOnce() {
        TcpSocket one = a.openTcp();
        TcpSocket two = b.openTcp();
        one.bind(Ipv4.ANY, 1000);
        two.bind(Ipv4.ANY, 2000);
        assertThat(one.connect(B, 2000)).isEqualTo(-Errno.EINPROGRESS);
        assertThat(two.connect(A, 1000)).isEqualTo(-Errno.EINPROGRESS);
        network.runFor(15 * MILLISECOND);
        assertThat(one.state()).isEqualTo(TcpState.SYN_RECEIVED);
        network.runFor(500 * MILLISECOND);
        assertThat(one.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(two.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(one.send(new byte[] {1, 2, 3}, 0, 3, false)).isEqualTo(3);
        assertThat(two.send(new byte[] {4, 5}, 0, 2, false)).isEqualTo(2);
        network.runFor(500 * MILLISECOND);
        assertThat(two.receivableBytes()).isEqualTo(3);
        assertThat(one.receivableBytes()).isEqualTo(2);
    }

    @Test
    void aSocketMayConnectToItself() {
        TcpSocket socket = a.openTcp();
        socket.bind(Ipv4.LOOPBACK, 4000);
        assertThat(socket.connect(Ipv4.LOOPBACK, 4000)).isEqualTo(-Errno.EINPROGRESS);
        network.runFor(SECOND);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        socket.send(new byte[] {9}, 0, 1, false);
        network.runFor(SECOND);
        byte[] got = new byte[2];
        assertThat(socket.receive(got, 0, 2, false)).isEqualTo(1);
        assertThat(got[0]).isEqualTo((byte) 9);
    }

    @Test
    void aFullAcceptQueueDropsSynsAndTheClientComesThroughLater() {
        TcpSocket listener = listen(b, 80, 1);
        List<TcpSocket> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TcpSocket client = a.openTcp();
            client.connect(B, 80);
            clients.add(client);
            network.runFor(100 * MILLISECOND);
        }
        assertThat(clients.get(0).state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(clients.get(1).state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(clients.get(2).state()).isEqualTo(TcpState.SYN_SENT);
        assertThat(clients.get(3).state()).isEqualTo(TcpState.SYN_SENT);
        assertThat(listener.accept()).isNotNull();
        assertThat(listener.accept()).isNotNull();
        assertThat(listener.accept()).isNull();
        network.runFor(10 * SECOND);
        assertThat(clients.get(2).state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(clients.get(3).state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void sequenceNumbersMayWrap() {
        // The SYN takes the last number of all, and the timestamps wrap a little later.
        a.tcp().initialSequences(constant(-1, -50));
        b.tcp().initialSequences(constant(-1000, -100));
        TcpSocket listener = listen(b, 80, 1);
        TcpSocket client = a.openTcp();
        client.bind(Ipv4.ANY, 1000);
        client.connect(B, 80);
        network.runFor(100 * MILLISECOND);
        assertThat(network.transmitted().get(0).sequence).isEqualTo(-1);
        TcpSocket server = listener.accept();
        client.send(new byte[3000], 0, 3000, false);
        server.send(new byte[2000], 0, 2000, false);
        network.runFor(SECOND);
        assertThat(server.receivableBytes()).isEqualTo(3000);
        assertThat(client.receivableBytes()).isEqualTo(2000);
        assertThat(client.unsentBytes()).isZero();
    }

    private static InitialSequences constant(int sequence, int timestampOffset) {
        return new InitialSequences() {
            @Override
            public int sequence(int localAddress, int localPort, int remoteAddress, int remotePort, long nowNanos) {
                return sequence;
            }

            @Override
            public int timestampOffset(int localAddress, int remoteAddress) {
                return timestampOffset;
            }
        };
    }

    @Test
    void optionsAreOfferedAndOnlyUsedWhereThePeerHasThem() {
        TcpSocket client = a.openTcp();
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 80, 0);
        client.bind(Ipv4.ANY, 1000);
        peer = new RawPeer(network, a, "11.0.0.9", 80, 1000);
        client.connect(Ipv4.parse("11.0.0.9"), 80);
        Packet syn = peer.expect();
        assertThat(syn.maximumSegmentSize).isEqualTo(1460);
        assertThat(syn.sackPermitted).isTrue();
        assertThat(syn.timestamps).isTrue();
        assertThat(syn.windowScale).isEqualTo(10);
        assertThat(syn.window).isEqualTo(65_535);
        Packet answer = peer.segment(Packet.SYN | Packet.ACK, 500, syn.sequence + 1);
        answer.maximumSegmentSize = 1000;
        peer.send(answer);
        Packet acknowledgment = peer.expect();
        assertThat(acknowledgment.timestamps).isFalse();
        assertThat(acknowledgment.acknowledgment).isEqualTo(501);
        assertThat(acknowledgment.window).as("not scaled").isEqualTo(65_535);
        client.send(new byte[2500], 0, 2500, false);
        assertThat(peer.expect().payloadLength).isEqualTo(1000);
        assertThat(peer.expect().payloadLength).isEqualTo(1000);
    }

    @Test
    void aWrongAnswerToTheSynIsResetAndTheRightOneStillCounts() {
        TcpSocket client = a.openTcp();
        client.bind(Ipv4.ANY, 1000);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 80, 1000);
        client.connect(Ipv4.parse("11.0.0.9"), 80);
        Packet syn = peer.expect();
        peer.send(Packet.SYN | Packet.ACK, 500, syn.sequence + 7);
        Packet reset = peer.expect();
        assertThat(reset.flags).isEqualTo(Packet.RST);
        assertThat(reset.sequence).isEqualTo(syn.sequence + 7);
        peer.send(Packet.RST | Packet.ACK, 0, syn.sequence);
        assertThat(client.state()).as("a reset that acknowledges nothing").isEqualTo(TcpState.SYN_SENT);
        peer.send(Packet.SYN | Packet.ACK, 500, syn.sequence + 1);
        assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void aListenerAnswersWhatItCannotKnow() {
        listen(a, 80, 1);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 5000, 80);
        peer.send(Packet.ACK, 1, 77);
        Packet reset = peer.expect();
        assertThat(reset.flags).isEqualTo(Packet.RST);
        assertThat(reset.sequence).isEqualTo(77);
        peer.send(Packet.RST, 1, 0);
        peer.expectNothing();
    }

    @Test
    void aSynThatIsRepeatedIsAnsweredAgain() {
        TcpSocket listener = listen(a, 80, 1);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 5000, 80);
        peer.send(Packet.SYN, 100, 0);
        Packet first = peer.expect();
        peer.send(Packet.SYN, 100, 0);
        Packet second = peer.expect();
        assertThat(second.flags).isEqualTo(Packet.SYN | Packet.ACK);
        assertThat(second.sequence).isEqualTo(first.sequence);
        peer.send(Packet.ACK, 101, first.sequence + 1);
        assertThat(listener.accept()).isNotNull();
    }

    @Test
    void deferredAcceptWaitsForData() {
        TcpSocket listener = a.openTcp();
        listener.bind(Ipv4.ANY, 80);
        listener.options().setDeferAccept(30);
        listener.listen(1);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 5000, 80);
        peer.send(Packet.SYN, 100, 0);
        Packet answer = peer.expect();
        peer.send(Packet.ACK, 101, answer.sequence + 1);
        assertThat(listener.accept()).isNull();
        peer.send(peer.data(101, answer.sequence + 1, 5, 1));
        TcpSocket server = listener.accept();
        assertThat(server).isNotNull();
        assertThat(server.receivableBytes()).isEqualTo(5);
    }

    @Test
    void icmpEndsAnAttemptButNotAConnection() {
        TcpSocket client = a.openTcp();
        client.bind(Ipv4.ANY, 1000);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 80, 1000);
        client.connect(Ipv4.parse("11.0.0.9"), 80);
        Packet syn = peer.expect();
        a.arrive(dev.gnomon.network.icmp.IcmpMessages.unreachable(Ipv4.parse("11.0.0.9"), syn, 1));
        assertThat(client.takeError()).isEqualTo(Errno.EHOSTUNREACH);
    }

    @Test
    void listenersNeedAPlaceOfTheirOwn() {
        TcpSocket first = a.openTcp();
        TcpSocket second = a.openTcp();
        assertThat(first.bind(Ipv4.ANY, 80, true, false)).isZero();
        assertThat(second.bind(Ipv4.ANY, 80, true, false)).isZero();
        assertThat(first.listen(1)).isZero();
        assertThat(second.listen(1)).isEqualTo(-Errno.EADDRINUSE);
        assertThat(a.openTcp().bind(Ipv4.LOOPBACK, 80, true, false)).isEqualTo(-Errno.EADDRINUSE);
        assertThat(first.listen(7)).as("the backlog may change").isZero();
        TcpSocket unbound = a.openTcp();
        assertThat(unbound.listen(1)).isZero();
        assertThat(unbound.localPort() % 2).as("bound ports are odd").isEqualTo(1);
        assertThat(first.connect(B, 1)).isEqualTo(-Errno.EISCONN);
    }
}
