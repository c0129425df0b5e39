package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.NativeTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each program of native/guests that checks itself has the same assertions hold natively and simulated. */
class GuestProgramsTest {
    private static final Path SOURCES = Path.of("../native/guests");

    @TempDir
    Path directory;

    static Stream<String> programs() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            return sources
                    .filter(source -> source.toString().endsWith(".c") && includesCheck(source))
                    .map(source -> source.getFileName().toString().replace(".c", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static boolean includesCheck(Path source) {
        try {
            return Files.readString(source).contains("#include \"check.h\"");
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + source, e);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsNatively(String program) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(NativeTarget.guest(program).toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsInjected(String program) throws Exception {
        holdsSimulated(NativeTarget.guest(program), Mechanism.INJECT);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsPreloaded(String program) throws Exception {
        holdsSimulated(NativeTarget.guest(program), Mechanism.PRELOAD);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsStaticallyLinked(String program) throws Exception {
        holdsSimulated(NativeTarget.staticGuest(program), Mechanism.INJECT);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsTraced(String program) throws Exception {
        holdsSimulated(NativeTarget.guest(program), Mechanism.PTRACE);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsByNotification(String program) throws Exception {
        holdsSimulated(NativeTarget.guest(program), Mechanism.NOTIFY);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void holdsTracedAgain(String program) throws Exception {
        holdsSimulated(NativeTarget.guest(program), Mechanism.HYBRID);
    }

    private void holdsSimulated(Path program, Mechanism mechanism) throws Exception {
        Path data = directory.resolve("data");
        RunResult result =
                Experiments.run("""
                general: {stop_time: 5 min}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  one:
                    network_node_id: 0
                    processes:
                    - path: %s
                      mechanism: %s
                """.formatted(program, mechanism.name().toLowerCase(Locale.ROOT)), data);
        assertThat(result.warnings()).isEmpty();
        assertThat(result.succeeded())
                .as(() -> result.failures() + "\n"
                        + Experiments.output(data, "one", program.getFileName() + ".1000.stderr"))
                .isTrue();
    }
}
