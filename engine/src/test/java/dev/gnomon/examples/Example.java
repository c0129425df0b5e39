package dev.gnomon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.definition.DefinitionSource;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.run.RunCancellation;
import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One of the folders below {@code examples/}, run through the engine's entrance as users run it. */
enum Example {
    WEB("web"),
    LOSSY_TRANSFER("lossy-transfer"),
    PING_PONG("ping-pong"),
    SHELL("shell"),
    SCALE("scale");

    private static final String CAPTURED = """

            host_option_defaults: {pcap_enabled: true}
            """;

    private static final String TRACED = """

            host_option_defaults: {pcap_enabled: true}
            experimental: {strace_logging_mode: deterministic}
            """;

    private final String folder;

    Example(String folder) {
        this.folder = folder;
    }

    /** Runs it with the definition's own seed; the data directory must not exist yet. */
    ExampleRun run(Path dataDirectory, int workers) throws IOException, RunFailedException, InterruptedException {
        return run(text(), dataDirectory, workers, OptionalLong.empty());
    }

    /** Runs it with another seed. */
    ExampleRun run(Path dataDirectory, int workers, long seed)
            throws IOException, RunFailedException, InterruptedException {
        return run(text(), dataDirectory, workers, OptionalLong.of(seed));
    }

    /** Runs it so that the result holds every system call of every process and every packet too. */
    ExampleRun runTraced(Path dataDirectory, int workers) throws IOException, RunFailedException, InterruptedException {
        return run(text() + TRACED, dataDirectory, workers, OptionalLong.empty());
    }

    /** Runs it so that the result holds every packet, and guests answer calls themselves or never do. */
    ExampleRun runCaptured(Path dataDirectory, int workers, boolean localCalls)
            throws IOException, RunFailedException, InterruptedException {
        String text = text().replaceFirst("(?m)^general:$", "general:\n  local_calls: " + localCalls);
        assertThat(text).contains("local_calls: " + localCalls);
        return run(text + CAPTURED, dataDirectory, workers, OptionalLong.empty());
    }

    /** Runs it so that the result holds every packet, its programs reached by this mechanism. */
    ExampleRun runCaptured(Path dataDirectory, Mechanism mechanism)
            throws IOException, RunFailedException, InterruptedException {
        String key = "mechanism: " + mechanism.name().toLowerCase(Locale.ROOT);
        String text = text().replaceFirst("(?m)^experiment:$", "experiment:\n  " + key);
        assertThat(text).contains(key);
        return run(text + CAPTURED, dataDirectory, 1, OptionalLong.empty());
    }

    private ExampleRun run(String text, Path dataDirectory, int workers, OptionalLong seed)
            throws IOException, RunFailedException, InterruptedException {
        RunOptions options = new RunOptions(dataDirectory, seed, OptionalInt.of(workers), new RunCancellation());
        RunResult result = Simulation.run(definition(text), options, new RunObserver() {});
        return new ExampleRun(result, dataDirectory);
    }

    private Path directory() throws IOException {
        // Surefire's working directory is the module's.
        return Path.of("..", "examples", folder).toRealPath();
    }

    private String text() throws IOException {
        return Files.readString(directory().resolve("experiment.yaml"));
    }

    private Definition definition(String text) throws IOException {
        DefinitionResult read = DefinitionReader.read(
                text, new DefinitionSource(folder, directory(), directory(), Map.of("PATH", "/usr/bin:/bin")));
        assertThat(read.errors()).as("errors in %s", folder).isEmpty();
        return read.definition().orElseThrow();
    }

    @Override
    public String toString() {
        return folder;
    }
}
