package dev.gnomon.application;

import java.util.random.RandomGenerator;

/**
 * A distribution of whole numbers that are not negative: bytes, nanoseconds, bits a second or a count.
 *
 * <p>Computed by {@link StrictMath} alone, so that a draw is the same on every processor.
 *
 * @param shape which one
 * @param first what the shape says
 * @param second what the shape says; 0 where it has one parameter
 * @param greatest larger draws count as this
 */
public record Distribution(Shape shape, double first, double second, long greatest) {
    /** The family, with the meaning of the two parameters. */
    public enum Shape {
        /** Always {@code first}. */
        CONSTANT,
        /** Every whole number from {@code first} to {@code second} alike. */
        UNIFORM,
        /** Of mean {@code first}. */
        EXPONENTIAL,
        /** Not below {@code first}; above it falls as the power {@code second}. */
        PARETO,
        /** Of median {@code first}; the logarithm has the standard deviation {@code second}. */
        LOGNORMAL
    }

    public static Distribution constant(long value) {
        return new Distribution(Shape.CONSTANT, value, 0, Long.MAX_VALUE);
    }

    /** Whether every draw is 0. */
    public boolean isZero() {
        return shape == Shape.CONSTANT && first == 0;
    }

    /** The next number. A constant draws nothing from the generator. */
    public long draw(RandomGenerator random) {
        double drawn = switch (shape) {
            case CONSTANT -> first;
            case UNIFORM -> random.nextLong((long) first, (long) second + 1);
            case EXPONENTIAL -> -first * StrictMath.log(1 - random.nextDouble());
            case PARETO -> first / StrictMath.pow(1 - random.nextDouble(), 1 / second);
            case LOGNORMAL -> first * StrictMath.exp(second * normal(random));
        };
        // The nearest long, the greatest one for what is larger (Java Language Specification, 5.1.3).
        return Math.min(greatest, (long) StrictMath.rint(drawn));
    }

    /** Box and Muller's method: a standard normal deviate from two uniform ones. */
    private static double normal(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
