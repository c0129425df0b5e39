package dev.gnomon.service.problem;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/**
 * One mistake in what was sent.
 *
 * @param pointer JSON pointer (RFC 6901) to the value; empty for the whole
 * @param line from 1; 0 where not known
 * @param column from 1; 0 where not known
 * @param value the value as it was sent, shortened; empty where something is missing
 * @param message what is wrong
 */
@Schema(description = "One mistake in what was sent.")
public record ProblemError(
        @Schema(requiredMode = RequiredMode.REQUIRED, description = "JSON pointer to the value")
        String pointer,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "From 1; 0 where not known")
        int line,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "From 1; 0 where not known")
        int column,

        @Schema(requiredMode = RequiredMode.REQUIRED, description = "The value as sent, shortened")
        String value,

        @Schema(requiredMode = RequiredMode.REQUIRED) String message) {

    /** A mistake that has no place in a text. */
    public static ProblemError at(String pointer, String message) {
        return new ProblemError(pointer, 0, 0, "", message);
    }
}
