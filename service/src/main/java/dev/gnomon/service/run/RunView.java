package dev.gnomon.service.run;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.time.Instant;

/** A run as clients see it. Times ending in {@code Nanos} are durations in nanoseconds. */
@Schema(name = "Run")
public record RunView(
        @Schema(requiredMode = RequiredMode.REQUIRED) String id,
        @Schema(requiredMode = RequiredMode.REQUIRED) String experimentId,
        @Schema(requiredMode = RequiredMode.REQUIRED) String experimentName,
        @Schema(requiredMode = RequiredMode.REQUIRED) long seed,
        @Schema(requiredMode = RequiredMode.REQUIRED) RunState state,
        @Schema(requiredMode = RequiredMode.REQUIRED) Instant createdAt,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                types = {"string", "null"})
        Instant startedAt,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                types = {"string", "null"})
        Instant endedAt,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "How often it was started")
        int attempts,

        @Schema(requiredMode = RequiredMode.REQUIRED) long virtualNanos,
        @Schema(requiredMode = RequiredMode.REQUIRED) long stopNanos,
        @Schema(requiredMode = RequiredMode.REQUIRED) long wallNanos,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Virtual by wall-clock time")
        double ratio,

        @Schema(requiredMode = RequiredMode.REQUIRED) int hosts,
        @Schema(requiredMode = RequiredMode.REQUIRED) int processesRunning,
        @Schema(requiredMode = RequiredMode.REQUIRED) int processesEnded,
        @Schema(requiredMode = RequiredMode.REQUIRED) int processesFailed,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                types = {"string", "null"},
                description = "SHA-256 over the deterministic files, hexadecimal")
        String digest,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                types = {"string", "null"})
        String failure,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                types = {"integer", "null"},
                description = "1 is next; null where it is not queued")
        Long queuePosition) {

    static RunView of(Run run, Long queuePosition) {
        return new RunView(
                run.id(),
                run.experiment().id(),
                run.experiment().name(),
                run.seed(),
                run.state(),
                run.createdAt(),
                run.startedAt(),
                run.endedAt(),
                run.attempts(),
                run.virtualNanos(),
                run.stopNanos(),
                run.wallNanos(),
                Ratio.of(run.virtualNanos(), run.wallNanos()),
                run.hosts(),
                run.processesRunning(),
                run.processesEnded(),
                run.processesFailed(),
                run.digest(),
                run.failure(),
                queuePosition);
    }
}
