package dev.gnomon.service.run;

/** How fast virtual time passes. */
final class Ratio {

    private Ratio() {}

    /** Virtual by wall-clock time, to three decimals; 0 before the first moment. */
    static double of(long virtualNanos, long wallNanos) {
        return wallNanos <= 0 ? 0 : Math.round(1000.0 * virtualNanos / wallNanos) / 1000.0;
    }
}
