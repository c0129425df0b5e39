package dev.gnomon.guest;

import java.io.IOException;

/** Why a program is executed for each host instead of being copied. */
public final class UnpreparableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnpreparableException(String message) {
        super(message);
    }

    UnpreparableException(String message, IOException cause) {
        super(message, cause);
    }

    /** Whether the process could not be looked at, as where it was killed, so that nothing is known of the program. */
    public boolean tellsNothing() {
        return getCause() != null;
    }
}
