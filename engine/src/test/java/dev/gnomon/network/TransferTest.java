package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.trace.PcapWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private static Transfer transfer(TestNetwork network, HostNetwork from, HostNetwork to, int port, long bytes) {
        TcpSocket listener = to.openTcp();
        assertThat(listener.bind(Ipv4.ANY, port)).isZero();
        assertThat(listener.listen(16)).isZero();
        return new Transfer(network, from, listener, to.configuration().address(), port, bytes);
    }

    private static double bitsPerSecond(TestNetwork network, Transfer transfer, long fromNanos, long untilNanos) {
        network.runUntil(fromNanos);
        long before = transfer.received();
        network.runUntil(untilNanos);
        assertThat(transfer.intact()).isTrue();
        return (transfer.received() - before) * 8e9 / (untilNanos - fromNanos);
    }

    @Test
    void tenMegabytesArriveThroughTwoPercentLoss() {
        TestNetwork network = new TestNetwork(1, 0);
        network.path(TestNetwork.lossy(50 * MILLISECOND, 0.02));
        HostNetwork a = network.host("11.0.0.1", 20_000_000);
        HostNetwork b = network.host("11.0.0.2", 20_000_000);
        Transfer transfer = transfer(network, a, b, 80, 10_000_000);
        assertThat(network.runUntil(transfer::complete, 600 * SECOND)).isTrue();
        assertThat(transfer.received()).isEqualTo(10_000_000);
        assertThat(transfer.intact()).isTrue();
        // The square-root law gives 1.0 Mbit/s for this path; RFC 5681 recovery must not be much slower than that.
        assertThat(network.now()).isBetween(20 * SECOND, 130 * SECOND);
    }

    @Test
    void aCleanGigabitIsFilled() {
        TestNetwork network = new TestNetwork(1, 10 * MILLISECOND);
        HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
        HostNetwork b = network.host("11.0.0.2", 1_000_000_000);
        Transfer transfer = transfer(network, a, b, 80, Long.MAX_VALUE);
        assertThat(bitsPerSecond(network, transfer, SECOND, 2 * SECOND)).isGreaterThan(0.94e9);
        assertThat(b.external().packetsDroppedReceiving()).isZero();
    }

    @Test
    void aLongFatPathIsFilledByGrowingBuffers() {
        TestNetwork network = new TestNetwork(1, 50 * MILLISECOND);
        HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
        HostNetwork b = network.host("11.0.0.2", 1_000_000_000);
        Transfer transfer = transfer(network, a, b, 80, Long.MAX_VALUE);
        assertThat(bitsPerSecond(network, transfer, 4 * SECOND, 6 * SECOND)).isGreaterThan(0.9e9);
        assertThat(transfer.server().receiveBuffer()).isGreaterThan(12_500_000);
    }

    @Test
    void withoutAutotuningTheBufferIsTheLimit() {
        TestNetwork network = new TestNetwork(1, 50 * MILLISECOND);
        HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
        HostNetwork b = network.host(new NetworkConfiguration(
                Ipv4.parse("11.0.0.2"),
                "b",
                1_000_000_000,
                1_000_000_000,
                0,
                QueueDisciplineKind.FIFO,
                131_072,
                174_760,
                false,
                false));
        Transfer transfer = transfer(network, a, b, 80, Long.MAX_VALUE);
        // 174760 bytes a round trip of 100 ms.
        assertThat(bitsPerSecond(network, transfer, 2 * SECOND, 4 * SECOND)).isBetween(12.5e6, 14.1e6);
        assertThat(transfer.server().receiveBuffer()).isEqualTo(174_760);
    }

    @Test
    void aBottleneckAtTheReceiverIsShared() {
        TestNetwork network = new TestNetwork(1, 20 * MILLISECOND);
        HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
        HostNetwork c = network.host("11.0.0.3", 1_000_000_000);
        HostNetwork b = network.host("11.0.0.2", 50_000_000);
        Transfer first = transfer(network, a, b, 80, Long.MAX_VALUE);
        network.runFor(3 * SECOND);
        Transfer second = transfer(network, c, b, 81, Long.MAX_VALUE);
        network.runUntil(20 * SECOND);
        long firstBefore = first.received();
        long secondBefore = second.received();
        network.runUntil(60 * SECOND);
        double firstRate = (first.received() - firstBefore) * 8 / 40.0;
        double secondRate = (second.received() - secondBefore) * 8 / 40.0;
        assertThat(firstRate + secondRate).isBetween(0.85 * 50e6, 50e6);
        assertThat(firstRate / secondRate).isBetween(0.5, 2.0);
        assertThat(b.external().packetsDroppedReceiving()).isPositive();
        assertThat(first.intact() && second.intact()).isTrue();
    }

    @Test
    void aSharedSenderIsSharedToo() {
        TestNetwork network = new TestNetwork(1, 20 * MILLISECOND);
        HostNetwork a = network.host("11.0.0.1", 50_000_000);
        HostNetwork b = network.host("11.0.0.2", 1_000_000_000);
        Transfer first = transfer(network, a, b, 80, Long.MAX_VALUE);
        network.runFor(3 * SECOND);
        Transfer second = transfer(network, a, b, 81, Long.MAX_VALUE);
        network.runUntil(10 * SECOND);
        long firstBefore = first.received();
        long secondBefore = second.received();
        network.runUntil(20 * SECOND);
        double firstRate = (first.received() - firstBefore) * 8 / 10.0;
        double secondRate = (second.received() - secondBefore) * 8 / 10.0;
        assertThat(firstRate + secondRate).isGreaterThan(0.94 * 50e6);
        assertThat(firstRate / secondRate).isBetween(0.5, 2.0);
    }

    @Test
    void loopbackTakesNoVirtualTime() {
        TestNetwork network = new TestNetwork(1, 0);
        HostNetwork a = network.host("11.0.0.1", 1_000_000);
        TcpSocket listener = a.openTcp();
        listener.bind(Ipv4.ANY, 80);
        listener.listen(1);
        Transfer transfer = new Transfer(network, a, listener, Ipv4.LOOPBACK, 80, 20_000_000);
        assertThat(network.runUntil(transfer::complete, 5 * SECOND)).isTrue();
        assertThat(network.now()).isLessThan(SECOND);
        assertThat(transfer.received()).isEqualTo(20_000_000);
        assertThat(transfer.intact()).isTrue();
        assertThat(a.external().packetsSent()).isZero();
    }

    @Test
    void reorderingByJitterDoesNotPassForLoss() {
        TestNetwork network = new TestNetwork(1, 0);
        network.path(TestNetwork.hostile(20 * MILLISECOND, 2 * MILLISECOND, 0, 0));
        HostNetwork a = network.host("11.0.0.1", 100_000_000);
        HostNetwork b = network.host("11.0.0.2", 1_000_000_000);
        Transfer transfer = transfer(network, a, b, 80, Long.MAX_VALUE);
        assertThat(bitsPerSecond(network, transfer, 5 * SECOND, 10 * SECOND)).isGreaterThan(0.85e8);
    }

    private static String digest(long seed) throws IOException, NoSuchAlgorithmException {
        TestNetwork network = new TestNetwork(seed, 0);
        network.path(TestNetwork.hostile(5 * MILLISECOND, 3 * MILLISECOND, 0.03, 0.02));
        HostNetwork a = network.host("11.0.0.1", 20_000_000);
        HostNetwork b = network.host("11.0.0.2", 20_000_000);
        ByteArrayOutputStream trace = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(trace, 65_535)) {
            a.external().capture(writer);
            b.external().capture(writer);
            Transfer there = transfer(network, a, b, 80, 500_000);
            Transfer back = transfer(network, b, a, 81, 300_000);
            assertThat(network.runUntil(() -> there.complete() && back.complete(), 600 * SECOND))
                    .isTrue();
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(trace.toByteArray()));
    }

    @Test
    void theSameSeedGivesTheSameBytesOnTheWire() throws IOException, NoSuchAlgorithmException {
        String first = digest(7);
        assertThat(digest(7)).isEqualTo(first);
        assertThat(digest(8)).isNotEqualTo(first);
    }
}
