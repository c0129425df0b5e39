package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.NativeTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that nothing caught: those that reach beyond the process end it, and are named. */
class EscapedCallsTest {
    @TempDir
    private Path directory;

    private RunResult escape(String mechanism, String call) throws Exception {
        return Experiments.run("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  guilty:
                    network_node_id: 0
                    processes:
                    - {path: %s, args: [%s], mechanism: %s, expected_final_state: {exited: 5}}
                  innocent:
                    network_node_id: 0
                    processes:
                    - {path: /bin/sh, args: [-c, "sleep 2; echo fine"]}
                """.formatted(NativeTarget.guest("escape"), call, mechanism), directory.resolve("data"));
    }

    @ParameterizedTest
    @CsvSource({
        "inject, socket, socket",
        "inject, kill, kill",
        "inject, clock_settime, clock_settime",
        "inject, execve, execve",
        "inject, x32, syscall_1073741863",
        "preload, socket, socket"
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
    @CsvSource({"inject", "preload"})
    void whatHarmsNothingPasses(String mechanism) throws Exception {
        assertThat(escape(mechanism, "nothing").failures()).isEmpty();
    }
}
