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

    /** Of a tiny run: enough that copies are made. */
    private static final int TINY = 20;

    private static final int TINY_SHARE = 1000;

    /** How the processes come to life. */
    private enum Way {
        EXECUTED("executed", ">= 1200", "<= 260", 1000, 10_000, 50_000),
        PREPARED("from a prepared image", ">= 5000", "<= 140", 1000, 10_000, 50_000, 100_000);

        private final String word;
        private final String rate;
        private final String memory;
        private final int[] sizes;

        Way(String word, String rate, String memory, int... sizes) {
            this.word = word;
            this.rate = rate;
            this.memory = memory;
            this.sizes = sizes;
        }
    }

    @Override
    public String name() {
        return "start";
    }

    private static String experiment(Workbench bench, Way way, int processes) throws IOException {
        return """
                general: {stop_time: 100 s, prepared_images: %s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  h:
                    count: %d
                    network_node_id: 0
                    processes: [{path: %s, args: '2 40000', start_time: 1 s}]
                """.formatted(way == Way.PREPARED, processes, bench.program("sleeper"));
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        List<Figure> figures = new ArrayList<>();
        int room = processRoom();
        for (Way way : Way.values()) {
            for (int each : way.sizes) {
                int processes = bench.size(each, TINY + each / TINY_SHARE);
                if (processes > room) {
                    figures.add(Figure.of(
                            processes + " " + way.word + " left out: kernel.pid_max leaves room for", room, ""));
                } else {
                    figures.addAll(measure(bench, way, processes));
                }
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

    private static List<Figure> measure(Workbench bench, Way way, int processes)
            throws IOException, InterruptedException, BenchmarkFailedException {
        List<Figure> figures = new ArrayList<>();
        MemoryUse memory = new MemoryUse();
        ProcessCounter counter = ProcessCounter.watch(processes, memory);
        Workbench.Outcome outcome = bench.run(experiment(bench, way, processes), 2);
        counter.stop();
        String what = processes + " " + way.word;
        figures.add(new Figure(what, counter.processesASecond(), "1/s", way.rate));
        figures.add(new Figure(what + ", slowest tenth against the whole", counter.slowestShare(TENTHS), "", ">= 0.8"));
        figures.add(new Figure(what + ", memory each", memory.bytesEach(processes) / 1024, "KiB", way.memory));
        for (MemoryUse.Part part : MemoryUse.Part.values()) {
            String name = part.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            figures.add(Figure.of(what + ", of it " + name, memory.bytesEach(part, processes) / 1024, "KiB"));
        }
        figures.add(Figure.of(what + ", run to their end, wall time", outcome.wallSeconds(), "s"));
        bench.discard(outcome);
        return figures;
    }
}
