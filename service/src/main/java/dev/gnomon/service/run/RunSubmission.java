package dev.gnomon.service.run;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;

/**
 * What a client sends to have an experiment run.
 *
 * @param seed replaces the definition's; absent = the definition's
 */
record RunSubmission(
        @Schema(requiredMode = RequiredMode.REQUIRED) @NotBlank
        String experimentId,

        @Schema(
                types = {"integer", "null"},
                description = "Replaces the definition's seed")
        @Min(0)
        Long seed) {}
