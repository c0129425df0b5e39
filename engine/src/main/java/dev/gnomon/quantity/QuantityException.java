package dev.gnomon.quantity;

/** A text that is not the time, size or rate that was asked for; the message says what is expected. */
public final class QuantityException extends Exception {
    private static final long serialVersionUID = 1L;

    QuantityException(String message) {
        super(message);
    }
}
