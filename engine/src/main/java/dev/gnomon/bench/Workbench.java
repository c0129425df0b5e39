package dev.gnomon.bench;

import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.definition.DefinitionSource;
import dev.gnomon.run.RunCancellation;
import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunProgress;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.Simulation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where benchmarks run: a directory that is gone afterwards, programs from the engine's jar, and the size of everything. */
public final class Workbench implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long NATIVE_SECONDS = 300;

    private final Path directory;
    private final boolean tiny;
    private int runs;

    /** @param tiny whether only to see that everything works, as tests do */
    public Workbench(boolean tiny) throws IOException {
        this.directory = Files.createTempDirectory("gnomon-bench");
        this.tiny = tiny;
    }

    /** A size: {@code full}, or {@code small} where nothing is to be measured. */
    int size(int full, int small) {
        return tiny ? small : full;
    }

    Path directory() {
        return directory;
    }

    /** A program that was built for benchmarks, as a file. */
    Path program(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            String resource = "/dev/gnomon/native/linux-x86-64/gnomon-bench-" + name;
            try (InputStream stream = Workbench.class.getResourceAsStream(resource)) {
                if (stream == null) {
                    throw new IOException("the engine was built without a benchmark's program: resource=" + resource);
                }
                Files.copy(stream, file);
            }
            if (!file.toFile().setExecutable(true)) {
                throw new IOException("cannot make a benchmark's program executable: " + file);
            }
        }
        return file;
    }

    /** The first of these paths that is a program; for what comes with the system. */
    static Path installed(String... candidates) throws BenchmarkFailedException {
        for (String candidate : candidates) {
            if (Files.isExecutable(Path.of(candidate))) {
                return Path.of(candidate);
            }
        }
        throw new BenchmarkFailedException("not installed: " + candidates[0]);
    }

    /** What came of an experiment. */
    record Outcome(RunResult result, JsonNode calls, Path data, List<RunProgress> progress) {
        double wallSeconds() {
            return result.wallNanos() / 1e9;
        }

        /** The wall time since the last report of progress at or before a virtual time; since the start where there is none. */
        double wallSecondsFrom(long virtualNanos) {
            long before = 0;
            for (RunProgress report : progress) {
                if (report.virtualNanos() <= virtualNanos) {
                    before = Math.max(before, report.wallNanos());
                }
            }
            return (result.wallNanos() - before) / 1e9;
        }

        /** The text that a host's process wrote to its standard output. */
        String output(String host, String program) {
            try {
                return Files.readString(data.resolve("hosts").resolve(host).resolve(program + ".1000.stdout"));
            } catch (IOException e) {
                throw new UncheckedIOException("nothing was written: host=" + host, e);
            }
        }

        long crossings() {
            return calls.path("crossings").asLong();
        }

        /** Calls on objects that guests answered. */
        long localOnObjects() {
            return sum(calls.path("localOnObjects"));
        }

        /** Calls on objects that crossed, by the calls' names. */
        long crossed(List<String> names) {
            long sum = 0;
            for (String name : names) {
                sum += calls.path("crossedByCall").path(name).asLong();
            }
            return sum;
        }

        private static long sum(JsonNode counts) {
            long sum = 0;
            for (JsonNode count : counts) {
                sum += count.asLong();
            }
            return sum;
        }
    }

    Outcome run(String experiment, int workers) throws IOException, InterruptedException, BenchmarkFailedException {
        return run(experiment, workers, false);
    }

    /** @param realCounter whether guests are to see the CPU's own time-stamp counter */
    Outcome run(String experiment, int workers, boolean realCounter)
            throws IOException, InterruptedException, BenchmarkFailedException {
        Path data = directory.resolve("data" + runs++);
        DefinitionResult definition = DefinitionReader.read(
                experiment, new DefinitionSource("bench.yaml", directory, directory, System.getenv()));
        if (definition.definition().isEmpty()) {
            throw new BenchmarkFailedException("the experiment is wrong: " + definition.errors());
        }
        RunOptions options = new RunOptions(
                data, OptionalLong.empty(), OptionalInt.of(workers), new RunCancellation(), false, realCounter);
        try {
            List<RunProgress> progress = Collections.synchronizedList(new ArrayList<>());
            RunObserver observer = new RunObserver() {
                @Override
                public void progress(RunProgress report) {
                    progress.add(report);
                }
            };
            RunResult result = Simulation.run(definition.definition().get(), options, observer);
            if (!result.succeeded()) {
                throw new BenchmarkFailedException("the experiment failed: " + result.failures());
            }
            return new Outcome(
                    result,
                    JSON.readTree(Files.readString(data.resolve("summary.json")))
                            .path("calls"),
                    data,
                    List.copyOf(progress));
        } catch (RunFailedException e) {
            throw new BenchmarkFailedException("the experiment could not run: " + e.getMessage());
        }
    }

    /** Runs a program as it is, and gives what it printed. */
    String runNatively(List<String> command) throws IOException, InterruptedException, BenchmarkFailedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(NATIVE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new BenchmarkFailedException("failed: " + String.join(" ", command) + ": " + output.strip());
        }
        return output;
    }

    /** Forgets an outcome's files. */
    void discard(Outcome outcome) throws IOException {
        delete(outcome.data());
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }
}
