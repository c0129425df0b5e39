package dev.gnomon.bench;

import java.io.IOException;
import java.util.List;

/**
 * {@code stress}: threads, signals, timers and processes storm call sites while these are patched, on two workers; whoever
 * answers the calls and whatever the order in real time, the digest is the same.
 */
final class StressBenchmark implements Benchmark {
    private static final int HOSTS = 4;

    @Override
    public String name() {
        return "stress";
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        int rounds = bench.size(100, 1);
        Workbench.Outcome guests = bench.run(experiment(bench, rounds, "on"), 2);
        Workbench.Outcome engine = bench.run(experiment(bench, rounds, "off"), 1);
        boolean same = guests.result().digest().equals(engine.result().digest());
        bench.discard(guests);
        bench.discard(engine);
        if (!same) {
            throw new BenchmarkFailedException("the digests of the two runs differ");
        }
        return List.of(
                Figure.of("rounds of each of " + HOSTS + " hosts", rounds, ""),
                Figure.of("wall time, calls answered in the guests, 2 workers", guests.wallSeconds(), "s"),
                Figure.of("wall time, calls answered by the engine, 1 worker", engine.wallSeconds(), "s"));
    }

    private static String experiment(Workbench bench, int rounds, String localCalls) throws IOException {
        StringBuilder text = new StringBuilder("""
            general: {stop_time: 1 h, local_calls: %s}
            network: {graph: {type: 1_gbit_switch}}
            hosts:
            """.formatted(localCalls));
        for (int i = 0; i < HOSTS; i++) {
            text.append("  h%d: {network_node_id: 0, processes: [{path: %s, args: '%d', start_time: %d ms}]}%n"
                    .formatted(i, bench.program("storm"), rounds, i));
        }
        return text.toString();
    }
}
