package dev.gnomon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int check(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("experiment.yaml"), text);
        return new CommandLine(new CheckCommand())
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(errors))
                .execute(file.toString());
    }

    @Test
    void aRightFileIsSaidToBeRight() throws IOException {
        int status = check("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts: {alice: {network_node_id: 0, processes: [{path: sh}]}}
                experimental: {use_new_tcp: true}
                """);
        String file = directory.resolve("experiment.yaml").toString();
        assertThat(status).isZero();
        assertThat(output).hasToString(file + ": right (hosts: 1, processes: 1)\n");
        assertThat(errors)
                .hasToString(
                        file
                                + ":4:16: notice: /experimental/use_new_tcp: \"use_new_tcp\" has no meaning here and is ignored (true)\n");
    }

    @Test
    void everyMistakeIsPrintedWithItsPlace() throws IOException {
        int status = check("""
                general: {stop_time: 10 parsecs, speed: 1}
                network: {graph: {type: 1_gbit_switch}}
                hosts: {alice: {network_node_id: 0, processes: [{path: "/bin/sh\\e[31m"}]}}
                """);
        String file = directory.resolve("experiment.yaml").toString();
        assertThat(status).isEqualTo(1);
        assertThat(output).hasToString("");
        assertThat(errors.toString().lines())
                .containsExactly(
                        file
                                + ":1:22: error: /general/stop_time: has the unknown unit \"parsecs\": expected one of ns, us, ms, s, min, h (10 parsecs)",
                        file + ":1:34: error: /general/speed: unknown key \"speed\"; did you mean \"seed\"? (speed)",
                        file
                                + ":3:56: error: /hosts/alice/processes/0/path: /bin/sh\ufffd[31m: there is no such file (/bin/sh\ufffd[31m)",
                        "3 errors");
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        int status = new CommandLine(new CheckCommand())
                .setErr(new PrintWriter(errors))
                .execute(directory.resolve("none.yaml").toString());
        assertThat(status).isEqualTo(1);
        assertThat(errors.toString()).contains("none.yaml:1:1: error: there is no such file");
    }
}
