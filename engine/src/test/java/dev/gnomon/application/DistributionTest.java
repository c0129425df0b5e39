package dev.gnomon.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gnomon.application.Distribution.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final int DRAWS = 100_000;
    private static final double COMMON_ERROR = 0.02;

    /** Sorted. */
    private static long[] draws(Distribution distribution) {
        SplittableRandom random = new SplittableRandom(1);
        long[] draws = new long[DRAWS];
        Arrays.setAll(draws, i -> distribution.draw(random));
        Arrays.sort(draws);
        return draws;
    }

    private static double mean(long[] draws) {
        return Arrays.stream(draws).average().orElseThrow();
    }

    @Test
    void aConstantDrawsNothing() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(Distribution.constant(7).draw(random)).isEqualTo(7);
        assertThat(random.nextLong()).isEqualTo(new SplittableRandom(1).nextLong());
        assertThat(Distribution.constant(0).isZero()).isTrue();
    }

    @Test
    void uniformHasBothEndsAlike() {
        long[] draws = draws(new Distribution(Shape.UNIFORM, 3, 6, Long.MAX_VALUE));
        for (long value = 3; value <= 6; value++) {
            long wanted = value;
            assertThat(Arrays.stream(draws).filter(draw -> draw == wanted).count() / (double) DRAWS)
                    .isCloseTo(0.25, within(0.01));
        }
    }

    @Test
    void exponentialHasItsMeanAndMedian() {
        long[] draws = draws(new Distribution(Shape.EXPONENTIAL, 1e6, 0, Long.MAX_VALUE));
        assertThat(mean(draws)).isCloseTo(1e6, within(1e6 * COMMON_ERROR));
        assertThat((double) draws[DRAWS / 2]).isCloseTo(1e6 * Math.log(2), within(1e6 * COMMON_ERROR));
        assertThat(draws[0]).isNotNegative();
    }

    @Test
    void paretoHasItsMinimumMeanAndTail() {
        long[] draws = draws(new Distribution(Shape.PARETO, 1000, 3, Long.MAX_VALUE));
        assertThat(draws[0]).isGreaterThanOrEqualTo(1000);
        assertThat(mean(draws)).isCloseTo(1500, within(1500 * COMMON_ERROR));
        double above = Arrays.stream(draws).filter(draw -> draw > 2000).count() / (double) DRAWS;
        assertThat(above).as("2 to the minus 3rd").isCloseTo(0.125, within(0.005));
    }

    @Test
    void lognormalHasItsMedianAndSpread() {
        long[] draws = draws(new Distribution(Shape.LOGNORMAL, 1e6, 0.5, Long.MAX_VALUE));
        assertThat((double) draws[DRAWS / 2]).isCloseTo(1e6, within(1e6 * COMMON_ERROR));
        assertThat((double) draws[(int) (DRAWS * 0.8413)])
                .as("one standard deviation above")
                .isCloseTo(1e6 * Math.exp(0.5), within(1e6 * Math.exp(0.5) * COMMON_ERROR));
    }

    @Test
    void whatIsTooLargeIsTheGreatest() {
        long[] draws = draws(new Distribution(Shape.PARETO, 1000, 0.1, 5000));
        assertThat(draws[DRAWS - 1]).isEqualTo(5000);
        assertThat(draws(new Distribution(Shape.PARETO, 1e18, 0.001, Long.MAX_VALUE))[DRAWS - 1])
                .isEqualTo(Long.MAX_VALUE);
    }

    /** Draws are the same on every machine: these, which were computed otherwise, are not to change. */
    @Test
    void drawsAreFixed() {
        SplittableRandom random = new SplittableRandom(42);
        assertThat(new Distribution(Shape.EXPONENTIAL, 1e9, 0, Long.MAX_VALUE).draw(random))
                .isEqualTo(1_353_110_598L);
        assertThat(new Distribution(Shape.PARETO, 1e9, 1.5, Long.MAX_VALUE).draw(random))
                .isEqualTo(1_123_180_596L);
        assertThat(new Distribution(Shape.LOGNORMAL, 1e9, 1, Long.MAX_VALUE).draw(random))
                .isEqualTo(637_086_477L);
    }
}
