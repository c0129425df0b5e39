package dev.gnomon.service.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-, 0, 99",
        "bytes=99-, 99, 99",
        "bytes=10-19, 10, 19",
        "bytes=90-1000, 90, 99",
        "bytes=-1, 99, 99",
        "bytes=-1000, 0, 99",
        "bytes=5-99999999999999999999999, 5, 99"
    })
    void aRangeIsCutAtTheEndOfTheFile(String header, long first, long last) throws Exception {
        assertThat(ByteRange.parse(header, 100)).hasValue(new ByteRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines=1-2", "bytes=0-1,5-6", "bytes=0-0,-1", ""})
    void theWholeFileIsSentForWhatIsNotSupported(String header) throws Exception {
        assertThat(ByteRange.parse(header, 100)).isEmpty();
    }

    @Test
    void theWholeFileIsSentWithoutHeader() throws Exception {
        assertThat(ByteRange.parse(null, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=100-",
                "bytes=100-200",
                "bytes=-0",
                "bytes=-",
                "bytes=",
                "bytes=a-b",
                "bytes=5-4",
                "bytes=1--2",
                "bytes=99999999999999999999-",
                "bytes=0x1-2"
            })
    void whatLiesOutsideIsRefused(String header) {
        assertThatThrownBy(() -> ByteRange.parse(header, 100)).isInstanceOf(ByteRange.NotSatisfiableException.class);
    }

    @Test
    void nothingOfAnEmptyFileCanBeAskedFor() {
        assertThatThrownBy(() -> ByteRange.parse("bytes=0-", 0)).isInstanceOf(ByteRange.NotSatisfiableException.class);
        assertThatThrownBy(() -> ByteRange.parse("bytes=-5", 0)).isInstanceOf(ByteRange.NotSatisfiableException.class);
    }
}
