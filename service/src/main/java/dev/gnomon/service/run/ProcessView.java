package dev.gnomon.service.run;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/** What became of a process. */
@Schema(name = "Process")
record ProcessView(
        @Schema(requiredMode = RequiredMode.REQUIRED) String host,
        @Schema(requiredMode = RequiredMode.REQUIRED) String program,
        @Schema(requiredMode = RequiredMode.REQUIRED) int pid,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Virtual time, nanoseconds")
        long startNanos,

        @Schema(
                requiredMode = RequiredMode.REQUIRED,
                types = {"integer", "null"},
                description = "Virtual time, nanoseconds; null where it was running at the end")
        Long endNanos,

        @Schema(requiredMode = RequiredMode.REQUIRED, example = "exited 0")
        String expected,

        @Schema(requiredMode = RequiredMode.REQUIRED, example = "signaled 9")
        String actual,

        @Schema(requiredMode = RequiredMode.REQUIRED) boolean asExpected,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Path among the run's files")
        String stdoutPath,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Path among the run's files")
        String stderrPath) {}
