package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static programs of Go, which know no libc: their runtime makes threads, signals and every system call itself. */
@Tag("needs-go")
class GoProgramsTest {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 5;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void build() throws Exception {
        Path output = directory.resolve("go.log");
        ProcessBuilder builder = new ProcessBuilder(
                        "go", "build", "-o", directory.resolve("http-pair").toString(), "main.go")
                .directory(Path.of("src/test/go/http-pair").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CGO_ENABLED", "0");
        builder.environment().put("GOTOOLCHAIN", "local");
        builder.environment().put("GOFLAGS", "-mod=mod");
        Process process = builder.start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("go build; see %s", output).isZero();
    }

    private static RunResult run(String name, String general, int workers) throws Exception {
        return Experiments.run(
                """
                general: {stop_time: 20 s, %1$s}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {pcap_enabled: true}
                hosts:
                  server:
                    network_node_id: 0
                    processes: [{path: %2$s/http-pair, args: serve, expected_final_state: running}]
                  client:
                    network_node_id: 0
                    processes: [{path: %2$s/http-pair, args: get server %3$d %4$d, start_time: 2 s}]
                """.formatted(general, directory, CLIENTS, REQUESTS),
                directory.resolve(name),
                OptionalLong.empty(),
                OptionalInt.of(workers));
    }

    @Test
    void aServerAndItsClientsTalkAndTheirResultIsTheSameAgain() throws Exception {
        RunResult first = run("first", "local_calls: on", 1);

        assertThat(first.failures()).isEmpty();
        assertThat(first.warnings()).isEmpty();
        String answers = Experiments.output(directory.resolve("first"), "client", "http-pair.1000.stdout");
        assertThat(answers.lines())
                .hasSize(CLIENTS * REQUESTS)
                .allMatch(line -> line.endsWith(" at 2000-01-01T00:00:02Z"));
        assertThat(answers).startsWith("/0/0 at ").contains("\n/7/4 at ");

        assertThat(run("two-workers", "local_calls: on", 2).digest()).isEqualTo(first.digest());
        assertThat(run("engine", "local_calls: off", 1).digest()).isEqualTo(first.digest());
    }
}
