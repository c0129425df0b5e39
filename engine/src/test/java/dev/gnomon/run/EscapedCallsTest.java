package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.NativeTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that nothing caught: those that reach beyond the process end it, and are named. */
class EscapedCallsTest {
    private static final String ANSWERED = "escape-answered";

    @TempDir
    private Path directory;

    private RunResult escape(String mechanism, String call) throws Exception {
        return run(NativeTarget.guest("escape"), call, mechanism);
    }

    private RunResult answered(Path program, String argument) throws Exception {
        return run(program, argument, "hybrid");
    }

    private RunResult run(Path program, String argument, String mechanism) throws Exception {
        return Experiments.run("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  guilty:
                    network_node_id: 0
                    processes:
                    - {path: %s, args: '%s', mechanism: %s, expected_final_state: {exited: 5}}
                  innocent:
                    network_node_id: 0
                    processes:
                    - {path: /bin/sh, args: [-c, "sleep 2; echo fine"]}
                """.formatted(program, argument, mechanism), directory.resolve("data"));
    }

    @ParameterizedTest
    @CsvSource({
        "inject, socket, socket",
        "inject, kill, kill",
        "inject, clock_settime, clock_settime",
        "inject, execve, execve",
        "inject, x32, syscall_1073741863",
        "preload, socket, socket",
        "notify, socket, socket",
        "hybrid, x32, syscall_1073741863"
    })
    void whatReachesBeyondTheProcessEndsIt(String mechanism, String call, String name) throws Exception {
        RunResult result = escape(mechanism, call);

        assertThat(result.failures())
                .anyMatch(failure -> failure.contains("a call of " + name + " escaped the shim"))
                .allMatch(failure -> failure.contains("guilty"));
        assertThat(Experiments.output(directory.resolve("data"), "innocent", "sh.1000.stdout"))
                .isEqualTo("fine\n");
    }

    @ParameterizedTest
    @CsvSource({"inject", "preload", "notify"})
    void whatHarmsNothingPasses(String mechanism) throws Exception {
        assertThat(escape(mechanism, "nothing").failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-static"})
    void hybridAnswersThemAsOthers(String kind) throws Exception {
        Path program = kind.isEmpty() ? NativeTarget.guest(ANSWERED) : NativeTarget.staticGuest(ANSWERED);
        RunResult result = answered(program, "");

        assertThat(result.failures())
                .as(() -> Experiments.output(directory.resolve("data"), "guilty", ANSWERED + ".1000.stderr"))
                .isEmpty();
        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void aThreadWithoutAShimIsNamedAndEnded() throws Exception {
        assertThat(answered(NativeTarget.guest(ANSWERED), "without-shim").failures())
                .anyMatch(failure -> failure.contains("a call escaped the shim in a thread that has none: call=41"))
                .allMatch(failure -> failure.contains("guilty"));
    }

    @ParameterizedTest
    @CsvSource({"inject", "preload", "notify"})
    void whoForgesANotificationIsNotHeard(String mechanism) throws Exception {
        assertThat(escape(mechanism, "notification").failures()).isEmpty();
    }
}
