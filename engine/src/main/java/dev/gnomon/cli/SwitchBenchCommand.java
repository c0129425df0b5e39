package dev.gnomon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code gnomon bench switch}: what handing the processor between engine and guest costs here. */
@Command(
        name = "switch",
        description =
                "Measures the round trip of a call that a guest hands to the engine, beside C processes that hand "
                        + "each other the processor, in the same setting and in turns with it.",
        mixinStandardHelpOptions = true)
final class SwitchBenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", description = "Round trips measured in each setting (default: ${DEFAULT-VALUE}).")
    private int rounds = 100_000;

    @Option(names = "--batches", description = "In how many pieces (default: ${DEFAULT-VALUE}).")
    private int batches = 5;

    @Option(names = "--guests", description = "How many guests take turns where many do (default: ${DEFAULT-VALUE}).")
    private int guests = 500;

    @Option(
            names = "--kills",
            description = "Guests killed to time how soon that is noticed (default: ${DEFAULT-VALUE}).")
    private int kills = 200;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to FILE.")
    private Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (!inRange("--rounds", rounds, 100, 10_000_000)
                || !inRange("--batches", batches, 1, 100)
                || !inRange("--guests", guests, 2, 1000)
                || !inRange("--kills", kills, 1, 100_000)) {
            return 2;
        }
        List<SwitchResult> results = new ArrayList<>();
        List<SwitchBench.LocalCall> local;
        Histogram deaths;
        try {
            SwitchBench bench = new SwitchBench(rounds, batches, guests);
            bench.measure(SwitchSetting.PLAIN); // until everything is compiled
            out.printf(Locale.ROOT, "%-54s %9s %9s %9s %6s%n", "nanoseconds", "median", "p99", "C pair", "ratio");
            for (SwitchSetting setting : bench.settings()) {
                SwitchResult result = bench.measure(setting);
                results.add(result);
                print(out, result);
            }
            local = List.of(bench.trappedNativeCall(), bench.hybridNativeCall(), bench.localTimeCall());
            deaths = DeathBench.measure(kills);
        } catch (SwitchBench.FailedException e) {
            err.println("gnomon: " + e.getMessage());
            return 1;
        }
        for (SwitchBench.LocalCall one : local) {
            out.printf(Locale.ROOT, "%-54s %9.1f %9.1f%n", one.title(), one.median(), one.p99());
        }
        out.printf(
                Locale.ROOT,
                "a killed guest is noticed after: median %.0f us, p95 %.0f us%n",
                deaths.getValueAtPercentile(50) / 1e3,
                deaths.getValueAtPercentile(95) / 1e3);
        out.flush();
        if (json != null) {
            Files.write(
                    json,
                    JsonMapper.builder()
                            .build()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(document(results, local, deaths)));
        }
        return 0;
    }

    private boolean inRange(String option, int value, int from, int to) {
        boolean right = value >= from && value <= to;
        if (!right) {
            spec.commandLine()
                    .getErr()
                    .println("gnomon: " + option + " must be from " + from + " to " + to + ": " + value);
        }
        return right;
    }

    private static void print(PrintWriter out, SwitchResult result) {
        out.printf(
                Locale.ROOT,
                "%-54s %9.0f %9.0f %9.0f %6.2f%s%n",
                result.setting().title(),
                SwitchResult.median(result.medians()),
                SwitchResult.median(result.p99s()),
                SwitchResult.median(result.pairMedians()),
                result.ratio(),
                result.setting().spinning()
                        ? String.format(Locale.ROOT, "  (%.0f %% spinning)", 100 * result.spinningShare())
                        : "");
        out.flush();
    }

    private static Map<String, Object> document(
            List<SwitchResult> results, List<SwitchBench.LocalCall> local, Histogram deaths) throws IOException {
        List<Map<String, Object>> calls = new ArrayList<>();
        for (SwitchBench.LocalCall one : local) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", one.name());
            entry.put("title", one.title());
            entry.put("medianNanos", one.median());
            entry.put("p99Nanos", one.p99());
            calls.add(entry);
        }
        Map<String, Object> death = new LinkedHashMap<>();
        death.put("kills", deaths.getTotalCount());
        death.put("medianNanos", deaths.getValueAtPercentile(50));
        death.put("p95Nanos", deaths.getValueAtPercentile(95));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("benchmark", "switch");
        document.putAll(Machine.describe());
        document.put("switches", results.stream().map(SwitchResult::toJson).toList());
        document.put("callsNotCrossing", calls);
        document.put("deathNoticed", death);
        return document;
    }
}
