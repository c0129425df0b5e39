package dev.gnomon.run;

import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one run is given beside its definition.
 *
 * @param dataDirectory where the results are written; must not exist yet
 * @param seed replaces the definition's seed where present
 * @param parallelism number of workers, replaces the definition's where present; 0 = every CPU allowed to us
 * @param cancellation ends the run early when another thread asks for it
 * @param ignoreLimits whether to begin although the machine seems too small for the run
 * @param realCounter whether guests read the CPU's own time-stamp counter, for measuring
 */
public record RunOptions(
        Path dataDirectory,
        OptionalLong seed,
        OptionalInt parallelism,
        RunCancellation cancellation,
        boolean ignoreLimits,
        boolean realCounter) {

    public RunOptions(Path dataDirectory, OptionalLong seed, OptionalInt parallelism, RunCancellation cancellation) {
        this(dataDirectory, seed, parallelism, cancellation, false, false);
    }

    public RunOptions {
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(cancellation, "cancellation");
        if (parallelism.isPresent() && parallelism.getAsInt() < 0) {
            throw new IllegalArgumentException("parallelism below 0: parallelism=" + parallelism.getAsInt());
        }
    }
}
