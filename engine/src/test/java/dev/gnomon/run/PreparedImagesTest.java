package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.NativeTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts are given copies of a process, and no program can tell: neither what is copied, nor what must not be. */
class PreparedImagesTest {
    private static final int HOSTS = 40;
    private static final Pattern COPIED = Pattern.compile("\"copiedProcesses\"\\s*:\\s*(\\d+)");

    private static final Pattern CROSSINGS = Pattern.compile("\"crossings\"\\s*:\\s*(\\d+)");

    @TempDir
    Path directory;

    private static String experiment(String general, Path program, String arguments, String settings) {
        return """
                general: {stop_time: 100 s, %s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  h:
                    count: %d
                    network_node_id: 0
                    processes: [{path: %s, args: "%s", start_time: 1 s, %s}]
                """.formatted(general, HOSTS, program, arguments, settings);
    }

    private RunResult run(String name, String text, int workers) throws Exception {
        RunResult result =
                Experiments.run(text, directory.resolve(name), OptionalLong.empty(), OptionalInt.of(workers));
        assertThat(result.failures()).isEmpty();
        return result;
    }

    private int copied(String run) throws IOException {
        return (int) number(COPIED, run);
    }

    private long number(Pattern pattern, String run) throws IOException {
        Matcher found = pattern.matcher(Files.readString(directory.resolve(run).resolve("summary.json")));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    /** Runs a program with images off and on; what it gives must be the same. Returns how many processes were copied. */
    private int compare(String general, Path program, String arguments, String settings, int workers) throws Exception {
        RunResult executed =
                run("executed", experiment(general + "prepared_images: off", program, arguments, settings), 2);
        RunResult copied =
                run("copied", experiment(general + "prepared_images: on", program, arguments, settings), workers);
        String output = program.getFileName() + ".1000.stdout";
        for (int host = 1; host <= HOSTS; host++) {
            assertThat(Experiments.output(directory.resolve("copied"), "h" + host, output))
                    .as("what h%d saw", host)
                    .isEqualTo(Experiments.output(directory.resolve("executed"), "h" + host, output));
        }
        assertThat(copied.digest()).isEqualTo(executed.digest());
        assertThat(copied("executed")).isZero();
        return copied("copied");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aCopyIsInNothingDifferentFromAProcessThatWasExecuted(int workers) throws Exception {
        assertThat(compare("", NativeTarget.guest("image_state"), "a 'b c'", "environment: {A: b}", workers))
                .isEqualTo(HOSTS - 2 * workers);
    }

    @Test
    void neitherIsOneWithoutALoader() throws Exception {
        assertThat(compare("", NativeTarget.staticGuest("image_state"), "", "environment: {}", 1))
                .isEqualTo(HOSTS - 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local_calls: off, ", "model_unblocked_syscall_latency: true, "})
    void norWhereCallsAreAnsweredOrChargedOtherwise(String general) throws Exception {
        assertThat(compare(general, NativeTarget.guest("image_state"), "", "environment: {}", 1))
                .isEqualTo(HOSTS - 2);
    }

    @Test
    void copiesDoWhatTheirProgramsDo() throws Exception {
        assertThat(compare("", NativeTarget.guest("random-calls"), "7 400 h1", "environment: {}", 2))
                .isEqualTo(HOSTS - 4);
    }

    /** Everything that a constructor may do that copies have in common, or that can be told apart for each. */
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "jump buffer", "clock", "blocked signal", "random", "forgotten random"})
    void whatIsTheSameForEveryHostIsCopied(String constructor) throws Exception {
        assertThat(withConstructor(constructor)).isEqualTo(HOSTS - 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hash of random",
                "register",
                "reserved memory",
                "output",
                "written",
                "relative file",
                "relative look",
                "host name",
                "hosts file",
                "descriptor",
                "socket",
                "shared memory",
                "locked memory",
                "directory",
                "limit",
                "mask",
                "signal",
                "child",
                "second",
                "sleep",
                "timer",
                "end"
            })
    void whatEachHostHasToDoItselfIsExecuted(String constructor) throws Exception {
        assertThat(withConstructor(constructor)).isZero();
    }

    /** Its memory is not compared: the shim's own for a second thread lies among the program's. */
    @Test
    void aProgramWithASecondThreadIsExecuted() throws Exception {
        assertThat(compare("", NativeTarget.guest("identities"), "", constructor("thread"), 1))
                .isZero();
    }

    /** Where the start of a process turns out to serve nobody, it is not listened to for ever. */
    @Test
    void aProgramThatIsExecutedIsNotWatchedAfterItsEntryPoint() throws Exception {
        Path program = NativeTarget.guest("image_state");
        for (String images : List.of("off", "on")) {
            run(images, experiment("prepared_images: " + images, program, "", constructor("sleep")), 1);
        }
        assertThat(crossings("on") - crossings("off")).isBetween(1L, 100L);
    }

    private long crossings(String run) throws IOException {
        return number(CROSSINGS, run);
    }

    private static String constructor(String what) {
        return "environment: {LD_PRELOAD: '%s', CONSTRUCTOR: '%s'}"
                .formatted(NativeTarget.sharedObject("constructor.so"), what);
    }

    @Test
    void randomBytesThatTheEngineGaveAreCopiedToo() throws Exception {
        assertThat(compare("local_calls: off, ", NativeTarget.guest("image_state"), "", constructor("random"), 1))
                .isEqualTo(HOSTS - 2);
    }

    private int withConstructor(String what) throws Exception {
        return compare("", NativeTarget.guest("image_state"), "", constructor(what), 1);
    }

    @Test
    void traceAndOtherMechanismsAreExecuted() throws Exception {
        Path program = NativeTarget.guest("image_state");
        run(
                "traced",
                experiment("", program, "", "environment: {}") + "experimental: {strace_logging_mode: standard}\n",
                1);
        run("preloaded", experiment("", program, "", "mechanism: preload"), 1);
        assertThat(copied("traced")).isZero();
        assertThat(copied("preloaded")).isZero();
    }
}
