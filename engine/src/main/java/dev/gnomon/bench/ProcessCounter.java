package dev.gnomon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Watches from a thread of its own how the machine's count of processes grows while an experiment starts. */
final class ProcessCounter {
    private static final long INTERVAL_MILLIS = 20;

    /** So many processes were there, so long after the start of the watch. */
    private record Sample(long nanos, long processes) {}

    private final List<Sample> samples = new ArrayList<>();
    private final int expected;
    private final MemoryUse memory;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile IOException failure;

    private ProcessCounter(int expected, MemoryUse memory) {
        this.expected = expected;
        this.memory = memory;
        this.thread = new Thread(this::watch, "gnomon-bench-processes");
        thread.setDaemon(true);
    }

    /**
     * Begins to watch.
     *
     * @param expected how many processes will come
     * @param memory looked at whenever processes are counted
     */
    static ProcessCounter watch(int expected, MemoryUse memory) {
        ProcessCounter counter = new ProcessCounter(expected, memory);
        counter.thread.start();
        return counter;
    }

    private void watch() {
        try {
            long start = System.nanoTime();
            while (!stopped) {
                samples.add(new Sample(System.nanoTime() - start, processes()));
                memory.look();
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Threads and processes of the machine: the fourth field of {@code proc_loadavg(5)} counts them without a walk. */
    private static long processes() throws IOException {
        String load = Files.readString(Path.of("/proc/loadavg"));
        String field = load.split(" ")[3];
        return Long.parseLong(field.substring(field.indexOf('/') + 1));
    }

    void stop() throws IOException, InterruptedException {
        stopped = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    /** When the count passed a share of what was expected, from 0 to 1; in nanoseconds. */
    private long passed(double share) {
        long before = samples.get(0).processes();
        for (Sample sample : samples) {
            if (sample.processes() - before >= share * expected) {
                return sample.nanos();
            }
        }
        return samples.get(samples.size() - 1).nanos();
    }

    /** Between the first and the last twentieth, for both ends are ragged. */
    double processesASecond() {
        return 0.9 * expected / Math.max(1, passed(0.95) - passed(0.05)) * 1e9;
    }

    /** The rate of the slowest of so many equal pieces, against that of the whole. */
    double slowestShare(int pieces) {
        double slowest = Double.MAX_VALUE;
        for (int piece = 0; piece < pieces; piece++) {
            double from = 0.05 + 0.9 * piece / pieces;
            double nanos = Math.max(1, passed(from + 0.9 / pieces) - passed(from));
            slowest = Math.min(slowest, 0.9 / pieces * expected / nanos * 1e9);
        }
        return slowest / processesASecond();
    }
}
