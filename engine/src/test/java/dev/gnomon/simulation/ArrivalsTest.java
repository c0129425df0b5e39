package dev.gnomon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private record Received(int host, long timeNanos, int sourceHost, long sequence, Packet packet) {}

    /** Notes what it receives. */
    private record Receiver(int index, List<Received> received) implements SimulatedHost {
        @Override
        public long nextEventNanos() {
            return EventQueue.NEVER;
        }

        @Override
        public void runUntil(long endNanos) {}

        @Override
        public void receive(long timeNanos, int sourceHost, long sourceSequence, Packet packet) {
            received.add(new Received(index, timeNanos, sourceHost, sourceSequence, packet));
        }
    }

    @Test
    void handsEverythingOverAsItWasSentHoweverManyThereAre() {
        List<Received> received = new ArrayList<>();
        Arrivals arrivals = new Arrivals();
        for (int round = 0; round < 3; round++) {
            List<Received> sent = new ArrayList<>();
            for (int i = 0; i < 1000 >> round; i++) {
                Received next = new Received(i % 7, i * 31L + round, i % 5, i * 17L, new Packet());
                sent.add(next);
                arrivals.add(
                        new Receiver(next.host, received), next.timeNanos, next.sourceHost, next.sequence, next.packet);
            }
            assertThat(arrivals.size()).isEqualTo(sent.size());
            for (int i = 0; i < arrivals.size(); i++) {
                assertThat(arrivals.host(i).index()).isEqualTo(sent.get(i).host);
                assertThat(arrivals.timeNanos(i)).isEqualTo(sent.get(i).timeNanos);
                arrivals.hand(i);
            }
            arrivals.clear();
            assertThat(received).containsExactlyElementsOf(sent);
            received.clear();
        }
    }
}
