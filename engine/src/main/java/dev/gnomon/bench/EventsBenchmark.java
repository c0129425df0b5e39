package dev.gnomon.bench;

import dev.gnomon.simulation.Event;
import dev.gnomon.simulation.EventQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** {@code events}: the queue of events alone. A hold operation takes the next event and adds one for later. */
final class EventsBenchmark implements Benchmark {
    private static final Runnable NOTHING = () -> {};
    private static final double MEAN_NANOS = 1e6;

    @Override
    public String name() {
        return "events";
    }

    @Override
    public List<Figure> measure(Workbench bench) {
        List<Figure> figures = new ArrayList<>();
        for (int pending : new int[] {10, 1000, 100_000}) {
            int operations = bench.size(5_000_000, 1000);
            hold(pending, operations); // until everything is compiled
            long start = System.nanoTime();
            hold(pending, operations);
            double seconds = (System.nanoTime() - start) / 1e9;
            figures.add(new Figure(
                    "hold operations a second, " + pending + " pending", operations / seconds, "1/s", ">= 5 million"));
        }
        return figures;
    }

    private static void hold(int pending, int operations) {
        SplittableRandom random = new SplittableRandom(1);
        long[] steps = new long[4096];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (long) (-MEAN_NANOS * Math.log(1 - random.nextDouble())) + 1;
        }
        EventQueue queue = new EventQueue();
        long sequence = 0;
        for (int i = 0; i < pending; i++) {
            queue.add(Event.action(steps[i & steps.length - 1], 0, sequence++, NOTHING));
        }
        for (int i = 0; i < operations; i++) {
            Event next = queue.poll();
            queue.add(Event.action(next.timeNanos() + steps[i & steps.length - 1], 0, sequence++, NOTHING));
        }
        if (queue.size() != pending) {
            throw new IllegalStateException("events were lost: pending=" + pending + ", size=" + queue.size());
        }
    }
}
