package dev.gnomon.guest;

/** Why a program is executed for each host instead of being copied. */
public final class UnpreparableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnpreparableException(String message) {
        super(message);
    }
}
