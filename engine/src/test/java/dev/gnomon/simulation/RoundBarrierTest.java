package dev.gnomon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RoundBarrierTest {
    private static final int PARTIES = 4;
    private static final int ROUNDS = 3000;

    /** Plain fields: what one writes before the barrier the others must see after it. */
    private final long[] written = new long[PARTIES];

    private int opened;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nobodyPassesBeforeAllHaveArrivedAndTheActionIsDone(boolean spin) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        RoundBarrier barrier = new RoundBarrier(PARTIES, spin, this::open);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PARTIES; i++) {
            int party = i;
            threads.add(new Thread(() -> {
                try {
                    run(barrier, party);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(20_000);
            assertThat(thread.isAlive()).as("waits for ever").isFalse();
        }
        assertThat(failure.get()).isNull();
        assertThat(opened).isEqualTo(2 * ROUNDS);
    }

    /** Takes its time, so that whoever does not wait for it is seen. */
    private void open() {
        for (int i = 0; i < 500; i++) {
            Thread.onSpinWait();
        }
        Thread.yield();
        opened++;
    }

    private void run(RoundBarrier barrier, int party) {
        RandomGenerator random = new Random(party);
        for (int round = 1; round <= ROUNDS; round++) {
            for (int i = random.nextInt(2000); i > 0; i--) {
                Thread.onSpinWait();
            }
            written[party] = round;
            barrier.await(party);
            assertThat(opened).isEqualTo(2 * round - 1);
            assertThat(written).containsOnly(round);
            barrier.await(party);
        }
    }

    @Test
    void anInterruptionIsKeptForAfterwards() throws InterruptedException {
        RoundBarrier barrier = new RoundBarrier(2, false, () -> {});
        boolean[] interrupted = new boolean[1];
        Thread waiting = new Thread(() -> {
            barrier.await(0);
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        waiting.start();
        waiting.interrupt();
        waiting.join(50);
        assertThat(waiting.isAlive()).isTrue();
        barrier.await(1);
        waiting.join(20_000);
        assertThat(interrupted[0]).isTrue();
    }
}
