package dev.gnomon.bench;

/** What was to be measured did not do what it does otherwise, so its numbers would mean nothing. */
public final class BenchmarkFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    BenchmarkFailedException(String message) {
        super(message);
    }
}
