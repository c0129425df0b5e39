package dev.gnomon.service.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.net.URI;
import java.util.List;

/**
 * The body of every error answer, RFC 9457.
 *
 * @param errors the mistakes in what was sent, in its order; absent where the problem is another
 */
@Schema(description = "An error, RFC 9457.")
public record Problem(
        @Schema(requiredMode = RequiredMode.REQUIRED) URI type,
        @Schema(requiredMode = RequiredMode.REQUIRED) String title,
        @Schema(requiredMode = RequiredMode.REQUIRED) int status,
        @Schema(requiredMode = RequiredMode.REQUIRED) String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProblemError> errors) {

    public Problem {
        errors = List.copyOf(errors);
    }

    /** A problem of the type, with its title and status. */
    public static Problem of(ProblemType type, String detail, List<ProblemError> errors) {
        return new Problem(type.uri(), type.title(), type.status().value(), detail, errors);
    }
}
