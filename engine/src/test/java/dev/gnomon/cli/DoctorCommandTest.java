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

class DoctorCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int doctor(String... arguments) {
        return new CommandLine(new DoctorCommand())
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }

    private String file(String hosts) throws IOException {
        return Files.writeString(directory.resolve("experiment.yaml"), """
                        general: {stop_time: 10 s}
                        network: {graph: {type: 1_gbit_switch}}
                        hosts: %s
                        """.formatted(hosts))
                .toString();
    }

    /** Whatever machine runs the tests, it also runs experiments. */
    @Test
    void everythingThatMattersIsLookedAt() {
        assertThat(doctor()).isZero();
        assertThat(output.toString())
                .contains("kernel.pid_max", "kernel.threads-max", "vm.max_map_count", "open files", "memory")
                .contains("heap of the engine", "syscall user dispatch", "user namespaces", "ptrace_scope")
                .contains("no_new_privs", "seccomp", "processors", "SCHED_FIFO", "sched_rt_runtime_us")
                .endsWith("everything suffices\n");
        assertThat(errors).hasToString("");
    }

    @Test
    void anExperimentThatFitsSuffices() throws IOException {
        String file = file("{a: {network_node_id: 0, count: 3, processes: [{path: sh}]}}");
        assertThat(doctor(file, "--parallelism=1")).isZero();
        assertThat(output.toString()).startsWith(file + ": 3 hosts, 3 processes at once, 0 applications, 1 workers\n");
    }

    @Test
    void anExperimentThatDoesNotFitIsToldSoWithTheCommand() throws IOException {
        String processes = "{path: sh}, ".repeat(1000);
        assertThat(doctor(file("{a: {network_node_id: 0, count: 5000, processes: [" + processes + "]}}")))
                .isEqualTo(1);
        assertThat(output.toString())
                .containsPattern("LACKS +kernel.pid_max +[0-9,]+, [0-9,]+ in use; needed: 5,026,[0-9]+ more")
                .containsPattern("to change it: sysctl -w kernel.pid_max=4194304")
                .containsPattern("[0-9]+ of these do not suffice\n$");
    }

    @Test
    void aWrongFileIsNoExperiment() throws IOException {
        assertThat(doctor(file("{}"))).isEqualTo(1);
        assertThat(errors.toString()).contains("must name at least one host");
        assertThat(output).hasToString("");
        assertThat(doctor("--parallelism=-1")).isEqualTo(2);
    }
}
