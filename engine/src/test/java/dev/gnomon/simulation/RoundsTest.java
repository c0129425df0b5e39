package dev.gnomon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gnomon.network.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final long LOOKAHEAD = 10;

    /** Sends an event on to a host that follows from what it has seen, and writes down what it saw. */
    private static final class Relay implements SimulatedHost, EventQueue.Handler {
        private final int index;
        private final List<Relay> all;
        private final Rounds rounds;
        private final EventQueue queue = new EventQueue();
        private final StringBuilder seen = new StringBuilder();
        private long state;
        private long sequence;

        Relay(int index, List<Relay> all, Rounds rounds) {
            this.index = index;
            this.all = all;
            this.rounds = rounds;
            this.state = index * 31L + 7;
            queue.add(index % 3, index, sequence++, from(index));
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public long nextEventNanos() {
            return queue.nextTimeNanos();
        }

        @Override
        public void runUntil(long endNanos) {
            while (queue.nextTimeNanos() < endNanos) {
                assertThat(queue.nextTimeNanos()).isLessThan(endNanos);
                queue.handleNext(this);
            }
        }

        @Override
        public void arrive(long timeNanos, Packet packet) {
            int source = packet.sourceAddress;
            seen.append(timeNanos).append(':').append(source).append(' ');
            state = state * 6364136223846793005L + source + timeNanos;
            Relay target = all.get((int) Long.remainderUnsigned(state >>> 20, all.size()));
            long at = timeNanos + LOOKAHEAD + Long.remainderUnsigned(state >>> 40, 5);
            rounds.outboxFor(index).send(target, at, index, sequence++, from(index));
        }

        @Override
        public void act(long timeNanos, Runnable action) {
            throw new AssertionError("nobody plans actions here");
        }

        @Override
        public void receive(long timeNanos, int sourceHost, long sourceSequence, Packet packet) {
            queue.add(timeNanos, sourceHost, sourceSequence, packet);
        }

        private static Packet from(int host) {
            Packet packet = new Packet();
            packet.sourceAddress = host;
            return packet;
        }
    }

    private static final class Started implements RoundThread {
        private Thread thread;

        @Override
        public void begin(Runnable work) {
            thread = new Thread(work);
            thread.start();
        }

        @Override
        public void join() throws InterruptedException {
            thread.join();
        }
    }

    private static final class Always implements Rounds.Control {
        private final long until;
        private long last;

        Always(long until) {
            this.until = until;
        }

        @Override
        public boolean roundEnded(long nowNanos) {
            assertThat(nowNanos).isGreaterThanOrEqualTo(last);
            last = nowNanos;
            return nowNanos < until;
        }

        @Override
        public void workerStarted(int workerIndex) {}
    }

    private static String run(int workers, int hostCount, long stop, Rounds.Control control) throws Exception {
        Rounds rounds = new Rounds(workers, LOOKAHEAD, stop, control);
        List<Relay> hosts = new ArrayList<>();
        for (int i = 0; i < hostCount; i++) {
            hosts.add(new Relay(i, hosts, rounds));
        }
        rounds.run(hosts, index -> new Started());
        StringBuilder seen = new StringBuilder();
        hosts.forEach(host -> seen.append(host.seen).append('\n'));
        return seen.toString();
    }

    @Test
    void anyNumberOfWorkersSeesTheSame() throws Exception {
        String one = run(1, 17, 5000, new Always(Long.MAX_VALUE));
        assertThat(one.length()).isGreaterThan(10_000);
        for (int workers = 2; workers <= 5; workers++) {
            assertThat(run(workers, 17, 5000, new Always(Long.MAX_VALUE)))
                    .as("workers: " + workers)
                    .isEqualTo(one);
        }
    }

    @Test
    void endsWhereItIsToldTo() throws Exception {
        Always control = new Always(500);
        run(2, 4, 100_000, control);
        assertThat(control.last).isBetween(500L, 700L);
    }

    @Test
    void aWorkersFailureEndsTheRun() {
        Rounds.Control failing = new Rounds.Control() {
            @Override
            public boolean roundEnded(long nowNanos) {
                throw new IllegalArgumentException("on purpose");
            }

            @Override
            public void workerStarted(int workerIndex) {}
        };
        assertThatThrownBy(() -> run(2, 4, 1000, failing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("on purpose");
    }
}
