package dev.gnomon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code bulk}: one TCP flow at 1 and at 10 Gbit/s over 10 ms, on one worker. */
final class BulkBenchmark implements Benchmark {
    @Override
    public String name() {
        return "bulk";
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        List<Figure> figures = new ArrayList<>();
        for (int gigabits : new int[] {1, 10}) {
            int seconds = bench.size(5, 1);
            String rate = bench.size(gigabits * 1000, 10) + " Mbit";
            String experiment = """
                    general: {stop_time: %d s}
                    network:
                      graph:
                        type: gml
                        inline: |
                          graph [ node [ id 0 host_bandwidth_down "%2$s" host_bandwidth_up "%2$s" ]
                                  edge [ source 0 target 0 latency "10 ms" packet_loss 0.0 ] ]
                    hosts:
                      receiver: {network_node_id: 0, processes: [{path: %3$s, args: 'receive 4000'}]}
                      sender: {network_node_id: 0, processes: [{path: %3$s, args: 'send receiver 4000 %4$d', start_time: 1 s}]}
                    """.formatted(seconds + 10, rate, bench.program("flow"), seconds);
            Workbench.Outcome outcome = bench.run(experiment, 1);
            long bytes =
                    Long.parseLong(outcome.output("receiver", "flow").strip().split(" ")[1]);
            double gigabitsASecond = bytes * 8 / 1e9 / outcome.wallSeconds();
            figures.add(Figure.of("bytes moved at " + gigabits + " Gbit/s", bytes, "B"));
            figures.add(new Figure(
                    "simulated in a wall second at " + gigabits + " Gbit/s",
                    gigabitsASecond,
                    "Gbit/s",
                    gigabits == 1 ? ">= 1 Gbit/s" : ""));
            bench.discard(outcome);
        }
        return figures;
    }
}
