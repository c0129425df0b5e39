package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.tcp.TcpSocket;
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

    @Test
    void tenMegabytesArriveThroughTwoPercentLoss() {
        TestNetwork network = new TestNetwork(1, 0);
        network.path(TestNetwork.lossy(50 * MILLISECOND, 0.02));
        HostNetwork a = network.host("11.0.0.1", 20_000_000);
        HostNetwork b = network.host("11.0.0.2", 20_000_000);
        Transfer transfer = transfer(network, a, b, 80, 10_000_000);
        assertThat(network.runUntil(transfer::complete, 600 * SECOND)).isTrue();
        System.out.println("2% loss: " + network.now() / 1e9 + " s, packets "
                + network.transmitted().size());
        assertThat(transfer.received()).isEqualTo(10_000_000);
        assertThat(transfer.intact()).isTrue();
    }

    @Test
    void aCleanGigabitIsFilled() {
        TestNetwork network = new TestNetwork(1, 10 * MILLISECOND);
        HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
        HostNetwork b = network.host("11.0.0.2", 1_000_000_000);
        Transfer transfer = transfer(network, a, b, 80, Long.MAX_VALUE);
        network.runUntil(SECOND);
        long before = transfer.received();
        long wall = System.nanoTime();
        network.runUntil(3 * SECOND);
        System.out.println("wall " + (System.nanoTime() - wall) / 1e9 + " events " + network.eventsRun());
        double bits = (transfer.received() - before) * 8 / 2.0;
        System.out.println("1 Gbit 10 ms: " + bits / 1e6 + " Mbit/s");
        assertThat(bits).isGreaterThan(0.9e9);
        assertThat(transfer.intact()).isTrue();
    }
}
