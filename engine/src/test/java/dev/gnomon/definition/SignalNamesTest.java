package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalNamesTest {
    @ParameterizedTest
    @CsvSource({
        "SIGHUP, 1", "INT, 2", "sigkill, 9", "SIGUSR1, 10", "SIGSEGV, 11", "SIGTERM, 15", "SIGCHLD, 17", "SIGCONT, 18",
        "SIGSTOP, 19", "SIGIO, 29", "SIGPOLL, 29", "SIGSYS, 31", "SIGRTMIN, 34", "SIGRTMIN+3, 37", "RTMAX, 64",
                "SIGRTMAX-1, 63",
        "1, 1", "64, 64", "09, 9"
    })
    void namesAndNumbers(String text, int number) {
        assertThat(SignalNames.number(text)).isEqualTo(OptionalInt.of(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "65",
                "-1",
                "100",
                "SIG",
                "SIGFOO",
                "SIGRTMIN+31",
                "SIGRTMAX-31",
                "SIGRTMIN+",
                "RTMIN+x",
                " 9"
            })
    void whatIsNoSignal(String text) {
        assertThat(SignalNames.number(text)).isEmpty();
    }

    @Test
    void everyNameLeadsBackToItsNumber() {
        for (int number = 1; number <= 64; number++) {
            assertThat(SignalNames.number(SignalNames.name(number))).isEqualTo(OptionalInt.of(number));
        }
        assertThat(SignalNames.name(15)).isEqualTo("SIGTERM");
    }
}
