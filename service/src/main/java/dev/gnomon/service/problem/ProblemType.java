package dev.gnomon.service.problem;

import java.net.URI;
import org.springframework.http.HttpStatus;

/** The kinds of problem, by which programs may tell them apart; the names never change. */
public enum ProblemType {
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood"),
    MALFORMED_DEFINITION(HttpStatus.BAD_REQUEST, "The definition cannot be read"),
    FORBIDDEN_ORIGIN(HttpStatus.FORBIDDEN, "The request comes from another site"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such thing"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The method is not supported here"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No representation is acceptable"),
    CONFLICT(HttpStatus.CONFLICT, "The state does not permit this"),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported"),
    RANGE_NOT_SATISFIABLE(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "The range lies outside"),
    UNKNOWN_HOST(HttpStatus.MISDIRECTED_REQUEST, "The request is for another host"),
    INVALID_DEFINITION(HttpStatus.UNPROCESSABLE_CONTENT, "The definition is wrong"),
    INVALID_REQUEST(HttpStatus.UNPROCESSABLE_CONTENT, "The request is wrong"),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something broke in the service"),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The service is busy");

    private final HttpStatus status;
    private final String title;

    ProblemType(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    /** HTTP status of the answer. */
    public HttpStatus status() {
        return status;
    }

    /** One line for people, the same for every problem of this type. */
    public String title() {
        return title;
    }

    /** The {@code type} of RFC 9457. */
    public URI uri() {
        return URI.create("urn:gnomon:problem:"
                + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }
}
