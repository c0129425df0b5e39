package dev.gnomon.bench;

/**
 * One number that a benchmark gives.
 *
 * @param name what was measured
 * @param value the number
 * @param unit of the value; empty for a ratio or a count
 * @param bar what it is to reach, as people read it; empty where there is no such thing
 */
public record Figure(String name, double value, String unit, String bar) {
    static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, "");
    }
}
