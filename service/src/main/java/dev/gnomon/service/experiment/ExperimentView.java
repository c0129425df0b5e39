package dev.gnomon.service.experiment;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.time.Instant;
import java.util.List;

/** An experiment as clients see it. */
@Schema(name = "Experiment")
public record ExperimentView(
        @Schema(requiredMode = RequiredMode.REQUIRED) String id,
        @Schema(requiredMode = RequiredMode.REQUIRED) String name,
        @Schema(requiredMode = RequiredMode.REQUIRED) String description,
        @Schema(requiredMode = RequiredMode.REQUIRED) List<String> tags,
        @Schema(requiredMode = RequiredMode.REQUIRED) Instant createdAt,
        @Schema(requiredMode = RequiredMode.REQUIRED) int hosts,
        @Schema(requiredMode = RequiredMode.REQUIRED) int processes,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                description = "Virtual time at which a run ends",
                example = "10 s")
        String stopTime,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "SHA-256 of the definition, hexadecimal")
        String sha256,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Number of its runs")
        long runs) {

    static ExperimentView of(Experiment experiment, long runs) {
        return new ExperimentView(
                experiment.id(),
                experiment.name(),
                experiment.description(),
                experiment.tags(),
                experiment.createdAt(),
                experiment.hosts(),
                experiment.processes(),
                VirtualTime.text(experiment.stopNanos()),
                experiment.sha256(),
                runs);
    }
}
