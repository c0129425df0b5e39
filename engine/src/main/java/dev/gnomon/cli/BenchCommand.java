package dev.gnomon.cli;

import dev.gnomon.bench.Benchmark;
import dev.gnomon.bench.BenchmarkFailedException;
import dev.gnomon.bench.Benchmarks;
import dev.gnomon.bench.Figure;
import dev.gnomon.bench.Workbench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code gnomon bench}: measures the engine on this machine. */
@Command(
        name = "bench",
        description = "Measures the engine on this machine: everything, or what is named.",
        mixinStandardHelpOptions = true,
        subcommands = SwitchBenchCommand.class)
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "events, local, bulk, phold, web, redis, start, soak (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--repeats",
            description = "How often each is measured; the medians count (default: ${DEFAULT-VALUE}).")
    private int repeats = 3;

    @Option(names = "--tiny", description = "Only sees that everything works.")
    private boolean tiny;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to FILE.")
    private Path json;

    /** One figure over all repeats. */
    private record Spread(Figure figure, double[] values) {
        double median() {
            return values[values.length / 2];
        }

        /** Between the least and the greatest, against the median; in per cent. */
        double spreadPercent() {
            return median() == 0 ? 0 : 100 * (values[values.length - 1] - values[0]) / Math.abs(median());
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (repeats < 1 || repeats > 100) {
            err.println("gnomon: --repeats must be from 1 to 100: " + repeats);
            return 2;
        }
        Map<String, Object> document = new LinkedHashMap<>(Machine.describe());
        try (Workbench bench = new Workbench(tiny)) {
            List<Benchmark> all = Benchmarks.all(bench);
            List<String> known = all.stream().map(Benchmark::name).toList();
            for (String name : names) {
                if (!known.contains(name)) {
                    err.println("gnomon: no such benchmark: " + name + " (there are switch, " + String.join(", ", known)
                            + ")");
                    return 2;
                }
            }
            int status = 0;
            for (Benchmark benchmark : all) {
                if (names.isEmpty() || names.contains(benchmark.name())) {
                    try {
                        List<Spread> spreads = measure(bench, benchmark);
                        print(out, benchmark, spreads);
                        document.put(benchmark.name(), toJson(spreads));
                    } catch (BenchmarkFailedException e) {
                        err.println("gnomon: bench " + benchmark.name() + ": " + e.getMessage());
                        status = 1;
                    }
                }
            }
            if (json != null) {
                Files.write(
                        json,
                        JsonMapper.builder()
                                .build()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsBytes(document));
            }
            return status;
        }
    }

    private List<Spread> measure(Workbench bench, Benchmark benchmark)
            throws IOException, InterruptedException, BenchmarkFailedException {
        List<List<Figure>> measured = new ArrayList<>();
        for (int i = 0; i < repeats; i++) {
            measured.add(benchmark.measure(bench));
        }
        List<Spread> spreads = new ArrayList<>();
        for (int i = 0; i < measured.get(0).size(); i++) {
            int index = i;
            double[] values = measured.stream()
                    .mapToDouble(figures -> figures.get(index).value())
                    .toArray();
            Arrays.sort(values);
            spreads.add(new Spread(measured.get(0).get(i), values));
        }
        return spreads;
    }

    private static void print(PrintWriter out, Benchmark benchmark, List<Spread> spreads) {
        out.println(benchmark.name());
        for (Spread spread : spreads) {
            out.printf(
                    Locale.ROOT,
                    "  %-66s %14.2f %-6s +-%5.1f %%  %s%n",
                    spread.figure().name(),
                    spread.median(),
                    spread.figure().unit(),
                    spread.spreadPercent() / 2,
                    spread.figure().bar());
        }
        out.flush();
    }

    private static List<Map<String, Object>> toJson(List<Spread> spreads) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Spread spread : spreads) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", spread.figure().name());
            entry.put("median", spread.median());
            entry.put("unit", spread.figure().unit());
            entry.put("bar", spread.figure().bar());
            entry.put("values", spread.values());
            list.add(entry);
        }
        return list;
    }
}
