package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting and burying, without a shim: a library that does nothing stands in its place, so guests run freely. */
class ZygoteTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    private Path directory;

    private static GuestRuntimeConfiguration configuration() {
        return GuestRuntimeConfiguration.of(1, 1).withShim(NativeTarget.shipped("libgnomon-switch.so"));
    }

    private GuestHostBlock.StartRequest shell(String script) {
        return request(Path.of("/bin/sh"), List.of("sh", "-c", script));
    }

    private GuestHostBlock.StartRequest request(Path program, List<String> arguments) {
        return new GuestHostBlock.StartRequest(
                Mechanism.PRELOAD,
                program,
                arguments,
                List.of("PATH=/usr/bin:/bin", "GREETING=hello"),
                directory,
                directory.resolve("stdout"),
                directory.resolve("stderr"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void programsRunWithWhatTheyWereGiven(boolean namespaces) throws Exception {
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration().withNamespaces(namespaces))) {
            GuestProcessHandle process = runtime.openHost(0, 0)
                    .start(shell("echo $GREETING $(pwd) $(umask) $(ulimit -c) $(ulimit -n); echo oops >&2; exit 3"))
                    .process();
            assertThat(process.awaitDeath(PATIENCE)).isTrue();
            assertThat(process.waitStatus()).isEqualTo(3 << 8);
            assertThat(Files.readString(directory.resolve("stdout")))
                    .isEqualTo("hello " + directory + " 0022 0 1024\n");
            assertThat(Files.readString(directory.resolve("stderr"))).isEqualTo("oops\n");
        }
    }

    @Test
    void guestsHaveNoDescriptorsButTheirThree() throws Exception {
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration())) {
            GuestProcessHandle process = runtime.openHost(0, 0)
                    .start(request(Path.of("/bin/ls"), List.of("ls", "/proc/self/fd")))
                    .process();
            assertThat(process.awaitDeath(PATIENCE)).isTrue();
            // 3 is the directory that ls lists.
            assertThat(Files.readString(directory.resolve("stdout"))).isEqualTo("0\n1\n2\n3\n");
        }
    }

    @Test
    void asPrivilegedUserAllNamespacesAreEntered() throws Exception {
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration())) {
            GuestProcessHandle process = runtime.openHost(0, 0)
                    .start(shell("readlink /proc/self/ns/net /proc/self/ns/pid; cat /proc/net/dev | wc -l"))
                    .process();
            assertThat(process.awaitDeath(PATIENCE)).isTrue();
            List<String> lines = Files.readAllLines(directory.resolve("stdout"));
            assertThat(lines).hasSize(3);
            if (runtime.isNetworkSeparate()) {
                assertThat(lines.get(0))
                        .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net"))
                                .toString());
                assertThat(runtime.notices()).isEmpty();
            } else {
                assertThat(runtime.notices()).isNotEmpty();
            }
        }
    }

    @Test
    void whatCannotStartIsNamedWithTheReason() throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "no program");
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration())) {
            GuestHostBlock host = runtime.openHost(0, 0);
            assertThatThrownBy(() -> host.start(request(Path.of("/no/such"), List.of("such"))))
                    .isInstanceOf(GuestStartException.class)
                    .hasMessageContaining("cannot execute /no/such")
                    .hasMessageContaining("errno 2");
            assertThatThrownBy(() -> host.start(request(plain, List.of("plain"))))
                    .isInstanceOf(GuestStartException.class)
                    .hasMessageContaining("errno 13");
            assertThatThrownBy(() -> host.start(new GuestHostBlock.StartRequest(
                            Mechanism.PRELOAD,
                            Path.of("/bin/true"),
                            List.of("true"),
                            List.of(),
                            Path.of("/nowhere"),
                            directory.resolve("o"),
                            directory.resolve("e"))))
                    .isInstanceOf(GuestStartException.class)
                    .hasMessageContaining("cannot enter the working directory /nowhere");
            GuestProcessHandle process = host.start(shell("exit 0")).process();
            assertThat(process.awaitDeath(PATIENCE)).isTrue();
            assertThat(process.waitStatus()).isZero();
        }
    }

    @Test
    void theDeadArePlacedBackAndTheirSignalIsKnown() throws Exception {
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration())) {
            GuestHostBlock host = runtime.openHost(0, 0);
            for (int n = 0; n < 1200; n += 100) {
                List<GuestHostBlock.StartedGuest> started = new ArrayList<>();
                for (int m = 0; m < 100; m++) {
                    started.add(host.start(request(Path.of("/bin/true"), List.of("true"))));
                }
                for (GuestHostBlock.StartedGuest guest : started) {
                    assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
                    assertThat(guest.process().waitStatus()).isZero();
                    guest.thread().close();
                    guest.process().close();
                }
            }
            GuestProcessHandle crashing = host.start(shell("kill -SEGV $$")).process();
            assertThat(crashing.awaitDeath(PATIENCE)).isTrue();
            assertThat(crashing.waitStatus() & 0x7f).isEqualTo(11);
            GuestProcessHandle killed = host.start(shell("sleep 1000")).process();
            killed.kill();
            assertThat(killed.awaitDeath(PATIENCE)).isTrue();
            assertThat(killed.waitStatus() & 0x7f).isEqualTo(9);
        }
    }

    /** More than a nursery takes, twice: the dead make room, so that no thread is added the second time. */
    @Test
    void hundredsAreAskedForAtOnceAndEveryDeathIsTold() throws Exception {
        int many = 500;
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration())) {
            GuestHostBlock host = runtime.openHost(0, 0);
            List<Integer> threads = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                List<GuestHostBlock.PendingGuest> pending = new ArrayList<>();
                for (int n = 0; n < many; n++) {
                    pending.add(host.begin(request(Path.of("/bin/sleep"), List.of("sleep", "1000"))));
                }
                List<GuestHostBlock.StartedGuest> started = new ArrayList<>();
                for (GuestHostBlock.PendingGuest guest : pending) {
                    started.add(guest.await());
                }
                threads.add(threadsOf(runtime.zygote().processId()));
                started.forEach(guest -> guest.process().kill());
                for (GuestHostBlock.StartedGuest guest : started) {
                    assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
                    assertThat(guest.process().waitStatus()).isEqualTo(9);
                    guest.thread().close();
                    guest.process().close();
                }
            }
            int reading = 1;
            int full = many / 192; // native/zygote/nursery.c, GUESTS_LIMIT
            int busy = Math.max(2, Runtime.getRuntime().availableProcessors());
            assertThat(threads).allMatch(count -> count <= reading + full + busy);
        }
    }

    private static int threadsOf(int process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line -> Integer.parseInt(line.substring(8).strip()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingTakesEveryDescendantAlong(boolean namespaces) throws Exception {
        String mark = "31536" + ProcessHandle.current().pid() + (namespaces ? "1" : "0");
        PreloadRuntime runtime = PreloadRuntime.open(configuration().withNamespaces(namespaces));
        try (runtime) {
            GuestProcessHandle process = runtime.openHost(0, 0)
                    .start(shell("(setsid sleep " + mark + " &); sleep " + mark + " & sleep " + mark))
                    .process();
            RunningProcesses.awaitCount(mark, 4, Duration.ofSeconds(10)); // the shell names it as well
            assertThat(process.waitStatus()).isEqualTo(-1);
        }
        assertThat(RunningProcesses.withArgument(mark)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killingTheZygoteKillsAllAndIsNoticed(boolean namespaces) throws Exception {
        for (boolean guardian : new boolean[] {true, false}) {
            String mark = "31537" + ProcessHandle.current().pid() + (namespaces ? "1" : "0") + (guardian ? "1" : "0");
            try (PreloadRuntime runtime = PreloadRuntime.open(configuration().withNamespaces(namespaces))) {
                GuestHostBlock host = runtime.openHost(0, 0);
                GuestProcessHandle process = host.start(
                                shell("(setsid sleep " + mark + " &); sleep " + mark + "; true"))
                        .process();
                RunningProcesses.awaitCount(mark, 3, Duration.ofSeconds(10));
                long victim = guardian
                        ? runtime.zygote().guardianProcessId()
                        : runtime.zygote().processId();
                ProcessHandle.of(victim).orElseThrow().destroyForcibly();
                assertThat(process.awaitDeath(PATIENCE)).isTrue();
                assertThat(process.waitStatus() & 0x7f).isEqualTo(9);
                RunningProcesses.awaitCount(mark, 0, Duration.ofSeconds(2));
                assertThatThrownBy(() -> host.start(shell("true")))
                        .isInstanceOf(GuestStartException.class)
                        .hasMessageContaining("zygote");
            }
        }
    }
}
