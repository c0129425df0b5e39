package dev.gnomon.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code start}: many tiny processes, each on a host of its own, all alive at once. */
final class StartBenchmark implements Benchmark {
    private static final int TENTHS = 10;

    /** Processes and threads that may be there besides the guests. */
    private static final int OTHERS = 4096;

    private static final int LIMIT_BYTES = 64;

    @Override
    public String name() {
        return "start";
    }

    private static String experiment(Workbench bench, int processes) throws IOException {
        return """
                general: {stop_time: 100 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  h:
                    count: %d
                    network_node_id: 0
                    processes: [{path: %s, args: '2 40000', start_time: 1 s}]
                """.formatted(processes, bench.program("sleeper"));
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        List<Figure> figures = new ArrayList<>();
        int room = processRoom();
        for (int processes : new int[] {bench.size(1000, 5), bench.size(10_000, 10), bench.size(50_000, 20)}) {
            if (processes > room) {
                figures.add(Figure.of(processes + " left out: kernel.pid_max leaves room for", room, ""));
            } else {
                figures.addAll(measure(bench, processes));
            }
        }
        return figures;
    }

    private static int processRoom() throws IOException {
        // Files.readString reads one byte first, and such a file has only one read in it.
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/kernel/pid_max"))) {
            String limit = new String(file.readNBytes(LIMIT_BYTES), StandardCharsets.US_ASCII);
            return Math.max(0, Integer.parseInt(limit.strip()) - OTHERS);
        }
    }

    private static List<Figure> measure(Workbench bench, int processes)
            throws IOException, InterruptedException, BenchmarkFailedException {
        List<Figure> figures = new ArrayList<>();
        MemoryUse memory = new MemoryUse();
        ProcessCounter counter = ProcessCounter.watch(processes, memory);
        Workbench.Outcome outcome = bench.run(experiment(bench, processes), 2);
        counter.stop();
        figures.add(new Figure(processes + " started", counter.processesASecond(), "1/s", ">= 1200"));
        figures.add(new Figure(
                processes + " started, slowest tenth against the whole", counter.slowestShare(TENTHS), "", ">= 0.8"));
        figures.add(
                new Figure(processes + " started, memory each", memory.bytesEach(processes) / 1024, "KiB", "<= 260"));
        for (MemoryUse.Part part : MemoryUse.Part.values()) {
            String what = part.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            figures.add(
                    Figure.of(processes + " started, of it " + what, memory.bytesEach(part, processes) / 1024, "KiB"));
        }
        figures.add(Figure.of(processes + " run to their end, wall time", outcome.wallSeconds(), "s"));
        bench.discard(outcome);
        return figures;
    }
}
