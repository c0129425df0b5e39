package dev.gnomon.service.problem;

import java.io.IOException;

/** A request's body is larger than permitted. */
public final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    public BodyTooLargeException(long limitBytes) {
        super("The body is larger than " + limitBytes + " bytes.");
    }
}
