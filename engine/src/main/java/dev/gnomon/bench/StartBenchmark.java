package dev.gnomon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code start}: many tiny processes, each on a host of its own, all alive at once. */
final class StartBenchmark implements Benchmark {
    private static final int TENTHS = 10;

    @Override
    public String name() {
        return "start";
    }

    private static String experiment(Workbench bench, int processes) throws IOException {
        StringBuilder text = new StringBuilder("""
                general: {stop_time: 100 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                """);
        for (int i = 0; i < processes; i++) {
            text.append("  h%d: {network_node_id: 0, processes: [{path: %s, args: '2 40000', start_time: 1 s}]}%n"
                    .formatted(i, bench.program("sleeper")));
        }
        return text.toString();
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        List<Figure> figures = new ArrayList<>();
        for (int processes : new int[] {bench.size(1000, 5), bench.size(10_000, 10)}) {
            MemoryUse memory = new MemoryUse();
            ProcessCounter counter = ProcessCounter.watch("sleeper", processes, memory);
            Workbench.Outcome outcome = bench.run(experiment(bench, processes), 2);
            counter.stop();
            figures.add(new Figure(processes + " started", counter.processesASecond(), "1/s", ">= 1200"));
            figures.add(new Figure(
                    processes + " started, slowest tenth against the whole",
                    counter.slowestShare(TENTHS),
                    "",
                    ">= 0.8"));
            figures.add(new Figure(
                    processes + " started, memory each", memory.bytesEach(processes) / 1024, "KiB", "<= 260"));
            figures.add(Figure.of(processes + " run to their end, wall time", outcome.wallSeconds(), "s"));
            bench.discard(outcome);
        }
        return figures;
    }
}
