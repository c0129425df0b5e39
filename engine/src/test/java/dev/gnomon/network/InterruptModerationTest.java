package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterruptModerationTest {
    private static final long MICROSECOND = 1000;
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int INTERVAL = 20_000;

    private TestNetwork network = new TestNetwork(1, 0);

    private HostNetwork host(String address, long bitsPerSecond, long intervalNanos, int receiveBuffer) {
        return network.host(new NetworkConfiguration(
                Ipv4.parse(address),
                address,
                bitsPerSecond,
                bitsPerSecond,
                intervalNanos,
                QueueDisciplineKind.FIFO,
                131_072,
                receiveBuffer,
                true,
                receiveBuffer == NetworkConfiguration.DEFAULT_RECEIVE_BUFFER_BYTES));
    }

    private HostNetwork host(String address, long bitsPerSecond, long intervalNanos) {
        return host(address, bitsPerSecond, intervalNanos, NetworkConfiguration.DEFAULT_RECEIVE_BUFFER_BYTES);
    }

    /** What a program saw: when it was woken, and the numbers that it read then. */
    private record Reading(long nanos, List<Integer> numbers) {}

    private List<Reading> readings(long intervalNanos, long... sentAt) {
        HostNetwork a = host("11.0.0.1", 0, 0);
        HostNetwork b = host("11.0.0.2", 0, intervalNanos);
        List<Reading> readings = new ArrayList<>();
        UdpSocket receiver = b.openUdp();
        receiver.bind(Ipv4.ANY, 9);
        byte[] buffer = new byte[1];
        receiver.readinessListener((socket, bits) -> {
            List<Integer> numbers = new ArrayList<>();
            while (receiver.receive(buffer, 0, 1, false, new Datagram()) >= 0) {
                numbers.add((int) buffer[0]);
            }
            readings.add(new Reading(network.now(), numbers));
        });
        UdpSocket sender = a.openUdp();
        for (int i = 0; i < sentAt.length; i++) {
            byte[] number = {(byte) i};
            network.schedule(
                    sentAt[i],
                    () -> sender.sendTo(number, 0, 1, b.configuration().address(), 9));
        }
        network.runToIdle(Long.MAX_VALUE);
        return readings;
    }

    @Test
    void whatComesWithinTheIntervalIsDeliveredTogetherAtItsEnd() {
        assertThat(readings(INTERVAL, 5000, 6000, 15_000, 24_999, 25_001, 60_000, 80_000))
                .containsExactly(
                        new Reading(5000, List.of(0)),
                        new Reading(25_000, List.of(1, 2, 3)),
                        new Reading(45_000, List.of(4)),
                        new Reading(65_000, List.of(5)),
                        new Reading(85_000, List.of(6)));
    }

    @Test
    void withoutAnIntervalEachPacketIsDeliveredAsItComes() {
        assertThat(readings(0, 5000, 6000, 15_000)).extracting(Reading::nanos).containsExactly(5000L, 6000L, 15_000L);
    }

    private Transfer transfer(HostNetwork from, HostNetwork to, long bytes) {
        TcpSocket listener = to.openTcp();
        assertThat(listener.bind(Ipv4.ANY, 80)).isZero();
        assertThat(listener.listen(16)).isZero();
        return new Transfer(network, from, listener, to.configuration().address(), 80, bytes);
    }

    /** Segments with data for each acknowledgment without, in a second of a flow that fills its line. */
    private double segmentsForAnAcknowledgment(long bitsPerSecond, long intervalNanos) {
        network.path(TestNetwork.constant(MILLISECOND));
        HostNetwork a = host("11.0.0.1", bitsPerSecond, intervalNanos);
        HostNetwork b = host("11.0.0.2", bitsPerSecond, intervalNanos);
        Transfer transfer = transfer(a, b, Long.MAX_VALUE);
        network.runUntil(SECOND);
        long received = transfer.received();
        long segments = b.external().packetsReceived();
        long acknowledgments = a.external().packetsReceived();
        network.runUntil(2 * SECOND);
        assertThat((transfer.received() - received) * 8.0).isGreaterThan(0.94 * bitsPerSecond);
        assertThat(transfer.intact()).isTrue();
        assertThat(b.external().packetsDroppedReceiving()).isZero();
        return (b.external().packetsReceived() - segments)
                / (double) (a.external().packetsReceived() - acknowledgments);
    }

    @Test
    void withoutAnIntervalEverySecondSegmentIsAcknowledged() {
        assertThat(segmentsForAnAcknowledgment(1_000_000_000, 0)).isBetween(1.99, 2.01);
    }

    @Test
    void aBatchOfOneConnectionIsAcknowledgedOnce() {
        // 1500 bytes a 12 us, so that between interrupts there are eight or nine; some batches are two packets, where
        // the
        // timestamp changes or a segment says PSH.
        assertThat(segmentsForAnAcknowledgment(1_000_000_000, 100 * MICROSECOND))
                .isBetween(6.5, 8.4);
    }

    @Test
    void aLargeBatchIsAcknowledgedOnceForSixtyFourKilobytes() {
        // 833 segments between interrupts, of which 45 fit into one packet.
        assertThat(segmentsForAnAcknowledgment(10_000_000_000L, MILLISECOND)).isBetween(35.0, 45.0);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 20, 174760",
        "2, 50, 174760",
        "3, 100, 4608",
        "4, 1000, 174760",
        "5, 10000, 20000",
        "6, 50, 4608",
    })
    void everythingArrivesThroughLossReorderingAndSmallBuffers(int seed, long intervalMicros, int receiveBuffer) {
        network = new TestNetwork(seed, 0);
        network.path(TestNetwork.hostile(3 * MILLISECOND, MILLISECOND, 0.01, 0.01));
        HostNetwork a = host("11.0.0.1", 100_000_000, intervalMicros * MICROSECOND);
        HostNetwork b = host("11.0.0.2", 20_000_000, intervalMicros * MICROSECOND, receiveBuffer);
        Transfer transfer = transfer(a, b, 2_000_000);
        assertThat(network.runUntil(transfer::complete, 600 * SECOND)).isTrue();
        assertThat(transfer.received()).isEqualTo(2_000_000);
        assertThat(transfer.intact()).isTrue();
    }

    @Test
    void theQueueInFrontOfTheLinkIsManagedAllTheSame() {
        network.path(TestNetwork.constant(5 * MILLISECOND));
        HostNetwork a = host("11.0.0.1", 1_000_000_000, 0);
        HostNetwork b = host("11.0.0.2", 50_000_000, 100 * MICROSECOND);
        Transfer transfer = transfer(a, b, Long.MAX_VALUE);
        network.runUntil(10 * SECOND);
        assertThat(b.external().packetsDroppedReceiving()).isPositive();
        assertThat(transfer.received() * 8).isBetween((long) (0.85 * 10 * 50e6), (long) (10 * 50e6));
        assertThat(transfer.intact()).isTrue();
    }
}
