package dev.gnomon.bench;

import java.util.List;

/** All benchmarks but that of the switch, which has settings of its own. */
public final class Benchmarks {
    private Benchmarks() {}

    public static List<Benchmark> all(Workbench bench) {
        return List.of(
                new EventsBenchmark(),
                new LocalBenchmark(),
                new BulkBenchmark(),
                new PholdBenchmark(bench),
                new WebBenchmark(),
                new RedisBenchmark(),
                new StartBenchmark(),
                new SoakBenchmark(),
                new StressBenchmark());
    }
}
