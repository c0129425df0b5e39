package dev.gnomon.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.TestNetwork;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import org.junit.jupiter.api.Test;

class DnsEndpointTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final int SERVICE = Ipv4.parse("11.255.255.53");

    private final TestNetwork network = new TestNetwork(1, 5 * MILLISECOND);
    private final NameTable names =
            new NameTable.Builder().add("server", Ipv4.parse("11.0.0.1")).build();
    private final byte[] buffer = new byte[2000];

    private int ask(HostNetwork client, int service) {
        UdpSocket socket = client.openUdp();
        byte[] query = DnsServerTest.query("server", 1);
        socket.sendTo(query, 0, query.length, service, 53);
        network.runFor(100 * MILLISECOND);
        return socket.receive(buffer, 0, buffer.length, false, new Datagram());
    }

    @Test
    void datagramsAreAnswered() {
        HostNetwork client = network.host("11.0.0.1", 0);
        new DnsEndpoint(network.host("11.255.255.53", 0), names);
        assertThat(ask(client, SERVICE)).isEqualTo(40);
        assertThat(buffer[3] & 15).isZero();
        assertThat(buffer[39]).isEqualTo((byte) 1);
    }

    @Test
    void queriesOverTcpMayComeInPiecesAndTogether() {
        HostNetwork client = network.host("11.0.0.1", 0);
        HostNetwork service = network.host("11.255.255.53", 0);
        new DnsEndpoint(service, names);
        TcpSocket socket = client.openTcp();
        assertThat(socket.connect(SERVICE, 53)).isEqualTo(-Errno.EINPROGRESS);
        network.runFor(20 * MILLISECOND);
        byte[] query = DnsServerTest.query("server", 1);
        byte[] framed = new byte[2 * (query.length + 2)];
        for (int i = 0; i < 2; i++) {
            framed[i * (query.length + 2) + 1] = (byte) query.length;
            System.arraycopy(query, 0, framed, i * (query.length + 2) + 2, query.length);
        }
        for (int i = 0; i < framed.length; i++) {
            assertThat(socket.send(framed, i, 1, false)).isEqualTo(1);
            network.runFor(20 * MILLISECOND);
        }
        assertThat(socket.receive(buffer, 0, buffer.length, false)).isEqualTo(2 * 42);
        assertThat(buffer[1]).isEqualTo((byte) 40);
        socket.close();
        network.runFor(120_000 * MILLISECOND);
        assertThat(service.tcp().connectionCount()).isZero();
        assertThat(client.tcp().connectionCount()).isZero();
    }

    @Test
    void aTakenPortIsSaid() {
        HostNetwork service = network.host("11.255.255.53", 0);
        service.openUdp().bind(Ipv4.ANY, 53);
        assertThatIllegalStateException()
                .isThrownBy(() -> new DnsEndpoint(service, names))
                .withMessageContaining("EADDRINUSE");
    }

    @Test
    void anycastAnswersAtTheLatencyOfTheHostsOwnNode() {
        TestNetwork.Path graph = TestNetwork.constant(50 * MILLISECOND);
        AnycastDns[] service = new AnycastDns[1];
        network.path((carrier, packet) -> {
            if (packet.destinationAddress == SERVICE) {
                service[0].carry(packet);
            } else {
                graph.carry(carrier, packet);
            }
        });
        HostNetwork client = network.host("11.0.0.1", 0);
        service[0] = new AnycastDns(client.environment(), client, SERVICE, names, 2 * MILLISECOND);
        UdpSocket socket = client.openUdp();
        long[] answeredAt = new long[1];
        socket.readinessListener((ready, bits) -> answeredAt[0] = network.now());
        byte[] query = DnsServerTest.query("server", 1);
        socket.sendTo(query, 0, query.length, SERVICE, 53);
        network.runFor(100 * MILLISECOND);
        assertThat(answeredAt[0]).isEqualTo(4 * MILLISECOND);
        assertThat(socket.receive(buffer, 0, buffer.length, false, new Datagram()))
                .isEqualTo(40);
    }
}
