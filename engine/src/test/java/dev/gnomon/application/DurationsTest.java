package dev.gnomon.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void noneIsSaidInAWord() {
        assertThat(new Durations()).hasToString("none");
    }

    @Test
    void oneIsAllThree() {
        Durations durations = new Durations();
        durations.add(1_234_567);
        assertThat(durations).hasToString("min 1.234567 ms, median 1.234567 ms, max 1.234567 ms");
    }

    @Test
    void extremesAreExactAndTheMedianNearly() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 200; round++) {
            int bits = random.nextInt(1, 63);
            long[] values = new long[random.nextInt(1, 500)];
            Arrays.setAll(values, i -> random.nextLong(1L << bits));
            Durations durations = new Durations();
            for (long value : values) {
                durations.add(value);
            }
            Arrays.sort(values);
            double exact = values[(values.length - 1) / 2];
            assertThat(durations.count()).isEqualTo(values.length);
            assertThat((double) durations.median())
                    .as("of %d values below 2^%d", values.length, bits)
                    .isBetween(exact * 31 / 32 - 1, exact + 1);
            assertThat(durations.toString())
                    .startsWith("min " + values[0] / 1_000_000 + ".")
                    .contains("max " + values[values.length - 1] / 1_000_000 + ".");
        }
    }

    @Test
    void theEndsOfTheRangeHaveTheirPlaces() {
        Durations durations = new Durations();
        durations.add(0);
        durations.add(Long.MAX_VALUE);
        durations.add(Long.MAX_VALUE);
        assertThat(durations.median()).isGreaterThan(Long.MAX_VALUE / 32 * 31);
        assertThat(durations.count()).isEqualTo(3);
    }
}
