package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs end as they should, however their guests end. */
class RunLifecycleTest {
    @TempDir
    Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    /** One host that runs {@code bash -c script}. */
    private static String bash(String stopTime, String script, String more) {
        return """
                general: {stop_time: %s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  one:
                    network_node_id: 0
                    processes:
                    - path: /bin/bash
                      args: ['-c', '%s']
                      %s
                """.formatted(stopTime, script.replace("'", "''"), more);
    }

    private RunResult run(String text) throws Exception {
        return Experiments.run(text, data());
    }

    @Test
    void anUnexpectedExitStatusFailsTheRun() throws Exception {
        RunResult result = run(bash("10 s", "exit 3", ""));
        assertThat(result.succeeded()).isFalse();
        assertThat(result.processes().get(0).actual()).isEqualTo("exited 3");
        assertThat(result.failures()).anyMatch(failure -> failure.contains("expected to have exited 0"));
    }

    @Test
    void anExpectedSignalDoesNot() throws Exception {
        RunResult result = run(bash("10 s", "kill -SEGV $$", "expected_final_state: {signaled: SIGSEGV}"));
        assertThat(result.failures()).isEmpty();
        assertThat(result.processes().get(0).actual()).isEqualTo("signaled 11");
    }

    @Test
    void aProcessThatNeverEndsIsStillRunningAtTheStop() throws Exception {
        RunResult result = run(bash("1 h", "while :; do sleep 60; done", "expected_final_state: running"));
        assertThat(result.failures()).isEmpty();
        assertThat(result.virtualNanos()).isEqualTo(TimeUnit.HOURS.toNanos(1));
        assertThat(result.processes().get(0).endNanos()).isEqualTo(-1);
    }

    @Test
    void theShutdownSignalComesAtItsTime() throws Exception {
        RunResult result = run(bash(
                "10 s",
                "trap \"date +%s; exit 5\" USR1; while :; do sleep 0.1; done",
                "shutdown_time: 4 s\n      shutdown_signal: SIGUSR1\n      expected_final_state: {exited: 5}"));
        assertThat(result.failures()).isEmpty();
        assertThat(Experiments.output(data(), "one", "bash.1000.stdout").trim()).isEqualTo("946684804");
    }

    @Test
    void aLoopThatOnlyAsksForTheTimeSeesItPass() throws Exception {
        RunResult result = run(bash("10 s", "until [ $EPOCHSECONDS -ge 946684802 ]; do :; done; echo passed", ""));
        assertThat(result.failures()).isEmpty();
        assertThat(Experiments.output(data(), "one", "bash.1000.stdout")).isEqualTo("passed\n");
    }

    @Test
    void closingAllDescriptorsHarmsNobody() throws Exception {
        RunResult result =
                run(bash("10 s", "exec 0<&- 1>&- 2>&-; sleep 1; exit 7", "expected_final_state: {exited: 7}"));
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void orphansGoOnAndAreGoneAfterwards() throws Exception {
        RunResult result = run(bash("1 min", "(sleep 20; echo orphan) & exit 0", ""));
        assertThat(result.failures()).isEmpty();
        assertThat(Experiments.output(data(), "one", "bash.1000.stdout")).isEqualTo("orphan\n");
    }

    @Test
    void unsupportedCallsAreReportedOnceWithTheirCount() throws Exception {
        RunResult result = run("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  one:
                    network_node_id: 0
                    processes:
                    - path: /usr/bin/python3
                      args: ['-c', 'import ctypes; l = ctypes.CDLL(None); [l.syscall(246) for i in range(3)]']
                """);
        assertThat(result.failures()).isEmpty();
        assertThat(result.warnings())
                .anySatisfy(warning -> {
                    assertThat(warning.kind()).isEqualTo("unsupported-call");
                    assertThat(warning.program()).isEqualTo("python3");
                    assertThat(warning.subject()).isEqualTo("kexec_load");
                    assertThat(warning.count()).isEqualTo(3);
                })
                .hasSize(1);
    }

    @Test
    void theDataDirectoryMustNotExist() throws Exception {
        Files.createDirectory(data());
        assertThatThrownBy(() -> run(bash("1 s", "true", "")))
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void cancellingEndsARunThatIsBusy() throws Exception {
        RunCancellation cancellation = new RunCancellation();
        RunOptions options = new RunOptions(data(), OptionalLong.empty(), OptionalInt.empty(), cancellation);
        CompletableFuture<RunResult> run = CompletableFuture.supplyAsync(() -> {
            try {
                return Simulation.run(
                        Experiments.definition(bash("1000 h", "while :; do sleep 0.001; done", "")),
                        options,
                        new RunObserver() {
                            @Override
                            public void progress(RunProgress progress) {
                                cancellation.cancel();
                            }
                        });
            } catch (RunFailedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        RunResult result = run.get(60, TimeUnit.SECONDS);
        assertThat(result.cancelled()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.digest()).isEmpty();
    }

    @Test
    void cancellingEndsAGuestThatComputes() throws Exception {
        RunCancellation cancellation = new RunCancellation();
        RunOptions options = new RunOptions(data(), OptionalLong.empty(), OptionalInt.empty(), cancellation);
        CompletableFuture<RunResult> run = CompletableFuture.supplyAsync(() -> {
            try {
                return Simulation.run(
                        Experiments.definition(bash("10 s", "while :; do :; done", "")), options, new RunObserver() {});
            } catch (RunFailedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Path started = data().resolve("hosts/one/bash.1000.stdout");
        while (!Files.exists(started) && !run.isDone()) {
            Thread.sleep(10);
        }
        cancellation.cancel();
        RunResult result = run.get(60, TimeUnit.SECONDS);
        assertThat(result.cancelled()).isTrue();
        assertThat(result.virtualNanos()).isLessThan(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void bothTracesAreWrittenAndTheDeterministicOneRepeats() throws Exception {
        String text = bash("10 s", "echo $(date)", "") + "experimental: {strace_logging_mode: deterministic}\n";
        RunResult first = run(text);
        RunResult second = Experiments.run(text, directory.resolve("again"));
        String trace = Experiments.output(data(), "one", "bash.1000.strace");
        assertThat(Experiments.output(directory.resolve("again"), "one", "bash.1000.strace"))
                .isEqualTo(trace);
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(trace).contains("write(1, \"Sat Jan 1 00:00:00 UTC 2000\\n\", 28) = 28");
        assertThat(trace).doesNotContain("0x7");
        RunResult standard = Experiments.run(text.replace("deterministic", "standard"), directory.resolve("standard"));
        assertThat(standard.failures()).isEmpty();
        assertThat(Experiments.output(directory.resolve("standard"), "one", "bash.1000.strace"))
                .contains("0x7fff");
    }
}
