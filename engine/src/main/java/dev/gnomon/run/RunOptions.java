package dev.gnomon.run;

import dev.gnomon.guest.Mechanism;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one run is given beside its definition.
 *
 * @param dataDirectory where the results are written; must not exist yet
 * @param seed replaces the definition's seed where present
 * @param parallelism number of workers, replaces the definition's where present; 0 = every physical CPU allowed to us
 * @param mechanism how programs are reached
 * @param cancellation ends the run early when another thread asks for it
 */
public record RunOptions(
        Path dataDirectory,
        OptionalLong seed,
        OptionalInt parallelism,
        RunCancellation cancellation,
        Mechanism mechanism) {

    /** With the usual mechanism. */
    public RunOptions(Path dataDirectory, OptionalLong seed, OptionalInt parallelism, RunCancellation cancellation) {
        this(dataDirectory, seed, parallelism, cancellation, Mechanism.PRELOAD);
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
