package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterfaceTest {
    private static final long MILLISECOND = 1_000_000L;
    private final TestNetwork network = new TestNetwork(1, MILLISECOND);
    private final List<Long> arrivals = new ArrayList<>();

    private UdpSocket receiver(HostNetwork host) {
        UdpSocket socket = host.openUdp();
        socket.bind(Ipv4.ANY, 9);
        Datagram information = new Datagram();
        byte[] buffer = new byte[65_536];
        socket.readinessListener((ready, bits) -> {
            while (socket.receive(buffer, 0, buffer.length, false, information) >= 0) {
                arrivals.add(network.now());
            }
        });
        return socket;
    }

    private static void send(HostNetwork from, UdpSocket socket, HostNetwork to, int bytes) {
        assertThat(socket.sendTo(new byte[bytes], 0, bytes, to.configuration().address(), 9))
                .isEqualTo(bytes);
    }

    @Test
    void packetsBackToBackTakeExactlyTheirTime() {
        // 1028 bytes at 7 Mbit/s take 1174857.142857... ns: the fraction must not be lost.
        HostNetwork a = network.host("11.0.0.1", 7_000_000);
        HostNetwork b = network.host("11.0.0.2", 0);
        receiver(b);
        UdpSocket socket = a.openUdp();
        for (int i = 0; i < 70; i++) {
            send(a, socket, b, 1000);
        }
        network.runToIdle(Long.MAX_VALUE);
        assertThat(arrivals).hasSize(70);
        for (int i = 0; i < 70; i++) {
            assertThat(arrivals.get(i)).isEqualTo(MILLISECOND + (i + 1) * 1028L * 8 * 1_000_000_000 / 7_000_000);
        }
        assertThat(a.external().bytesSent()).isEqualTo(70 * 1028);
        assertThat(b.external().packetsReceived()).isEqualTo(70);
    }

    @Test
    void aFragmentedDatagramTakesTheTimeOfItsFragments() {
        HostNetwork a = network.host("11.0.0.1", 8_000_000);
        HostNetwork b = network.host("11.0.0.2", 0);
        receiver(b);
        send(a, a.openUdp(), b, 3000);
        network.runToIdle(Long.MAX_VALUE);
        assertThat(arrivals).containsExactly(MILLISECOND + (3028 + 2 * 20) * 1000L);
    }

    @Test
    void nothingTakesTimeBeforeBootstrapEnds() {
        network.bandwidthUnlimitedUntil = MILLISECOND;
        HostNetwork a = network.host("11.0.0.1", 8_000);
        HostNetwork b = network.host("11.0.0.2", 8_000);
        receiver(b);
        UdpSocket socket = a.openUdp();
        for (int i = 0; i < 10; i++) {
            send(a, socket, b, 1000);
        }
        network.runToIdle(Long.MAX_VALUE);
        // Arrival is at 1 ms, where the receiving rate applies: one at once, then one in 1028 ms each, less one MTU
        // credit.
        assertThat(a.external().packetsSent()).isEqualTo(10);
        assertThat(network.transmitted()).hasSize(10);
        assertThat(arrivals.get(0)).isEqualTo(MILLISECOND);
    }

    @Test
    void roundRobinGivesEachSocketItsTurnAndFifoDoesNot() {
        assertThat(orderOfPorts(QueueDisciplineKind.FIFO)).containsExactly(1, 1, 1, 1, 2, 2);
        assertThat(orderOfPorts(QueueDisciplineKind.ROUND_ROBIN)).containsExactly(1, 1, 2, 1, 2, 1);
    }

    private static List<Integer> orderOfPorts(QueueDisciplineKind kind) {
        TestNetwork network = new TestNetwork(1, 0);
        HostNetwork a = network.host(new NetworkConfiguration(
                Ipv4.parse("11.0.0.1"), "a", 8_000_000, 8_000_000, 0, kind, 200_000, 200_000, true, true));
        HostNetwork b = network.host("11.0.0.2", 0);
        UdpSocket first = a.openUdp();
        first.bind(Ipv4.ANY, 1);
        UdpSocket second = a.openUdp();
        second.bind(Ipv4.ANY, 2);
        for (int i = 0; i < 4; i++) {
            send(a, first, b, 100);
        }
        send(a, second, b, 100);
        send(a, second, b, 100);
        network.runFor(MILLISECOND * 10);
        List<Integer> ports = new ArrayList<>();
        for (Packet packet : network.transmitted()) {
            if (packet.protocol == Packet.UDP && packet.sourceAddress == Ipv4.parse("11.0.0.1")) {
                ports.add(packet.sourcePort);
            }
        }
        return ports;
    }

    @Test
    void aSlowReceiverQueuesAndThenDrops() {
        HostNetwork a = network.host("11.0.0.1", 0);
        HostNetwork b = network.host("11.0.0.2", 8_000_000);
        receiver(b).setReceiveBuffer(200_000);
        UdpSocket socket = a.openUdp();
        socket.setSendBuffer(1 << 20);
        // Twice the rate for two seconds: the standing queue stays far above 10 ms, so that CoDel must drop.
        for (int i = 0; i < 4000; i++) {
            long at = i * 500_000L;
            network.schedule(at, () -> send(a, socket, b, 972));
        }
        network.runToIdle(Long.MAX_VALUE);
        Interface eth0 = b.external();
        assertThat(eth0.packetsReceived() + eth0.packetsDroppedReceiving()).isEqualTo(4000);
        assertThat(eth0.packetsDroppedReceiving()).isGreaterThan(1000);
        for (int i = 1; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i) - arrivals.get(Math.max(0, i - 10)))
                    .isGreaterThanOrEqualTo(Math.min(i, 10) * 1_000_000L - 1_500_000L);
        }
    }

    @Test
    void loopbackDeliversAtTheSameTimeByAnEvent() {
        HostNetwork a = network.host("11.0.0.1", 8_000);
        receiver(a);
        UdpSocket socket = a.openUdp();
        network.runFor(5);
        assertThat(socket.sendTo(new byte[60_000], 0, 60_000, Ipv4.LOOPBACK, 9)).isEqualTo(60_000);
        send(a, socket, a, 10);
        assertThat(arrivals).isEmpty();
        network.runFor(0);
        assertThat(arrivals).containsExactly(5L, 5L);
        assertThat(a.loopback().packetsSent()).isEqualTo(2);
        assertThat(a.external().packetsSent()).isZero();
    }

    @Test
    void aCaptureSeesWhatIsSentAtItsStartAndWhatIsReceived() {
        HostNetwork a = network.host("11.0.0.1", 8_000_000);
        HostNetwork b = network.host("11.0.0.2", 8_000_000);
        receiver(b);
        List<String> seen = new ArrayList<>();
        a.external().capture((nanos, packet) -> seen.add("a " + nanos + " " + packet.payloadLength));
        b.external().capture((nanos, packet) -> seen.add("b " + nanos + " " + packet.payloadLength));
        UdpSocket socket = a.openUdp();
        send(a, socket, b, 972);
        send(a, socket, b, 472);
        network.runToIdle(Long.MAX_VALUE);
        assertThat(seen).containsExactly("a 0 972", "a 1000000 472", "b 2000000 972", "b 2500000 472");
    }

    @Test
    void aPingIsAnswered() {
        HostNetwork a = network.host("11.0.0.1", 0);
        byte[] payload = {1, 2, 3};
        a.arrive(Packet.icmp(Ipv4.parse("11.0.0.7"), Ipv4.parse("11.0.0.1"), 8, 0, 0x00050006, payload, 0, 3));
        assertThat(network.transmitted()).hasSize(1);
        Packet reply = network.transmitted().get(0);
        assertThat(reply.icmpType).isZero();
        assertThat(reply.icmpRest).isEqualTo(0x00050006);
        assertThat(reply.destinationAddress).isEqualTo(Ipv4.parse("11.0.0.7"));
        assertThat(reply.payloadLength).isEqualTo(3);
    }
}
