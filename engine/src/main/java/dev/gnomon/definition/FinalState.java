package dev.gnomon.definition;

/**
 * What a process comes to.
 *
 * @param kind how it ended, or that it did not
 * @param value exit status 0 to 255, or number of the signal; 0 for {@link Kind#RUNNING}
 */
public record FinalState(Kind kind, int value) {
    public static final FinalState RUNNING = new FinalState(Kind.RUNNING, 0);

    public enum Kind {
        EXITED,
        SIGNALED,
        RUNNING
    }

    public static FinalState exited(int status) {
        return new FinalState(Kind.EXITED, status);
    }

    public static FinalState signaled(int signal) {
        return new FinalState(Kind.SIGNALED, signal);
    }

    /** Such as {@code exited 0}, {@code signaled 9} or {@code running}. */
    @Override
    public String toString() {
        return switch (kind) {
            case EXITED -> "exited " + value;
            case SIGNALED -> "signaled " + value;
            case RUNNING -> "running";
        };
    }
}
