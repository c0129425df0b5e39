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
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code gnomon bench switch}: what handing the processor between engine and guest costs here. */
@Command(
        name = "switch",
        description = "Measures the round trip of a call that a guest hands to the engine, beside two C processes "
                + "that hand each other the processor by futexes, pinned to one processor and not.",
        mixinStandardHelpOptions = true)
final class SwitchBenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", description = "Round trips measured in each series (default: ${DEFAULT-VALUE}).")
    private int rounds = 100_000;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to FILE.")
    private Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (rounds < 100 || rounds > 10_000_000) {
            err.println("gnomon: --rounds must be from 100 to 10000000: " + rounds);
            return 2;
        }
        List<SwitchBench.Series> all = new ArrayList<>();
        try {
            SwitchBench bench = new SwitchBench(rounds);
            for (boolean pinned : new boolean[] {true, false}) {
                all.add(bench.futexPair(pinned));
                all.add(bench.forwardedCall(pinned));
            }
            all.add(bench.trappedNativeCall());
            all.add(bench.localTimeCall());
        } catch (SwitchBench.FailedException e) {
            err.println("gnomon: " + e.getMessage());
            return 1;
        }
        print(out, all);
        if (json != null) {
            write(all);
        }
        return 0;
    }

    private static void print(PrintWriter out, List<SwitchBench.Series> all) {
        out.printf(Locale.ROOT, "%-58s %12s %12s %12s%n", "nanoseconds", "median", "p99", "samples");
        for (SwitchBench.Series one : all) {
            out.printf(Locale.ROOT, "%-58s %12.1f %12.1f %12d%n", one.title(), one.median(), one.p99(), one.samples());
        }
        out.flush();
    }

    private void write(List<SwitchBench.Series> all) throws IOException {
        List<Map<String, Object>> series = new ArrayList<>();
        for (SwitchBench.Series one : all) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", one.name());
            entry.put("title", one.title());
            entry.put("pinned", one.pinned());
            entry.put("medianNanos", one.median());
            entry.put("p99Nanos", one.p99());
            entry.put("samples", one.samples());
            series.add(entry);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("benchmark", "switch");
        document.put("kernel", System.getProperty("os.version"));
        document.put("java", System.getProperty("java.version"));
        document.put("processors", Runtime.getRuntime().availableProcessors());
        document.put("series", series);
        Files.write(
                json,
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    }
}
