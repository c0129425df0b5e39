package dev.gnomon.service.status;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/** The service at a glance. */
@Schema(name = "Status")
record StatusView(
        @Schema(requiredMode = RequiredMode.REQUIRED) String version,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Runs waiting")
        long queued,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Runs going")
        long running,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Runs executed at a time")
        int executors) {}
