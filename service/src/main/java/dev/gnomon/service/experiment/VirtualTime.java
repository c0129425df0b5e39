package dev.gnomon.service.experiment;

/** A duration in the notation of definitions. */
final class VirtualTime {

    private VirtualTime() {}

    /** The duration in seconds, or in the largest smaller unit that needs no fraction. */
    static String text(long nanos) {
        if (nanos % 1_000_000_000L == 0) {
            return nanos / 1_000_000_000L + " s";
        }
        if (nanos % 1_000_000L == 0) {
            return nanos / 1_000_000L + " ms";
        }
        if (nanos % 1_000L == 0) {
            return nanos / 1_000L + " us";
        }
        return nanos + " ns";
    }
}
