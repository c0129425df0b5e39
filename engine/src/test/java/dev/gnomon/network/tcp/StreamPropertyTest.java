package dev.gnomon.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.TestNetwork;
import dev.gnomon.network.TransportSocket;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever the network does, both byte streams arrive as they were sent, and both sides come to an end. */
class StreamPropertyTest {
    private static final long SECOND = 1_000_000_000L;

    /** Writes and reads in pieces of random size at random times. */
    private static final class Endpoint {
        private final TcpSocket socket;
        private final SplittableRandom random;
        private final byte[] outgoing;
        private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();
        private final byte[] buffer = new byte[20_000];
        private int sent;
        private boolean finished;
        private boolean ended;

        Endpoint(TcpSocket socket, SplittableRandom random, byte[] outgoing) {
            this.socket = socket;
            this.random = random;
            this.outgoing = outgoing;
        }

        void act() {
            if (sent < outgoing.length) {
                int length = Math.min(outgoing.length - sent, 1 + random.nextInt(random.nextBoolean() ? 100 : 20_000));
                int taken = socket.send(outgoing, sent, length, random.nextInt(4) == 0);
                if (taken >= 0) {
                    sent += taken;
                } else {
                    assertThat(taken).isEqualTo(-Errno.EAGAIN);
                }
            } else if (!finished) {
                finished = true;
                assertThat(socket.shutdown(TransportSocket.SHUT_WR)).isZero();
            }
            if (!ended && random.nextInt(3) > 0) {
                int length = socket.receive(buffer, 0, 1 + random.nextInt(buffer.length), false);
                if (length == 0) {
                    ended = true;
                } else if (length > 0) {
                    incoming.write(buffer, 0, length);
                } else {
                    assertThat(length).isEqualTo(-Errno.EAGAIN);
                }
            }
        }
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void exchange(
            long seed, double loss, double duplication, long jitterNanos, int firstSequence, boolean smallBuffers) {
        SplittableRandom random = new SplittableRandom(seed);
        TestNetwork network = new TestNetwork(seed, 0);
        network.path(TestNetwork.hostile(5_000_000, jitterNanos, loss, duplication));
        HostNetwork a = network.host("11.0.0.1", 10_000_000);
        HostNetwork b = network.host("11.0.0.2", 50_000_000);
        InitialSequences wrapping = new InitialSequences() {
            @Override
            public int sequence(int localAddress, int localPort, int remoteAddress, int remotePort, long nowNanos) {
                return firstSequence;
            }

            @Override
            public int timestampOffset(int localAddress, int remoteAddress) {
                return firstSequence;
            }
        };
        a.tcp().initialSequences(wrapping);
        b.tcp().initialSequences(wrapping);
        TcpSocket listener = b.openTcp();
        listener.bind(Ipv4.ANY, 80);
        if (smallBuffers) {
            listener.setReceiveBuffer(4000);
            listener.setSendBuffer(4000);
        }
        listener.listen(1);
        TcpSocket client = a.openTcp();
        client.connect(Ipv4.parse("11.0.0.2"), 80);
        TcpSocket[] accepted = new TcpSocket[1];
        assertThat(network.runUntil(() -> (accepted[0] = listener.accept()) != null, 300 * SECOND))
                .as("connected")
                .isTrue();
        assertThat(network.runUntil(() -> client.state() == TcpState.ESTABLISHED, 400 * SECOND))
                .isTrue();
        byte[] up = bytes(random, random.nextInt(200_000));
        byte[] down = bytes(random, random.nextInt(50_000));
        Endpoint one = new Endpoint(client, random.split(), up);
        Endpoint two = new Endpoint(accepted[0], random.split(), down);
        while (!(one.ended && two.ended && one.finished && two.finished)) {
            one.act();
            two.act();
            network.runFor(1 + random.nextLong(4_000_000));
            assertThat(network.now()).as("virtual time").isLessThan(4000 * SECOND);
        }
        assertThat(two.incoming.toByteArray()).isEqualTo(up);
        assertThat(one.incoming.toByteArray()).isEqualTo(down);
        client.close();
        accepted[0].close();
        network.runFor(1200 * SECOND);
        assertThat(a.tcp().connectionCount()).isZero();
        assertThat(b.tcp().connectionCount()).isZero();
    }

    @Property(tries = 60)
    void anyBytesInAnyPiecesArriveThroughLossReorderingAndDuplication(
            @ForAll long seed,
            @ForAll @IntRange(max = 25) int lossPercent,
            @ForAll @IntRange(max = 20) int duplicationPercent,
            @ForAll @IntRange(max = 40) int jitterMilliseconds,
            @ForAll boolean smallBuffers) {
        exchange(
                seed,
                lossPercent / 100.0,
                duplicationPercent / 100.0,
                jitterMilliseconds * 1_000_000L,
                (int) seed,
                smallBuffers);
    }

    @Property(tries = 20)
    void sequenceNumbersAndTimestampsWrapUnnoticed(@ForAll long seed, @ForAll @IntRange(max = 200_000) int before) {
        exchange(seed, 0.05, 0.05, 3_000_000, -before, false);
    }

    @Property(tries = 30)
    void aPathThatIsOnlySlowLosesNothingToSpuriousResets(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TestNetwork network = new TestNetwork(seed, 0);
        network.path((carrier, packet) ->
                carrier.deliver(packet, 1_000_000 + carrier.pathRandom().nextLong(200_000_000)));
        HostNetwork a = network.host("11.0.0.1", 0);
        HostNetwork b = network.host("11.0.0.2", 0);
        TcpSocket listener = b.openTcp();
        listener.bind(Ipv4.ANY, 80);
        listener.listen(1);
        TcpSocket client = a.openTcp();
        client.connect(Ipv4.parse("11.0.0.2"), 80);
        TcpSocket[] accepted = new TcpSocket[1];
        network.runUntil(() -> (accepted[0] = listener.accept()) != null, 300 * SECOND);
        byte[] up = bytes(random, 300_000);
        Endpoint one = new Endpoint(client, random.split(), up);
        Endpoint two = new Endpoint(accepted[0], random.split(), new byte[0]);
        while (!two.ended) {
            one.act();
            two.act();
            network.runFor(1_000_000);
            assertThat(network.now()).isLessThan(1000 * SECOND);
        }
        assertThat(two.incoming.toByteArray()).isEqualTo(up);
        assertThat(network.transmitted()).noneMatch(packet -> packet.has(Packet.RST));
    }
}
