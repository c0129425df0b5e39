package dev.gnomon.definition;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code general} section.
 *
 * @param stopNanos virtual time at which the run ends, greater than 0
 * @param seed from which every random draw comes, 0 or more
 * @param parallelism workers; 0 means one on each CPU that is allowed to us
 * @param bootstrapEndNanos until then bandwidth is unlimited and nothing is lost
 * @param dataDirectory where results go unless the caller says otherwise; absolute
 * @param templateDirectory copied into the data directory first; absolute, an existing directory
 * @param heartbeatIntervalNanos virtual time between two log lines about resource use; empty for none
 * @param logLevel least severe messages to log
 * @param progress whether to show progress on standard error
 * @param modelUnblockedSyscallLatency whether calls that do not block take virtual time
 * @param localCalls whether guests answer calls themselves where they are sure of the answer
 * @param preparedImages whether hosts that start the same program may be given copies of one process
 */
public record GeneralOptions(
        long stopNanos,
        long seed,
        int parallelism,
        long bootstrapEndNanos,
        Path dataDirectory,
        Optional<Path> templateDirectory,
        OptionalLong heartbeatIntervalNanos,
        LogLevel logLevel,
        boolean progress,
        boolean modelUnblockedSyscallLatency,
        boolean localCalls,
        boolean preparedImages) {

    GeneralOptions withSeed(long otherSeed) {
        return new GeneralOptions(
                stopNanos,
                otherSeed,
                parallelism,
                bootstrapEndNanos,
                dataDirectory,
                templateDirectory,
                heartbeatIntervalNanos,
                logLevel,
                progress,
                modelUnblockedSyscallLatency,
                localCalls,
                preparedImages);
    }
}
