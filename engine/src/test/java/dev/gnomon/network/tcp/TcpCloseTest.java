package dev.gnomon.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.RawPeer;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.TestNetwork;
import dev.gnomon.network.TransportSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpCloseTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final int B = Ipv4.parse("11.0.0.2");

    private final TestNetwork network = new TestNetwork(1, 10 * MILLISECOND);
    private final HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
    private final HostNetwork b = network.host("11.0.0.2", 1_000_000_000);
    private final byte[] buffer = new byte[10_000];
    private TcpSocket listener;
    private TcpSocket client;
    private TcpSocket server;

    @BeforeEach
    void connect() {
        listener = b.openTcp();
        listener.bind(Ipv4.ANY, 80, true, false);
        listener.listen(5);
        open();
    }

    private void open() {
        client = a.openTcp();
        client.connect(B, 80);
        settle();
        server = listener.accept();
    }

    private void settle() {
        network.runFor(200 * MILLISECOND);
    }

    @Test
    void theOrderlyCloseGoesThroughItsStates() {
        client.shutdown(TransportSocket.SHUT_WR);
        assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_1);
        assertThat(client.send(buffer, 0, 1, false)).isEqualTo(-Errno.EPIPE);
        settle();
        assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_2);
        assertThat(server.state()).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(server.readiness()).isEqualTo(Readiness.POLLIN | Readiness.POLLRDHUP | Readiness.POLLOUT);
        assertThat(server.receive(buffer, 0, 10, false)).isZero();
        // The other half stays open.
        assertThat(server.send(buffer, 0, 5000, false)).isEqualTo(5000);
        settle();
        assertThat(client.receivableBytes()).isEqualTo(5000);
        server.close();
        assertThat(server.state()).isEqualTo(TcpState.LAST_ACK);
        settle();
        assertThat(server.state()).isEqualTo(TcpState.CLOSED);
        assertThat(client.state()).as("TIME_WAIT is no longer the socket's").isEqualTo(TcpState.CLOSED);
        assertThat(client.readiness())
                .isEqualTo(Readiness.POLLIN | Readiness.POLLOUT | Readiness.POLLHUP | Readiness.POLLRDHUP);
        assertThat(client.receive(buffer, 0, 10_000, false)).isEqualTo(5000);
        assertThat(client.receive(buffer, 0, 10_000, false)).isZero();
        assertThat(a.tcp().connectionCount()).isEqualTo(1);
        assertThat(b.tcp().connectionCount()).isZero();
        client.close();
        network.runFor(59 * SECOND);
        assertThat(a.tcp().connectionCount()).isEqualTo(1);
        network.runFor(2 * SECOND);
        assertThat(a.tcp().connectionCount()).isZero();
    }

    @Test
    void bothMayCloseAtOnce() {
        client.shutdown(TransportSocket.SHUT_WR);
        server.shutdown(TransportSocket.SHUT_WR);
        network.runFor(12 * MILLISECOND);
        assertThat(client.state()).isEqualTo(TcpState.CLOSING);
        assertThat(server.state()).isEqualTo(TcpState.CLOSING);
        settle();
        assertThat(a.tcp().connectionCount()).as("both in TIME_WAIT").isEqualTo(1);
        assertThat(b.tcp().connectionCount()).isEqualTo(1);
        network.runFor(61 * SECOND);
        assertThat(a.tcp().connectionCount()).isZero();
        assertThat(b.tcp().connectionCount()).isZero();
    }

    @Test
    void closingWithUnreadDataResets() {
        client.send(buffer, 0, 100, false);
        settle();
        server.close();
        settle();
        assertThat(client.takeError()).isEqualTo(Errno.ECONNRESET);
        assertThat(client.state()).isEqualTo(TcpState.CLOSED);
        assertThat(a.tcp().connectionCount() + b.tcp().connectionCount()).isZero();
    }

    @Test
    void aResetIsReportedOnceAfterTheDataBeforeIt() {
        server.send(buffer, 0, 100, false);
        settle();
        server.setLinger(0);
        server.close();
        settle();
        assertThat(client.receive(buffer, 0, 1000, false)).isEqualTo(100);
        assertThat(client.receive(buffer, 0, 1000, false)).isEqualTo(-Errno.ECONNRESET);
        assertThat(client.receive(buffer, 0, 1000, false)).isZero();
        assertThat(client.send(buffer, 0, 1, false)).isEqualTo(-Errno.EPIPE);
        assertThat(client.connected()).isFalse();
    }

    @Test
    void dataAfterTheProgramHasGoneIsReset() {
        client.close();
        settle();
        assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_2);
        assertThat(server.send(buffer, 0, 10, false)).isEqualTo(10);
        settle();
        assertThat(server.takeError()).isEqualTo(Errno.EPIPE);
        assertThat(a.tcp().connectionCount()).isZero();
    }

    @Test
    void anOrphanWaitsAMinuteForTheOtherFin() {
        client.close();
        network.runFor(59 * SECOND);
        assertThat(a.tcp().connectionCount()).isEqualTo(1);
        network.runFor(2 * SECOND);
        assertThat(a.tcp().connectionCount()).isZero();
    }

    @Test
    void whatIsQueuedIsSentBeforeTheFin() {
        client.send(new byte[50_000], 0, 50_000, false);
        client.close();
        long received = 0;
        for (int i = 0; i < 100; i++) {
            network.runFor(20 * MILLISECOND);
            int length;
            while ((length = server.receive(buffer, 0, buffer.length, false)) > 0) {
                received += length;
            }
            if (length == 0) {
                break;
            }
        }
        assertThat(received).isEqualTo(50_000);
        assertThat(server.state()).isEqualTo(TcpState.CLOSE_WAIT);
    }

    @Test
    void aListenerThatClosesResetsWhoWaits() {
        TcpSocket waiting = a.openTcp();
        waiting.connect(B, 80);
        settle();
        assertThat(waiting.state()).isEqualTo(TcpState.ESTABLISHED);
        listener.close();
        settle();
        assertThat(waiting.takeError()).isEqualTo(Errno.ECONNRESET);
        assertThat(client.state()).as("who was accepted stays").isEqualTo(TcpState.ESTABLISHED);
        TcpSocket late = a.openTcp();
        late.connect(B, 80);
        settle();
        assertThat(late.takeError()).isEqualTo(Errno.ECONNREFUSED);
    }

    @Test
    void aServerRestartsDespiteTimeWaitOnlyWithReuse() {
        server.close();
        settle();
        client.close();
        settle();
        listener.close();
        assertThat(b.tcp().connectionCount()).isEqualTo(1);
        assertThat(b.openTcp().bind(Ipv4.ANY, 80, false, false)).isEqualTo(-Errno.EADDRINUSE);
        TcpSocket again = b.openTcp();
        assertThat(again.bind(Ipv4.ANY, 80, true, false)).isZero();
        assertThat(again.listen(1)).isZero();
    }

    @Test
    void aNewSynReplacesTimeWait() {
        int port = client.localPort();
        server.close();
        settle();
        client.close();
        settle();
        assertThat(b.tcp().connectionCount()).isEqualTo(1);
        TcpSocket again = a.openTcp();
        assertThat(again.bind(Ipv4.ANY, port)).isZero();
        again.connect(B, 80);
        settle();
        assertThat(again.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(listener.accept()).isNotNull();
        assertThat(b.tcp().connectionCount()).isEqualTo(1);
    }

    @Test
    void anOutgoingConnectionAvoidsItsPlacesInTimeWait() {
        int port = client.localPort();
        client.close();
        settle();
        server.close();
        settle();
        assertThat(a.tcp().connectionCount()).isEqualTo(1);
        TcpSocket again = a.openTcp();
        assertThat(again.bind(Ipv4.ANY, port, true, false)).isEqualTo(-Errno.EADDRINUSE);
        TcpSocket elsewhere = a.openTcp();
        elsewhere.connect(B, 80);
        assertThat(elsewhere.localPort()).isNotEqualTo(port);
    }

    @Test
    void aFinThatComesEarlyWaitsItsTurn() {
        TcpSocket local = a.openTcp();
        local.bind(Ipv4.ANY, 90);
        local.listen(1);
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 5000, 90);
        peer.send(Packet.SYN, 100, 0);
        int theirs = peer.expect().sequence + 1;
        peer.send(Packet.ACK, 101, theirs);
        TcpSocket accepted = local.accept();
        Packet last = peer.data(106, theirs, 5, 6);
        last.flags |= Packet.FIN;
        peer.send(last);
        assertThat(peer.expect().acknowledgment).isEqualTo(101);
        assertThat(accepted.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(accepted.receivableBytes()).isZero();
        peer.send(peer.data(101, theirs, 5, 1));
        assertThat(peer.expect().acknowledgment).isEqualTo(112);
        assertThat(accepted.state()).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(accepted.receive(buffer, 0, 100, false)).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            assertThat(buffer[i]).isEqualTo((byte) (i + 1));
        }
        assertThat(accepted.receive(buffer, 0, 100, false)).isZero();
    }

    @Test
    void timeWaitTellsOldFromNewByTheSequenceNumber() {
        TcpSocket local = a.openTcp();
        local.bind(Ipv4.ANY, 90);
        local.listen(1);
        int before = a.tcp().connectionCount();
        RawPeer peer = new RawPeer(network, a, "11.0.0.9", 5000, 90);
        peer.send(Packet.SYN, 100, 0);
        int theirs = peer.expect().sequence + 1;
        peer.send(Packet.ACK, 101, theirs);
        local.accept().close();
        assertThat(peer.expect().has(Packet.FIN)).isTrue();
        peer.send(Packet.FIN | Packet.ACK, 101, theirs + 1);
        assertThat(peer.expect().acknowledgment).isEqualTo(102);
        network.runFor(50 * SECOND);
        peer.send(Packet.FIN | Packet.ACK, 101, theirs + 1);
        Packet again = peer.expect();
        assertThat(again.flags).isEqualTo(Packet.ACK);
        assertThat(again.sequence).isEqualTo(theirs + 1);
        network.runFor(50 * SECOND);
        assertThat(a.tcp().connectionCount())
                .as("the repeated FIN starts the minute anew")
                .isEqualTo(before + 1);
        peer.send(Packet.SYN, 50, 0);
        Packet answer = peer.expect();
        assertThat(answer.flags).as("an old SYN").isEqualTo(Packet.ACK);
        assertThat(answer.acknowledgment).isEqualTo(102);
        peer.send(Packet.SYN, 5000, 0);
        Packet accepted = peer.expect();
        assertThat(accepted.flags).as("a new one").isEqualTo(Packet.SYN | Packet.ACK);
        assertThat(accepted.acknowledgment).isEqualTo(5001);
        assertThat(accepted.sequence - theirs)
                .as("beyond all that was sent before")
                .isPositive();
        assertThat(a.tcp().connectionCount()).isEqualTo(before + 1);
    }

    @Test
    void disconnectingMakesTheSocketNew() {
        assertThat(client.disconnect()).isZero();
        settle();
        assertThat(server.takeError()).isEqualTo(Errno.ECONNRESET);
        assertThat(client.readiness()).isEqualTo(Readiness.POLLOUT | Readiness.POLLHUP);
        assertThat(client.connect(B, 80)).isEqualTo(-Errno.EINPROGRESS);
        settle();
        assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void shutdownOfReadingLetsDataStillBeRead() {
        server.send(buffer, 0, 10, false);
        settle();
        client.shutdown(TransportSocket.SHUT_RD);
        assertThat(client.receive(buffer, 0, 100, false)).isEqualTo(10);
        assertThat(client.receive(buffer, 0, 100, false)).isZero();
        assertThat(client.shutdown(7)).isEqualTo(-Errno.EINVAL);
        assertThat(a.openTcp().shutdown(TransportSocket.SHUT_WR)).isEqualTo(-Errno.ENOTCONN);
    }
}
