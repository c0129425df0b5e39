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
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One of the folders below {@code examples/}, run through the engine's entrance as users run it. */
enum Example {
    WEB("web"),
    LOSSY_TRANSFER("lossy-transfer"),
    PING_PONG("ping-pong"),
    SHELL("shell");

    private static final String TRACED = """

            host_option_defaults: {pcap_enabled: true}
            experimental: {strace_logging_mode: deterministic}
            """;

    private static final String CAPTURED = """

            host_option_defaults: {pcap_enabled: true}
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

    /** Runs it by one mechanism, so that the result holds every packet too. */
    ExampleRun run(Path dataDirectory, Mechanism mechanism)
            throws IOException, RunFailedException, InterruptedException {
        return run(text() + CAPTURED, dataDirectory, 2, OptionalLong.empty(), mechanism);
    }

    private ExampleRun run(String text, Path dataDirectory, int workers, OptionalLong seed)
            throws IOException, RunFailedException, InterruptedException {
        return run(text, dataDirectory, workers, seed, Mechanism.PRELOAD);
    }

    private ExampleRun run(String text, Path dataDirectory, int workers, OptionalLong seed, Mechanism mechanism)
            throws IOException, RunFailedException, InterruptedException {
        RunOptions options =
                new RunOptions(dataDirectory, seed, OptionalInt.of(workers), new RunCancellation(), mechanism);
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
