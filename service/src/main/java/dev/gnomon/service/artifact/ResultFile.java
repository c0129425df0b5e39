package dev.gnomon.service.artifact;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/**
 * A file of a run's result.
 *
 * @param path relative to the result's directory, with {@code /}
 * @param bytes size
 * @param sha256 of the content, hexadecimal
 * @param deterministic whether the same definition, seed and programs give the same content
 */
@Schema(name = "File")
public record ResultFile(
        @Schema(requiredMode = RequiredMode.REQUIRED) String path,
        @Schema(requiredMode = RequiredMode.REQUIRED) long bytes,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Hexadecimal")
        String sha256,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "Part of the digest")
        boolean deterministic) {}
