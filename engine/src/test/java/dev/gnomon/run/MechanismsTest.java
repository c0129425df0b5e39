package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.NativeTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the engine reaches into programs changes nothing that they see. */
class MechanismsTest {
    private static final int CALLS = 2000;

    @TempDir
    Path directory;

    /** Two programs on host a, one on host b, which make calls at random and talk to each other. */
    private RunResult run(String name, int seed, String general, List<Mechanism> mechanisms, int workers)
            throws Exception {
        return run(name, seed, general, "environment: {}", mechanisms, workers);
    }

    private RunResult run(
            String name, int seed, String general, String environment, List<Mechanism> mechanisms, int workers)
            throws Exception {
        List<String> keys = mechanisms.stream()
                .map(mechanism ->
                        environment + ", mechanism: " + mechanism.name().toLowerCase(Locale.ROOT))
                .toList();
        String text = """
                general: {stop_time: 100 s, %s}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {pcap_enabled: true}
                hosts:
                  a:
                    network_node_id: 0
                    processes:
                    - {path: %2$s, args: '%3$d %4$d b', start_time: 1 s, %5$s}
                    - {path: %2$s, args: '%8$d %4$d b 6000', start_time: 1 s, %6$s}
                  b:
                    network_node_id: 0
                    processes:
                    - {path: %2$s, args: '%9$d %4$d a', start_time: 1 s, %7$s}
                """.formatted(
                        general,
                        NativeTarget.guest("random-calls"),
                        seed,
                        CALLS,
                        keys.get(0),
                        keys.get(1),
                        keys.get(2),
                        seed + 1000,
                        seed + 2000);
        return Experiments.run(text, directory.resolve(name), OptionalLong.empty(), OptionalInt.of(workers));
    }

    private void assertSame(RunResult run, String name, RunResult expected, String expectedName) {
        assertThat(expected.failures()).isEmpty();
        assertThat(run.failures()).isEmpty();
        assertSameOutput("a", "random-calls.1000.stdout", name, expectedName);
        assertSameOutput("a", "random-calls.1001.stdout", name, expectedName);
        assertSameOutput("b", "random-calls.1000.stdout", name, expectedName);
        assertThat(run.digest()).isEqualTo(expected.digest());
    }

    private void assertSameOutput(String host, String file, String name, String expectedName) {
        assertThat(Experiments.output(directory.resolve(name), host, file))
                .as("what the calls of %s gave: %s", host, file)
                .hasSizeGreaterThan(10_000)
                .isEqualTo(Experiments.output(directory.resolve(expectedName), host, file));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INJECT")
    void randomCallsGiveTheSameByEveryMechanism(Mechanism mechanism) throws Exception {
        RunResult injected = run("injected", 21, "", List.of(Mechanism.INJECT, Mechanism.INJECT, Mechanism.INJECT), 1);
        RunResult other = run("other", 21, "", List.of(mechanism, mechanism, mechanism), 2);
        assertSame(other, "other", injected, "injected");
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 32, 33})
    void mechanismsMayBeMixedOnOneHost(int seed) throws Exception {
        RunResult injected =
                run("injected", seed, "", List.of(Mechanism.INJECT, Mechanism.INJECT, Mechanism.INJECT), 1);
        RunResult mixed = run("mixed", seed, "", List.of(Mechanism.NOTIFY, Mechanism.PTRACE, Mechanism.PRELOAD), 2);
        assertSame(mixed, "mixed", injected, "injected");
        RunResult other = run("other", seed, "", List.of(Mechanism.HYBRID, Mechanism.INJECT, Mechanism.HYBRID), 2);
        assertSame(other, "other", injected, "injected");
    }

    @Test
    void callsThatEscapeGiveTheSameAsThoseThatAreCaught() throws Exception {
        List<Mechanism> hybrid = List.of(Mechanism.HYBRID, Mechanism.HYBRID, Mechanism.HYBRID);
        RunResult caught = run("caught", 51, "", hybrid, 1);
        RunResult escaped = run("escaped", 51, "", "environment: {ESCAPING: '1'}", hybrid, 2);
        assertThat(caught.failures()).isEmpty();
        assertThat(escaped.failures()).isEmpty();
        assertSameOutput("a", "random-calls.1000.stdout", "escaped", "caught");
        assertSameOutput("a", "random-calls.1001.stdout", "escaped", "caught");
        assertSameOutput("b", "random-calls.1000.stdout", "escaped", "caught");
    }

    @Test
    void callsCostTheSameVirtualTimeByEveryMechanism() throws Exception {
        String charged = "model_unblocked_syscall_latency: true";
        RunResult injected =
                run("injected", 41, charged, List.of(Mechanism.INJECT, Mechanism.INJECT, Mechanism.INJECT), 1);
        RunResult mixed = run("mixed", 41, charged, List.of(Mechanism.PTRACE, Mechanism.INJECT, Mechanism.NOTIFY), 1);
        assertSame(mixed, "mixed", injected, "injected");
    }

    @Test
    void noDescriptorOfTheEngineIsLeftOfProgramsThatStillRan() throws Exception {
        RunResult result = Experiments.run("""
                general: {stop_time: 2 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  a:
                    network_node_id: 0
                    processes:
                    - {path: /bin/sleep, args: '3600', mechanism: notify, expected_final_state: running}
                """, directory.resolve("data"));

        assertThat(result.failures()).isEmpty();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.map(MechanismsTest::target)).noneMatch(target -> target.contains("seccomp"));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
