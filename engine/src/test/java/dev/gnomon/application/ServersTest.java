package dev.gnomon.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.TestNetwork;
import dev.gnomon.network.TransportSocket;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServersTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final String SERVER = "11.0.0.1";
    private static final Set<Transport> BOTH = Set.of(Transport.TCP, Transport.UDP);

    private final TestNetwork network = new TestNetwork(1, 5 * MILLISECOND);
    private final HostNetwork client = network.host("11.0.0.2", 100_000_000L);
    private final byte[] buffer = new byte[70_000];

    private TestHost server(ApplicationSettings settings) {
        return new TestHost(network, SERVER, 100_000_000L).run(settings);
    }

    private TcpSocket connect(int port) {
        TcpSocket socket = client.openTcp();
        assertThat(socket.connect(Ipv4.parse(SERVER), port)).isEqualTo(-Errno.EINPROGRESS);
        network.runFor(20 * MILLISECOND);
        assertThat(socket.connect(Ipv4.parse(SERVER), port)).isZero();
        return socket;
    }

    @Test
    void echoGivesBackEveryByteAndThenTheEnd() {
        TestHost server = server(new EchoSettings(7, BOTH));
        TcpSocket socket = connect(7);
        byte[] sent = new byte[2_000_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31 ^ i >>> 8);
        }
        byte[] back = new byte[sent.length];
        int sentBytes = 0;
        int backBytes = 0;
        // Nobody reads at first: the echo must stop, and lose nothing.
        while (backBytes < back.length) {
            if (sentBytes < sent.length) {
                sentBytes += Math.max(0, socket.send(sent, sentBytes, sent.length - sentBytes, false));
            }
            if (sentBytes > 1_000_000 || sentBytes == sent.length || network.now() > 2_000 * MILLISECOND) {
                backBytes += Math.max(0, socket.receive(back, backBytes, back.length - backBytes, false));
            }
            network.runFor(MILLISECOND);
            assertThat(network.now()).isLessThan(60_000 * MILLISECOND);
        }
        assertThat(Arrays.equals(back, sent)).isTrue();
        socket.shutdown(TransportSocket.SHUT_WR);
        network.runFor(50 * MILLISECOND);
        assertThat(socket.receive(buffer, 0, 1, false)).isZero();
        assertThat(server.summary())
                .containsExactly("connections: 1", "bytes: 2000000 received, 2000000 sent", "datagrams: 0");
    }

    @Test
    void echoAnswersDatagramsAlsoEmptyOnes() {
        TestHost server = server(new EchoSettings(7, Set.of(Transport.UDP)));
        UdpSocket socket = client.openUdp();
        assertThat(socket.sendTo(new byte[] {1, 2, 3}, 0, 3, Ipv4.parse(SERVER), 7))
                .isEqualTo(3);
        assertThat(socket.sendTo(new byte[0], 0, 0, Ipv4.parse(SERVER), 7)).isZero();
        network.runFor(20 * MILLISECOND);
        assertThat(socket.receive(buffer, 0, 100, false, new Datagram())).isEqualTo(3);
        assertThat(buffer).startsWith(1, 2, 3);
        assertThat(socket.receive(buffer, 0, 100, false, new Datagram())).isZero();
        assertThat(server.summary()).containsExactly("connections: 0", "bytes: 3 received, 3 sent", "datagrams: 2");
        TcpSocket refused = client.openTcp();
        refused.connect(Ipv4.parse(SERVER), 7);
        network.runFor(20 * MILLISECOND);
        assertThat(refused.takeError()).isEqualTo(Errno.ECONNREFUSED);
    }

    @Test
    void theSinkAnswersMessagesInPiecesAndTogether() {
        TestHost server = server(new SinkSettings(9, BOTH));
        TcpSocket socket = connect(9);
        byte[] stream = new byte[100 + MessageHeader.BYTES];
        MessageHeader.write(stream, 100, 300_000, 1, network.now());
        byte[] second = new byte[MessageHeader.BYTES];
        MessageHeader.write(second, MessageHeader.BYTES, 5, 2, network.now());
        System.arraycopy(second, 0, stream, 100, second.length);
        for (int i = 0; i < 50; i++) {
            assertThat(socket.send(stream, i, 1, false)).isEqualTo(1);
            network.runFor(20 * MILLISECOND);
        }
        assertThat(socket.receive(buffer, 0, 100, false)).isEqualTo(-Errno.EAGAIN);
        assertThat(socket.send(stream, 50, stream.length - 50, false)).isEqualTo(stream.length - 50);
        int answered = 0;
        for (int i = 0; i < 1000; i++) {
            network.runFor(MILLISECOND);
            answered += Math.max(0, socket.receive(buffer, 0, buffer.length, false));
        }
        assertThat(answered).isEqualTo(300_005);
        assertThat(server.summary())
                .startsWith("connections: 1", "bytes: 140 received, 300005 sent", "messages: 2")
                .last()
                .asString()
                .startsWith("delay of messages: min 10");
    }

    @Test
    void theSinkDiscardsWhatHasNoMeaning() {
        TestHost server = server(new SinkSettings(9, BOTH));
        TcpSocket socket = connect(9);
        assertThat(socket.send(new byte[60_000], 0, 60_000, false)).isEqualTo(60_000);
        network.runFor(100 * MILLISECOND);
        byte[] broken = new byte[MessageHeader.BYTES];
        MessageHeader.write(broken, 3, 1000, 0, 0);
        TcpSocket other = connect(9);
        other.send(broken, 0, broken.length, false);
        UdpSocket datagrams = client.openUdp();
        MessageHeader.write(broken, MessageHeader.BYTES, -1, 0, 0);
        datagrams.sendTo(broken, 0, broken.length, Ipv4.parse(SERVER), 9);
        network.runFor(100 * MILLISECOND);
        assertThat(other.receive(buffer, 0, 100, false)).isEqualTo(-Errno.EAGAIN);
        assertThat(datagrams.receive(buffer, 0, 100, false, new Datagram())).isEqualTo(-Errno.EAGAIN);
        assertThat(server.summary())
                .containsExactly(
                        "connections: 2", "bytes: 60080 received, 0 sent", "messages: 0", "delay of messages: none");
    }

    @Test
    void answersByDatagramHoldTheHeaderAndZeros() {
        server(new SinkSettings(9, BOTH));
        UdpSocket socket = client.openUdp();
        byte[] message = new byte[50];
        Arrays.fill(message, (byte) 77);
        MessageHeader.write(message, 50, 60, 5, network.now());
        socket.sendTo(message, 0, 50, Ipv4.parse(SERVER), 9);
        network.runFor(20 * MILLISECOND);
        assertThat(socket.receive(buffer, 0, 100, false, new Datagram())).isEqualTo(60);
        assertThat(Arrays.equals(buffer, 0, MessageHeader.BYTES, message, 0, MessageHeader.BYTES))
                .isTrue();
        assertThat(Arrays.copyOfRange(buffer, MessageHeader.BYTES, 60)).containsOnly(0);
    }

    @Test
    void aPortThatIsTakenEndsTheServer() {
        TestHost server = server(new SinkSettings(9, BOTH));
        Application second = new SinkSettings(9, BOTH).create(server.network, server, new int[0]);
        second.start();
        assertThat(server.status).isEqualTo(1);
        assertThat(server.complaints).containsExactly("cannot serve at TCP port 9: EADDRINUSE");
    }

    @Test
    void closingResetsNobodyWhoHasReadAll() {
        TestHost server = server(new EchoSettings(7, BOTH));
        TcpSocket socket = connect(7);
        assertThat(server.application().shutDown()).isZero();
        server.application().close();
        network.runFor(50 * MILLISECOND);
        assertThat(socket.receive(buffer, 0, 100, false)).isZero();
        TcpSocket refused = client.openTcp();
        refused.connect(Ipv4.parse(SERVER), 7);
        network.runFor(20 * MILLISECOND);
        assertThat(refused.takeError()).isEqualTo(Errno.ECONNREFUSED);
    }
}
