package dev.gnomon.network.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.TestNetwork;
import dev.gnomon.network.TransportSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UdpSocketTest {
    private static final int A = Ipv4.parse("11.0.0.1");
    private static final int B = Ipv4.parse("11.0.0.2");

    private final TestNetwork network = new TestNetwork(1, 1_000_000);
    private final HostNetwork a = network.host("11.0.0.1", 8_000_000);
    private final HostNetwork b = network.host("11.0.0.2", 8_000_000);
    private final Datagram information = new Datagram();
    private final byte[] buffer = new byte[70_000];

    private void settle() {
        network.runFor(10_000_000_000L);
    }

    private UdpSocket bound(HostNetwork host, int port) {
        UdpSocket socket = host.openUdp();
        assertThat(socket.bind(Ipv4.ANY, port)).isZero();
        return socket;
    }

    private int receive(UdpSocket socket) {
        return socket.receive(buffer, 0, buffer.length, false, information);
    }

    @Test
    void aDatagramArrivesWholeWithItsSource() {
        UdpSocket server = bound(b, 53);
        UdpSocket client = a.openUdp();
        assertThat(client.sendTo(new byte[] {1, 2, 3}, 1, 2, B, 53)).isEqualTo(2);
        assertThat(client.localPort()).isBetween(32_768, 60_999);
        assertThat(receive(server)).isEqualTo(-Errno.EAGAIN);
        settle();
        assertThat(server.readiness()).isEqualTo(Readiness.POLLIN | Readiness.POLLOUT);
        assertThat(server.receivableBytes()).isEqualTo(2);
        assertThat(server.receive(buffer, 0, 10, true, information)).isEqualTo(2);
        assertThat(receive(server)).isEqualTo(2);
        assertThat(buffer[0]).isEqualTo((byte) 2);
        assertThat(information.sourceAddress).isEqualTo(A);
        assertThat(information.sourcePort).isEqualTo(client.localPort());
        assertThat(information.destinationAddress).isEqualTo(B);
        assertThat(receive(server)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void whatDoesNotFitTheBufferIsLostAndTheFullLengthTold() {
        UdpSocket server = bound(b, 53);
        a.openUdp().sendTo(new byte[100], 0, 100, B, 53);
        settle();
        assertThat(server.receive(buffer, 0, 10, false, information)).isEqualTo(10);
        assertThat(information.fullLength).isEqualTo(100);
        assertThat(receive(server)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void anEmptyDatagramIsADatagram() {
        UdpSocket server = bound(b, 53);
        assertThat(a.openUdp().sendTo(buffer, 0, 0, B, 53)).isZero();
        settle();
        assertThat(server.readiness() & Readiness.POLLIN).isNotZero();
        assertThat(receive(server)).isZero();
        assertThat(information.sourcePort).isNotZero();
    }

    @Test
    void sizesBeyondTheProtocolAreRefused() {
        UdpSocket client = a.openUdp();
        assertThat(client.sendTo(buffer, 0, 65_508, B, 53)).isEqualTo(-Errno.EMSGSIZE);
        assertThat(client.sendTo(buffer, 0, 65_536, B, 53)).isEqualTo(-Errno.EMSGSIZE);
        assertThat(client.sendTo(buffer, 0, 65_507, B, 53)).isEqualTo(65_507);
        assertThat(client.sendTo(buffer, 0, 1, B, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(client.send(buffer, 0, 1)).isEqualTo(-Errno.EDESTADDRREQ);
    }

    @Test
    void aClosedPortRefusesAConnectedSocketOnly() {
        UdpSocket loose = a.openUdp();
        loose.sendTo(buffer, 0, 10, B, 99);
        UdpSocket client = a.openUdp();
        List<Integer> signals = new ArrayList<>();
        client.readinessListener((socket, bits) -> signals.add(bits));
        assertThat(client.connect(B, 99)).isZero();
        assertThat(client.send(buffer, 0, 10)).isEqualTo(10);
        settle();
        assertThat(signals).contains(Readiness.POLLERR);
        assertThat(client.readiness() & Readiness.POLLERR).isNotZero();
        assertThat(receive(client)).isEqualTo(-Errno.ECONNREFUSED);
        assertThat(receive(client)).isEqualTo(-Errno.EAGAIN);
        assertThat(loose.takeError()).isZero();
        client.send(buffer, 0, 10);
        settle();
        assertThat(client.send(buffer, 0, 10)).isEqualTo(-Errno.ECONNREFUSED);
        settle();
        assertThat(client.takeError()).isZero();
    }

    @Test
    void aConnectedSocketHearsOnlyItsPeer() {
        UdpSocket server = bound(b, 53);
        UdpSocket peer = bound(a, 1000);
        UdpSocket other = bound(a, 1001);
        assertThat(server.connect(A, 1000)).isZero();
        assertThat(server.connected()).isTrue();
        assertThat(server.localAddress()).isEqualTo(B);
        other.sendTo(buffer, 0, 5, B, 53);
        peer.sendTo(buffer, 0, 6, B, 53);
        settle();
        assertThat(receive(server)).isEqualTo(6);
        assertThat(receive(server)).isEqualTo(-Errno.EAGAIN);
        assertThat(server.disconnect()).isZero();
        assertThat(server.localPort()).isEqualTo(53);
        assertThat(server.localAddress()).isEqualTo(Ipv4.ANY);
    }

    @Test
    void theSendBufferHoldsWhatHasNotLeft() {
        UdpSocket client = a.openUdp();
        client.setSendBuffer(10_000);
        assertThat(client.sendBuffer()).isEqualTo(20_000);
        List<Integer> signals = new ArrayList<>();
        client.readinessListener((socket, bits) -> signals.add(bits));
        int sent = 0;
        int result;
        while ((result = client.sendTo(buffer, 0, 1472, B, 53)) >= 0) {
            assertThat(result).isEqualTo(1472);
            sent++;
        }
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        // Each counts for 2304 bytes, and the last may overshoot.
        assertThat(sent).isEqualTo(9);
        assertThat(client.unsentBytes()).isEqualTo(9 * 2304);
        assertThat(client.readiness() & Readiness.POLLOUT).isZero();
        network.runFor(8_000_000);
        assertThat(signals).contains(Readiness.POLLOUT);
        assertThat(client.readiness() & Readiness.POLLOUT).isNotZero();
    }

    @Test
    void aFullReceiveBufferDrops() {
        UdpSocket server = bound(b, 53);
        server.setReceiveBuffer(5000);
        UdpSocket client = a.openUdp();
        for (int i = 0; i < 20; i++) {
            client.sendTo(buffer, 0, 1, B, 53);
        }
        settle();
        assertThat(server.receivedCount()).isEqualTo(13); // 10000 / 768
        assertThat(server.datagramsDropped()).isEqualTo(7);
        assertThat(b.udp().datagramsDropped()).isEqualTo(7);
    }

    @Test
    void portsAreHeldAndReleased() {
        UdpSocket first = bound(a, 53);
        UdpSocket second = a.openUdp();
        assertThat(second.bind(Ipv4.LOOPBACK, 53)).isEqualTo(-Errno.EADDRINUSE);
        assertThat(second.bind(B, 54)).isEqualTo(-Errno.EADDRNOTAVAIL);
        assertThat(second.bind(Ipv4.ANY, 70_000)).isEqualTo(-Errno.EINVAL);
        first.close();
        assertThat(second.bind(Ipv4.LOOPBACK, 53)).isZero();
        assertThat(second.bind(Ipv4.LOOPBACK, 55)).isEqualTo(-Errno.EINVAL);
        UdpSocket third = a.openUdp();
        assertThat(third.bind(A, 53)).isZero();
    }

    @Test
    void everyEphemeralPortIsFoundAndThenNoneIsLeft() {
        for (int i = 32_768; i <= 60_999; i++) {
            assertThat(a.openUdp().bind(Ipv4.ANY, 0)).isZero();
        }
        assertThat(a.openUdp().bind(Ipv4.ANY, 0)).isEqualTo(-Errno.EADDRINUSE);
        assertThat(a.openUdp().sendTo(buffer, 0, 1, B, 9)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void aReusePortGroupSharesPeersAndEachPeerStays() {
        List<UdpSocket> group = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            UdpSocket socket = b.openUdp();
            assertThat(socket.bind(Ipv4.ANY, 53, false, true)).isZero();
            group.add(socket);
        }
        assertThat(b.openUdp().bind(Ipv4.ANY, 53)).isEqualTo(-Errno.EADDRINUSE);
        for (int i = 0; i < 60; i++) {
            UdpSocket client = a.openUdp();
            client.sendTo(buffer, 0, 1, B, 53);
            client.sendTo(buffer, 0, 1, B, 53);
        }
        settle();
        for (UdpSocket socket : group) {
            assertThat(socket.receivedCount()).isGreaterThan(10).isEven();
        }
    }

    @Test
    void broadcastAndMulticastHaveNoRoute() {
        UdpSocket client = a.openUdp();
        assertThat(client.sendTo(buffer, 0, 1, Ipv4.BROADCAST, 9)).isEqualTo(-Errno.EACCES);
        client.setBroadcast(true);
        assertThat(client.sendTo(buffer, 0, 1, Ipv4.BROADCAST, 9)).isEqualTo(-Errno.ENETUNREACH);
        assertThat(client.sendTo(buffer, 0, 1, Ipv4.parse("224.0.0.1"), 9)).isEqualTo(-Errno.ENETUNREACH);
    }

    @Test
    void shutdownEndsEachDirection() {
        UdpSocket client = a.openUdp();
        assertThat(client.shutdown(TransportSocket.SHUT_RD)).isEqualTo(-Errno.ENOTCONN);
        UdpSocket peer = a.openUdp();
        peer.connect(B, 53);
        assertThat(peer.shutdown(TransportSocket.SHUT_WR)).isZero();
        assertThat(peer.send(buffer, 0, 1)).isEqualTo(-Errno.EPIPE);
        assertThat(receive(peer)).isEqualTo(-Errno.EAGAIN);
        assertThat(peer.shutdown(TransportSocket.SHUT_RD)).isZero();
        assertThat(receive(peer)).isZero();
        assertThat(peer.readiness())
                .isEqualTo(Readiness.POLLIN | Readiness.POLLOUT | Readiness.POLLHUP | Readiness.POLLRDHUP);
    }

    @Test
    void loopbackHasItsOwnAddress() {
        UdpSocket server = bound(a, 53);
        UdpSocket client = a.openUdp();
        client.connect(Ipv4.ANY, 53);
        assertThat(client.remoteAddress()).isEqualTo(Ipv4.LOOPBACK);
        assertThat(client.localAddress()).isEqualTo(Ipv4.LOOPBACK);
        client.send(buffer, 0, 60_000);
        network.runFor(0);
        assertThat(receive(server)).isEqualTo(60_000);
        assertThat(information.sourceAddress).isEqualTo(Ipv4.LOOPBACK);
    }
}
