package dev.gnomon.service.run;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/** What the reader of a result must know, once a cause. */
@Schema(name = "Warning")
record WarningView(
        @Schema(requiredMode = RequiredMode.REQUIRED, example = "unsupported-call")
        String kind,

        @Schema(requiredMode = RequiredMode.REQUIRED) String program,
        @Schema(requiredMode = RequiredMode.REQUIRED) String subject,
        @Schema(requiredMode = RequiredMode.REQUIRED) long count,
        @Schema(requiredMode = RequiredMode.REQUIRED) String message) {}
