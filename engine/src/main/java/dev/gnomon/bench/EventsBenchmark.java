package dev.gnomon.bench;

import com.sun.management.ThreadMXBean;
import dev.gnomon.network.Packet;
import dev.gnomon.simulation.EventQueue;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** {@code events}: the queue of events alone. A hold operation takes the next event and adds one for later. */
final class EventsBenchmark implements Benchmark {
    private static final Runnable NOTHING = () -> {};
    private static final double MEAN_NANOS = 1e6;
    private static final int STEPS = 1 << 16;

    @Override
    public String name() {
        return "events";
    }

    @Override
    public List<Figure> measure(Workbench bench) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] steps = exponential(new SplittableRandom(1));
        List<Figure> figures = new ArrayList<>();
        for (int pending : new int[] {10, 1000, 100_000}) {
            int operations = bench.size(5_000_000, 1000);
            Hold hold = new Hold(steps, pending);
            hold.run(operations); // until everything is compiled, and the queue is as it stays
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            hold.run(operations);
            double seconds = (System.nanoTime() - start) / 1e9;
            bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            hold.check(pending);
            figures.add(new Figure(
                    "hold operations a second, " + pending + " pending", operations / seconds, "1/s", ">= 5 million"));
            figures.add(new Figure(
                    "allocated an operation, " + pending + " pending", (double) bytes / operations, "B", "0"));
        }
        return figures;
    }

    private static long[] exponential(SplittableRandom random) {
        long[] steps = new long[STEPS];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (long) (-MEAN_NANOS * Math.log(1 - random.nextDouble())) + 1;
        }
        return steps;
    }

    /** Handles every event by adding one. */
    private static final class Hold implements EventQueue.Handler {
        private final EventQueue queue = new EventQueue();
        private final long[] steps;
        private long sequence;

        Hold(long[] steps, int pending) {
            this.steps = steps;
            for (int i = 0; i < pending; i++) {
                act(0, NOTHING);
            }
        }

        void run(int operations) {
            for (int i = 0; i < operations; i++) {
                queue.handleNext(this);
            }
        }

        void check(int pending) {
            if (queue.size() != pending) {
                throw new IllegalStateException("events were lost: pending=" + pending + ", size=" + queue.size());
            }
        }

        @Override
        public void act(long timeNanos, Runnable action) {
            queue.add(timeNanos + steps[(int) sequence & STEPS - 1], 0, sequence++, action);
        }

        @Override
        public void arrive(long timeNanos, Packet packet) {
            queue.add(timeNanos + steps[(int) sequence & STEPS - 1], 0, sequence++, packet);
        }
    }
}
