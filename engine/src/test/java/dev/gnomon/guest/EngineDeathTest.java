package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.jna.SwitchLibrary;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However the engine's process ends, nothing of its guests stays. */
class EngineDeathTest {
    private static final int GUESTS = 12;

    @TempDir
    private Path temporary;

    // include/uapi/asm-generic/signal.h: 2 is SIGINT, 9 SIGKILL, 15 SIGTERM
    @ParameterizedTest
    @CsvSource({"9,true", "9,false", "9,true", "2,true", "15,true", "15,false"})
    void noGuestAndNoFileOutlivesIt(int signal, boolean namespaces) throws Exception {
        String mark = "7351" + ProcessHandle.current().pid() + "9" + signal + (namespaces ? "1" : "0");
        // A shell's background jobs ignore SIGINT, and so does what they start: here it must have its default.
        Process engine = new ProcessBuilder(
                        "/usr/bin/env",
                        "--default-signal=INT,TERM",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + temporary,
                        "-Djna.tmpdir=" + temporary,
                        "-Dgnomon.native.target=" + NativeTarget.root(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedEngine.class.getName(),
                        mark,
                        Integer.toString(GUESTS),
                        Boolean.toString(namespaces))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(engine.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("ready");
            String zygotes = "/proc/" + engine.pid() + "/fd/";
            assertThat(RunningProcesses.withArgument(zygotes)).hasSize(2);
            assertThat(RunningProcesses.withArgument(mark)).hasSize(GUESTS + 1); // the engine itself names it as well
            Thread.sleep(new Random().nextInt(50));

            assertThat(SwitchLibrary.gnomon_kill((int) engine.pid(), signal)).isZero();

            assertThat(engine.waitFor(30, TimeUnit.SECONDS)).as("ends").isTrue();
            assertThat(engine.exitValue()).isEqualTo(128 + signal);
            RunningProcesses.awaitCount(mark, 0, Duration.ofSeconds(2));
            RunningProcesses.awaitCount(zygotes, 0, Duration.ofSeconds(2));
        } finally {
            engine.destroyForcibly();
        }
        try (Stream<Path> left = Files.walk(temporary)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        try (Stream<Path> shared = Files.list(Path.of("/dev/shm"))) {
            List<String> names = shared.map(one -> one.getFileName().toString()).toList();
            assertThat(names).noneMatch(name -> name.contains("gnomon"));
        }
    }
}
