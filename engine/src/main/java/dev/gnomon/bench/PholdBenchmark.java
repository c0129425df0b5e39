package dev.gnomon.bench;

import dev.gnomon.network.Ipv4;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code phold}: each host answers every message with one to a host chosen at random. Rates are taken while they do, without the
 * start of the processes.
 */
final class PholdBenchmark implements Benchmark {
    /** 11.0.0.1; the other hosts' follow. */
    private static final int FIRST_ADDRESS = 0x0b00_0001;
    /** The hosts have all started, and begin to exchange messages. */
    private static final long BEGIN_NANOS = 1_000_000_000L;

    private final int hosts;
    private final int messages;

    PholdBenchmark(Workbench bench) {
        hosts = bench.size(1000, 4);
        messages = bench.size(100, 3);
    }

    @Override
    public String name() {
        return "phold";
    }

    private String experiment(Workbench bench) throws IOException {
        StringBuilder text = new StringBuilder("""
                general: {stop_time: 10 s}
                network:
                  graph:
                    type: gml
                    inline: |
                      graph [ node [ id 0 host_bandwidth_down "1 Gbit" host_bandwidth_up "1 Gbit" ]
                              edge [ source 0 target 0 latency "100 ms" packet_loss 0.0 ] ]
                hosts:
                """);
        for (int i = 1; i <= hosts; i++) {
            text.append("  h%d: {network_node_id: 0, ip_addr: %s, processes: [{path: %s, args: '%d %d 1 0 0 %s+%d'}]}%n"
                    .formatted(
                            i,
                            Ipv4.format(FIRST_ADDRESS + i - 1),
                            bench.program("phold"),
                            i,
                            messages,
                            Ipv4.format(FIRST_ADDRESS),
                            hosts));
        }
        return text.toString();
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        String experiment = experiment(bench);
        List<Figure> figures = new ArrayList<>();
        String alone = "experimental: {use_worker_spinning: false}\n";
        double onOneProcessor = rate(bench, alone + experiment, 1, "1 worker, one processor", figures);
        // Worker and guest wait for each other spinning, and so use both processors of a machine with two.
        double oneWorker = rate(bench, experiment, 1, "1 worker, spinning", figures);
        double twoWorkers = rate(bench, experiment, 2, "2 workers", figures);
        figures.add(new Figure("speed-up from one to two processors", twoWorkers / onOneProcessor, "", ">= 1.7"));
        figures.add(Figure.of("speed-up from one worker that spins to two", twoWorkers / oneWorker, ""));
        return figures;
    }

    /** Runs the experiment, and returns the messages of a second of wall time. */
    private double rate(Workbench bench, String experiment, int workers, String where, List<Figure> figures)
            throws IOException, InterruptedException, BenchmarkFailedException {
        ContextSwitches before = ContextSwitches.now();
        Workbench.Outcome outcome = bench.run(experiment, workers);
        long switches = ContextSwitches.now().since(before);
        long answered = 0;
        for (int i = 1; i <= hosts; i++) {
            String[] words = outcome.output("h" + i, "phold").strip().split(" ");
            answered += Long.parseLong(words[3]);
        }
        double rate = answered / outcome.wallSecondsFrom(BEGIN_NANOS);
        figures.add(Figure.of("messages, " + where, answered, ""));
        figures.add(Figure.of("messages a second, " + where, rate, "1/s"));
        figures.add(new Figure("crossings a message, " + where, outcome.crossings() / (double) answered, "", "<= 1.3"));
        figures.add(new Figure(
                "context switches of the machine a message, " + where, switches / (double) answered, "", "<= 2.6"));
        bench.discard(outcome);
        return rate;
    }
}
