package dev.gnomon.guest;

/** A program could not be started; the message says which and why. */
public final class GuestStartException extends Exception {
    private static final long serialVersionUID = 1L;

    public GuestStartException(String message) {
        super(message);
    }
}
