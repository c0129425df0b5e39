package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gnomon.guest.ElfFile;
import dev.gnomon.guest.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessReaderTest {
    @TempDir
    private Path directory;

    private static ProcessDefinition process(String lines) {
        return Definitions.right(Definitions.withProcess(lines))
                .hosts()
                .get(0)
                .processes()
                .get(0);
    }

    private Path program(String name, byte[] content, String permissions) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private DefinitionResult withPaths(String... paths) throws IOException {
        Files.createDirectories(directory.resolve("base"));
        Files.createDirectories(directory.resolve("work"));
        StringBuilder text = new StringBuilder("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  alice:
                    network_node_id: 0
                    processes:
                """);
        for (String path : paths) {
            text.append("      - path: ").append(path).append('\n');
        }
        DefinitionSource source = new DefinitionSource(
                "test.yaml",
                directory.resolve("base"),
                directory.resolve("work"),
                Map.of(
                        "HOME",
                        directory + "/home",
                        "PATH",
                        "/nonexistent:" + directory + "/first:" + directory + "/second"));
        return DefinitionReader.read(text.toString(), source);
    }

    @Test
    void programsAreFoundAsAShellWouldFindThem() throws IOException {
        byte[] elf = new ElfFile().bytes();
        program("first/tool", elf, "rw-r--r--");
        Path tool = program("second/tool", elf, "rwxr-xr-x");
        Path home = program("home/bin/mine", elf, "rwxr-xr-x");
        Path work = program("work/bin/here", elf, "rwxr-xr-x");
        Path base = program("base/bin/there", elf, "rwxr-xr-x");

        DefinitionResult result = withPaths("tool", "~/bin/mine", "bin/here", "./bin/there", tool.toString());

        assertThat(result.errors()).isEmpty();
        assertThat(result.definition().orElseThrow().hosts().get(0).processes())
                .extracting(ProcessDefinition::path, ProcessDefinition::program, ProcessDefinition::programName)
                .containsExactly(
                        tuple("tool", tool, "tool"),
                        tuple("~/bin/mine", home, "mine"),
                        tuple("bin/here", work, "here"),
                        tuple("./bin/there", base, "there"),
                        tuple(tool.toString(), tool, "tool"));
    }

    @Test
    void programsThatCannotBeRunAreErrorsAtTheirPaths() throws IOException {
        byte[] elf = new ElfFile().bytes();
        program("work/plain", elf, "rw-r--r--");
        program("work/old", new ElfFile().of32Bits().bytes(), "rwxr-xr-x");
        program("work/arm", new ElfFile().machine(183).bytes(), "rwxr-xr-x");
        program("first/unset", elf, "rw-r--r--");
        Path other = program("work/other", elf, "rwxr-xr-x");
        Files.setAttribute(other, "unix:mode", 0104755);

        DefinitionResult result =
                withPaths("./plain", "./old", "./arm", "./other", "./none", "unset", "unknown", "''", "./none");

        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::column, DefinitionError::value)
                .containsExactly(
                        tuple(7, 15, "./plain"),
                        tuple(8, 15, "./old"),
                        tuple(9, 15, "./arm"),
                        tuple(10, 15, "./other"),
                        tuple(11, 15, "./none"),
                        tuple(12, 15, "unset"),
                        tuple(13, 15, "unknown"),
                        tuple(14, 15, ""),
                        tuple(15, 15, "./none"));
        assertThat(result.errors())
                .extracting(DefinitionError::message)
                .satisfiesExactly(
                        message -> assertThat(message).contains("is not executable"),
                        message -> assertThat(message).contains("is a 32-bit program"),
                        message -> assertThat(message).contains("is built for AArch64"),
                        message -> assertThat(message).contains("set-user-ID"),
                        message -> assertThat(message).contains("there is no such file"),
                        message -> assertThat(message).contains("is not executable"),
                        message -> assertThat(message).contains("in the directories of PATH"),
                        message -> assertThat(message).contains("must not be empty"),
                        message -> assertThat(message).contains("there is no such file"));
    }

    @Test
    void argumentsAreAListOrALine() {
        assertThat(process("args: [-c, 'exit 3', 8080, 1.50, true, ~x, '']").arguments())
                .containsExactly("-c", "exit 3", "8080", "1.50", "true", "~x", "");
        assertThat(process("args: -c 'exit 3' $HOME").arguments()).containsExactly("-c", "exit 3", "$HOME");
        assertThat(process("args: 8080").arguments()).containsExactly("8080");
        assertThat(process("args: ''").arguments()).isEmpty();
        assertThat(process("args:").arguments()).isEmpty();
        assertThat(process("args: []").arguments()).isEmpty();
    }

    @Test
    void theEnvironmentKeepsItsOrder() {
        assertThat(process("environment: {Z: 1, A: 'x=y', M: '', B: true}").environment())
                .containsExactly(
                        Map.entry("Z", "1"), Map.entry("A", "x=y"), Map.entry("M", ""), Map.entry("B", "true"));
    }

    @Test
    void timesAndSignals() {
        ProcessDefinition process = process("start_time: 2 s\nshutdown_time: 2500 ms\nshutdown_signal: SIGINT\n");
        assertThat(process.startNanos()).isEqualTo(2_000_000_000L);
        assertThat(process.shutdownNanos()).isEqualTo(OptionalLong.of(2_500_000_000L));
        assertThat(process.shutdownSignal()).isEqualTo(2);
        assertThat(process("shutdown_signal: usr1").shutdownSignal()).isEqualTo(10);
        assertThat(process("shutdown_signal: 9").shutdownSignal()).isEqualTo(9);
        assertThat(process("shutdown_signal: '9'").shutdownSignal()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{exited: 0} | exited 0",
                "{exited: 255} | exited 255",
                "{signaled: SIGKILL} | signaled 9",
                "{signaled: 11} | signaled 11",
                "running | running",
                "~ | exited 0"
            })
    void expectedFinalStates(String written, String state) {
        assertThat(process("expected_final_state: " + written).expectedFinalState())
                .hasToString(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expected_final_state: stopped",
                "expected_final_state: 0",
                "expected_final_state: {}",
                "expected_final_state: []",
                "expected_final_state: {exited: 0, signaled: 9}",
                "expected_final_state: {exited: 256}",
                "expected_final_state: {exited: -1}",
                "expected_final_state: {signaled: 65}",
                "expected_final_state: {exit: 0, exited: 0}",
                "start_time: 10 s",
                "start_time: 11",
                "start_time: -1 s",
                "start_time: 1.5",
                "shutdown_time: 0",
                "shutdown_signal: 0",
                "shutdown_signal: SIGFOO",
                "args: {a: b}",
                "args: [a, [b]]",
                "args: [~]",
                "args: \"'\"",
                "environment: [A]",
                "environment: {A: ~}",
                "environment: {A: [b]}",
                "environment: {A=B: c}",
                "mechanism: magic",
                "unknown: 1"
            })
    void mistakesAreOneErrorEachAtTheLine(String line) {
        DefinitionResult result = Definitions.read(Definitions.withProcess(line));
        assertThat(result.definition()).isEmpty();
        assertThat(result.errors()).hasSize(1);
        assertThat(result.errors().get(0).line()).isEqualTo(8);
    }

    @Test
    void aProcessNeedsAPath() {
        DefinitionResult result = Definitions.read("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  alice:
                    network_node_id: 0
                    processes:
                      - args: x
                      -
                      - /bin/sh
                """);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer)
                .containsExactly(
                        tuple(7, "/hosts/alice/processes/0/path"),
                        tuple(8, "/hosts/alice/processes/1"),
                        tuple(9, "/hosts/alice/processes/2"));
    }

    @Test
    void theMechanismIsTheProcesssOwnOrTheExperiments() {
        assertThat(process("mechanism: preload").mechanism()).contains(Mechanism.PRELOAD);
        assertThat(process("mechanism: inject").mechanism()).contains(Mechanism.INJECT);
        assertThat(process("mechanism: ptrace").mechanism()).contains(Mechanism.PTRACE);
        assertThat(process("mechanism: notify").mechanism()).contains(Mechanism.NOTIFY);
        assertThat(process("mechanism: hybrid").mechanism()).contains(Mechanism.HYBRID);
        assertThat(process("mechanism: ~").mechanism()).isEmpty();
        Definition whole = Definitions.right("""
                experiment: {mechanism: preload}
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  alice: {network_node_id: 0, processes: [{path: /bin/sh}, {path: /bin/sh, mechanism: inject}]}
                """);
        assertThat(whole.hosts().get(0).processes())
                .extracting(ProcessDefinition::mechanism)
                .containsExactly(Optional.of(Mechanism.PRELOAD), Optional.of(Mechanism.INJECT));
        DefinitionError wrong = Definitions.read(Definitions.withProcess("mechanism: magic"))
                .errors()
                .get(0);
        assertThat(wrong.message()).isEqualTo("must be one of inject, preload, ptrace, notify, hybrid");
        assertThat(wrong.column()).isGreaterThan(1);
    }
}
