package dev.gnomon.service.problem;

import java.util.List;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<ProblemError> errors;

    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of());
    }

    public ProblemException(ProblemType type, String detail, List<ProblemError> errors) {
        super(detail);
        this.type = type;
        this.errors = List.copyOf(errors);
    }

    /** Nothing of this kind has this name. */
    public static ProblemException notFound(String kind, String id) {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no " + kind + " " + Quoted.of(id) + ".");
    }

    public ProblemType type() {
        return type;
    }

    /** What the client gets. */
    public Problem problem() {
        return Problem.of(type, getMessage(), errors);
    }
}
