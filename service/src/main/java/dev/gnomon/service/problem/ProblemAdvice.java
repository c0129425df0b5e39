package dev.gnomon.service.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import tools.jackson.core.JacksonException;

/** Turns whatever a controller throws into a {@link Problem}. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Problem> refused(ProblemException refusal) {
        return answer(refusal.type(), HttpHeaders.EMPTY, refusal.problem());
    }

    @ExceptionHandler
    ResponseEntity<Problem> invalidBody(MethodArgumentNotValidException invalid) {
        List<ProblemError> errors = new ArrayList<>();
        for (FieldError error : invalid.getBindingResult().getFieldErrors()) {
            errors.add(ProblemError.at("/" + error.getField(), error.getDefaultMessage()));
        }
        return answer(ProblemType.INVALID_REQUEST, "The body has wrong values.", errors);
    }

    @ExceptionHandler
    ResponseEntity<Problem> invalidParameter(HandlerMethodValidationException invalid) {
        List<ProblemError> errors = new ArrayList<>();
        invalid.getParameterValidationResults()
                .forEach(result -> result.getResolvableErrors()
                        .forEach(error -> errors.add(ProblemError.at(
                                "/" + result.getMethodParameter().getParameterName(), error.getDefaultMessage()))));
        return answer(ProblemType.MALFORMED_REQUEST, "A parameter has a wrong value.", errors);
    }

    @ExceptionHandler
    ResponseEntity<Problem> mismatch(TypeMismatchException mismatch) {
        String name = mismatch.getPropertyName() == null ? "" : mismatch.getPropertyName();
        String why = rootOf(mismatch) instanceof IllegalArgumentException cause
                        && !(cause instanceof NumberFormatException)
                        && cause.getMessage() != null
                ? cause.getMessage()
                : Quoted.of(String.valueOf(mismatch.getValue())) + " is not possible here";
        return answer(
                ProblemType.MALFORMED_REQUEST,
                "The parameter " + name + " has a wrong value: " + why + ".",
                List.of(ProblemError.at("/" + name, why)));
    }

    @ExceptionHandler
    ResponseEntity<Problem> unreadable(HttpMessageNotReadableException unreadable) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return tooLarge(tooLarge);
            }
            if (cause instanceof JacksonException json) {
                ProblemError error = JsonMistake.of(json);
                boolean understood = JsonMistake.isJson(json);
                return answer(
                        understood ? ProblemType.INVALID_REQUEST : ProblemType.MALFORMED_REQUEST,
                        understood ? "The body has wrong values." : "The body is not JSON.",
                        List.of(error));
            }
        }
        return answer(ProblemType.MALFORMED_REQUEST, "The body is missing or cannot be read.", List.of());
    }

    @ExceptionHandler
    ResponseEntity<Problem> tooLarge(BodyTooLargeException tooLarge) {
        return answer(ProblemType.BODY_TOO_LARGE, tooLarge.getMessage(), List.of());
    }

    /** The client went away while it was being answered: nobody is left to tell. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException gone) {
        log.debug("A client went away: {}", gone.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Problem> other(Exception failure, HttpServletRequest request) {
        if (failure instanceof ErrorResponse known) {
            return known(known);
        }
        if (failure instanceof IOException && failure.getClass().getSimpleName().equals("ClientAbortException")) {
            log.debug("A client went away: {}", failure.getMessage());
            return null;
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        return answer(ProblemType.INTERNAL, "The service's log says more.", List.of());
    }

    private static ResponseEntity<Problem> known(ErrorResponse known) {
        ProblemType type = typeOf(known.getStatusCode());
        String detail = known.getBody().getDetail();
        return answer(
                type, known.getHeaders(), Problem.of(type, detail == null ? type.title() + "." : detail, List.of()));
    }

    /** The problem type of a status that Spring or the container chose. */
    static ProblemType typeOf(HttpStatusCode status) {
        for (ProblemType type : ProblemType.values()) {
            if (type.status().isSameCodeAs(status)) {
                return type;
            }
        }
        return status.is4xxClientError() ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static ResponseEntity<Problem> answer(ProblemType type, String detail, List<ProblemError> errors) {
        return answer(type, HttpHeaders.EMPTY, Problem.of(type, detail, errors));
    }

    private static ResponseEntity<Problem> answer(ProblemType type, HttpHeaders headers, Problem problem) {
        return ResponseEntity.status(type.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
