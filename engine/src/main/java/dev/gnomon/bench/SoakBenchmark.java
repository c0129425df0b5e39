package dev.gnomon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** {@code soak}: a day of virtual time, 100 hosts, a message a second each; what the engine keeps must not grow. */
final class SoakBenchmark implements Benchmark {
    @Override
    public String name() {
        return "soak";
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        int hosts = bench.size(100, 3);
        int seconds = bench.size(24 * 3600, 10);
        StringBuilder text = new StringBuilder("""
                general: {stop_time: %d s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                """.formatted(seconds + 10));
        for (int i = 0; i < hosts; i++) {
            text.append("  h%d: {network_node_id: 0, processes: [{path: %s, args: 'h%d 1000 %d'}]}%n"
                    .formatted(i, bench.program("messenger"), (i + 1) % hosts, seconds));
        }
        List<Usage> usages = new ArrayList<>();
        AtomicReference<IOException> failure = new AtomicReference<>();
        usages.add(Usage.now()); // a tiny run may be over before the first interval is
        CountDownLatch over = new CountDownLatch(1);
        Thread watcher = new Thread(() -> watch(usages, over, bench.size(2000, 20), failure), "gnomon-bench-soak");
        watcher.setDaemon(true);
        watcher.start();
        Workbench.Outcome outcome;
        try {
            outcome = bench.run(text.toString(), 2);
        } finally {
            over.countDown();
            watcher.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        Usage early = usages.get(usages.size() / 10);
        Usage late = usages.get(usages.size() - 1);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("wall time", outcome.wallSeconds(), "s"));
        figures.add(new Figure(
                "heap in use at the end against after a tenth", late.heap() / (double) early.heap(), "", "about 1"));
        figures.add(new Figure(
                "shared memory at the end against after a tenth",
                late.shared() / (double) Math.max(1, early.shared()),
                "",
                "about 1"));
        figures.add(new Figure(
                "descriptors at the end against after a tenth",
                late.descriptors() / (double) early.descriptors(),
                "",
                "about 1"));
        bench.discard(outcome);
        return figures;
    }

    /** What the engine's process uses; bytes, and a count. */
    private record Usage(long heap, long shared, long descriptors) {
        static Usage now() throws IOException {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            long shared = 0;
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("RssShmem:")) {
                    shared = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                return new Usage(runtime.totalMemory() - runtime.freeMemory(), shared, descriptors.count());
            }
        }
    }

    private static void watch(
            List<Usage> usages, CountDownLatch over, long intervalMillis, AtomicReference<IOException> failure) {
        try {
            while (!over.await(intervalMillis, TimeUnit.MILLISECONDS)) {
                usages.add(Usage.now());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failure.set(e);
        }
    }
}
