package dev.gnomon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code local}: calls that a guest answers itself, beside the same calls of the kernel. */
final class LocalBenchmark implements Benchmark {
    private static final String FREQUENCY = "ticks per nanosecond";

    @Override
    public String name() {
        return "local";
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        String batches = Integer.toString(bench.size(200, 2));
        String calls = "20"; // few enough to fit into one turn's log
        String program = bench.program("local-guest").toString();
        Map<String, Double> natively = medians(bench.runNatively(List.of(program, batches, calls)));
        Workbench.Outcome outcome = bench.run("""
                general: {stop_time: 1 h}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  one: {network_node_id: 0, processes: [{path: %s, args: '%s %s'}]}
                """.formatted(program, batches, calls), 1, true);
        Map<String, Double> locally = medians(outcome.output("one", "local-guest"));
        double frequency = natively.get(FREQUENCY);
        List<Figure> figures = new ArrayList<>();
        locally.forEach((call, ticks) -> {
            if (!call.equals(FREQUENCY)) {
                boolean plain = call.equals("clock_gettime") || call.equals("getpid");
                figures.add(new Figure(call + ", in the guest", ticks / frequency, "ns", plain ? "<= 20" : "<= 100"));
                figures.add(Figure.of(call + ", natively", natively.get(call) / frequency, "ns"));
            }
        });
        bench.discard(outcome);
        return figures;
    }

    private static Map<String, Double> medians(String text) {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.split(",");
            medians.put(fields[0], Double.parseDouble(fields[fields.length - 1]));
        }
        return medians;
    }
}
