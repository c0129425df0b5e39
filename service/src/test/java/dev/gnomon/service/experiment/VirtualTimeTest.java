package dev.gnomon.service.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualTimeTest {

    @ParameterizedTest
    @CsvSource({
        "10000000000, 10 s",
        "3600000000000, 3600 s",
        "1500000000, 1500 ms",
        "1000001000, 1000001 us",
        "1000100000, 1000100 us",
        "1, 1 ns",
        "9223372036854775807, 9223372036854775807 ns"
    })
    void isWrittenWithoutFractions(long nanos, String text) {
        assertThat(VirtualTime.text(nanos)).isEqualTo(text);
    }
}
