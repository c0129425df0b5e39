package dev.gnomon.service.experiment;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;

/** One page of the experiments, newest first. */
record ExperimentList(
        @Schema(requiredMode = RequiredMode.REQUIRED) List<ExperimentView> items,
        @Schema(requiredMode = RequiredMode.REQUIRED) int page,
        @Schema(requiredMode = RequiredMode.REQUIRED) int size,
        @Schema(requiredMode = RequiredMode.REQUIRED) long total) {}
