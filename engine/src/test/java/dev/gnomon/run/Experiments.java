package dev.gnomon.run;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.definition.DefinitionSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Runs experiments for tests. */
public final class Experiments {
    private Experiments() {}

    public static Definition definition(String text) {
        Path here = Path.of("").toAbsolutePath();
        DefinitionResult result =
                DefinitionReader.read(text, new DefinitionSource("test.yaml", here, here, System.getenv()));
        return result.definition()
                .orElseThrow(() -> new IllegalArgumentException("the definition is wrong: " + result.errors()));
    }

    /** Runs a definition into {@code data}, which must not exist yet. */
    public static RunResult run(String text, Path data) throws RunFailedException, InterruptedException {
        return run(text, data, OptionalLong.empty(), OptionalInt.empty());
    }

    public static RunResult run(String text, Path data, OptionalLong seed, OptionalInt parallelism)
            throws RunFailedException, InterruptedException {
        RunOptions options = new RunOptions(data, seed, parallelism, new RunCancellation());
        return Simulation.run(definition(text), options, new RunObserver() {});
    }

    /** A file that a host's process wrote. */
    public static String output(Path data, String host, String file) {
        try {
            return Files.readString(data.resolve("hosts").resolve(host).resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read what " + host + " wrote: " + file, e);
        }
    }
}
