package dev.gnomon.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "7, 7000000000",
        "7 s, 7000000000",
        "7sec, 7000000000",
        "7 secs, 7000000000",
        "7 second, 7000000000",
        "7   seconds, 7000000000",
        "+7 s, 7000000000",
        "3 ns, 3",
        "3 nanosecond, 3",
        "3 nanoseconds, 3",
        "3us, 3000",
        "3 \u03bcs, 3000",
        "3 \u00b5s, 3000",
        "3 microsecond, 3000",
        "3 microseconds, 3000",
        "10 ms, 10000000",
        "10 millisecond, 10000000",
        "10 milliseconds, 10000000",
        "2 m, 120000000000",
        "2 min, 120000000000",
        "2mins, 120000000000",
        "2 minute, 120000000000",
        "2 minutes, 120000000000",
        "1h, 3600000000000",
        "1 hr, 3600000000000",
        "1 hrs, 3600000000000",
        "1 hour, 3600000000000",
        "1 hours, 3600000000000",
        "0, 0"
    })
    void timesAreNanoseconds(String text, long nanos) throws QuantityException {
        assertThat(Quantity.nanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10",
        "10 B, 10",
        "10 byte, 10",
        "10bytes, 10",
        "10 kB, 10000",
        "10 KB, 10000",
        "10 K, 10000",
        "10 kilobyte, 10000",
        "10 kilobytes, 10000",
        "10 KiB, 10240",
        "10 kibibytes, 10240",
        "10 MB, 10000000",
        "10 megabytes, 10000000",
        "10 MiB, 10485760",
        "1 mebibyte, 1048576",
        "1 GB, 1000000000",
        "1 gigabyte, 1000000000",
        "1 GiB, 1073741824",
        "1 gibibyte, 1073741824",
        "1 TB, 1000000000000",
        "1 terabyte, 1000000000000",
        "1 TiB, 1099511627776",
        "1 tebibyte, 1099511627776"
    })
    void sizesAreBytes(String text, long bytes) throws QuantityException {
        assertThat(Quantity.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10",
        "10 bit, 10",
        "10 bits, 10",
        "10 Kbit, 10000",
        "10 kbit, 10000",
        "10 kilobit, 10000",
        "10 kilobits, 10000",
        "10 Kibit, 10240",
        "10 kibibit, 10240",
        "10Mbit, 10000000",
        "10 M, 10000000",
        "10 megabits, 10000000",
        "1 Mibit, 1048576",
        "1 mebibit, 1048576",
        "1 Gbit, 1000000000",
        "1 gigabit, 1000000000",
        "1 Gibit, 1073741824",
        "1 Tbit, 1000000000000",
        "1 Tibit, 1099511627776"
    })
    void ratesAreBitsPerSecond(String text, long bitsPerSecond) throws QuantityException {
        assertThat(Quantity.bitsPerSecond(text)).isEqualTo(bitsPerSecond);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s",
                "abc 10 ms",
                "10 abc",
                "-10 ms",
                "10.5 ms",
                "1,5 s",
                "1e3 s",
                "10 MS",
                "0x10 s",
                "10 s s",
                "9223372037 s",
                "99999999999999999999",
                "\u0661 s"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Quantity.nanos(text)).isInstanceOf(QuantityException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10 mbit", "10 MBit", "10 Mb", "10 MB", "10 milli", "10 ms"})
    void unitsOfRatesAreCaseSensitive(String text) {
        assertThatThrownBy(() -> Quantity.bitsPerSecond(text)).isInstanceOf(QuantityException.class);
    }

    @Test
    void messagesSayWhatIsExpected() {
        assertThatThrownBy(() -> Quantity.bitsPerSecond("10 mbit")).hasMessageContaining("did you mean \"Mbit\"?");
        assertThatThrownBy(() -> Quantity.nanos("10 parsecs")).hasMessageContaining("ns, us, ms, s, min, h");
        assertThatThrownBy(() -> Quantity.nanos("1.5 s")).hasMessageContaining("smaller unit");
        assertThatThrownBy(() -> Quantity.nanos("-1 s")).hasMessage("must not be negative");
        assertThatThrownBy(() -> Quantity.nanos("300 years")).hasMessageContaining("unknown unit \"years\"");
        assertThatThrownBy(() -> Quantity.nanos("9999999999 h")).hasMessage("is too large for a time");
    }

    @Property
    void formattedTimesReadBackExactly(@ForAll @LongRange(min = 0) long nanos) throws QuantityException {
        assertThat(Quantity.nanos(Quantity.formatNanos(nanos))).isEqualTo(nanos);
    }

    @Property
    void formattedRatesReadBackExactly(@ForAll @LongRange(min = 0) long rate) throws QuantityException {
        assertThat(Quantity.bitsPerSecond(Quantity.formatBitsPerSecond(rate))).isEqualTo(rate);
    }

    @Property
    void noTextBreaksTheParser(@ForAll String text) {
        try {
            assertThat(Quantity.bytes(text)).isNotNegative();
        } catch (QuantityException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }
}
