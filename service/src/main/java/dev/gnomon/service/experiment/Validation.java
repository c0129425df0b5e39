package dev.gnomon.service.experiment;

import dev.gnomon.service.definition.DefinitionFindings;
import dev.gnomon.service.problem.ProblemError;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;

/** What is to be said about a definition that is not stored. */
record Validation(
        @Schema(requiredMode = RequiredMode.REQUIRED) boolean valid,
        @Schema(requiredMode = RequiredMode.REQUIRED) List<ProblemError> errors,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "What has no effect")
        List<ProblemError> notices) {

    static Validation of(DefinitionFindings findings) {
        return new Validation(findings.facts().isPresent(), findings.errors(), findings.notices());
    }
}
