package dev.gnomon.run;

/** A run could not be started or broke down. The message says why, in words for the user. */
public class RunFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    public RunFailedException(String message) {
        super(message);
    }

    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
