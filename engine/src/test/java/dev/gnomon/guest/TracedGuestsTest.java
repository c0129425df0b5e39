package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real programs without a shim, under a tracer, with an engine that leaves nearly everything to the kernel. */
class TracedGuestsTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final int SIGKILL = 9;

    @TempDir
    private Path directory;

    private PreloadRuntime runtime;
    private GuestHostBlock host;

    @BeforeEach
    void open() throws Exception {
        runtime = PreloadRuntime.open(GuestRuntimeConfiguration.of(1, 1).withMechanism(Mechanism.PTRACE));
        runtime.enterWorker(0);
        host = runtime.openHost(0, 0);
    }

    @AfterEach
    void close() {
        runtime.leaveWorker();
        runtime.close();
    }

    private int statusOf(Path program, String... arguments) throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(host, 100);
        NativeGuestLoop.Process process = loop.start(directory, program, arguments);
        loop.run();
        assertThat(process.handle().misconduct()).isEmpty();
        return process.waitStatus();
    }

    @Test
    void anExitStatusArrives() throws Exception {
        assertThat(statusOf(NativeTarget.guest("exit-status"), "7")).isEqualTo(7 << 8);
        assertThat(Files.readString(directory.resolve("stdout"))).isEqualTo("exits with 7\n");
        assertThat(directory.resolve("stderr")).isEmptyFile();
    }

    @ParameterizedTest
    @CsvSource({"null,11", "abort,6", "divide,8", "illegal,4"})
    void aCrashEndsByItsSignal(String how, int signal) throws Exception {
        assertThat(statusOf(NativeTarget.guest("crash"), how) & 0x7f).isEqualTo(signal);
    }

    @Test
    void everyDescriptorMayBeClosed() throws Exception {
        assertThat(statusOf(NativeTarget.guest("close-everything"))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"spawn-and-wait", "spawn-and-wait-static"})
    void childrenByForkAndVforkExecuteAndAreAwaited(String program) throws Exception {
        assertThat(statusOf(NativeTarget.guest(program), "20", "/bin/true")).isZero();
        assertThat(directory.resolve("stderr")).isEmptyFile();
    }

    @Test
    void aStaticProgramExecutesAStaticOne() throws Exception {
        Path program = NativeTarget.guest("spawn-and-wait-static");
        Path script = directory.resolve("again");
        Files.writeString(script, "#!/bin/sh\nexec " + program + " 2 /bin/true\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(statusOf(program, "4", script.toString())).isZero();
    }

    @Test
    void aForkBombIsBounded() throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(host, 200);
        NativeGuestLoop.Process process = loop.start(directory, NativeTarget.guest("fork-bomb"));
        loop.run();
        assertThat(loop.mostLiving()).isEqualTo(200);
        assertThat(process.waitStatus()).isZero();
    }

    @Test
    void manyProgramsAtOnceHaveATracerEach() throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(host, 100);
        for (int n = 0; n < 100; n += 20) {
            for (int m = 0; m < 20; m++) {
                loop.start(directory, Path.of("/bin/true"));
            }
            loop.run();
        }
        assertThat(loop.started()).isEqualTo(100);
        assertThat(loop.mostLiving()).isEqualTo(20);
    }

    @Test
    void whatCannotBeExecutedIsReported() {
        NativeGuestLoop loop = new NativeGuestLoop(host, 100);
        assertThatThrownBy(() -> loop.start(directory, Path.of("/no/such/program")))
                .isInstanceOf(GuestStartException.class)
                .hasMessageContaining("cannot execute /no/such/program: No such file or directory");
    }

    @Test
    void killedFromOutsideAtAnyInstantAGuestIsFoundDead() throws Exception {
        Random random = new Random(13);
        for (int round = 0; round < 40; round++) {
            NativeGuestLoop loop = new NativeGuestLoop(host, 100);
            NativeGuestLoop.Process process =
                    loop.start(directory, NativeTarget.guest("spawn-and-wait"), "1000000", "/bin/true");
            long at = System.nanoTime() + random.nextInt(20_000_000);
            Thread killer = new Thread(() -> {
                while (System.nanoTime() < at) {
                    Thread.onSpinWait();
                }
                process.handle().kill();
            });
            killer.start();
            loop.run();
            killer.join();
            assertThat(process.waitStatus() & 0x7f).isEqualTo(SIGKILL);
        }
    }

    @Test
    void whenATracerIsKilledItsGuestsAreDead() throws Exception {
        GuestHostBlock.StartedGuest guest = host.start(new GuestHostBlock.StartRequest(
                NativeTarget.guest("exit-status"),
                List.of("exit-status", "0"),
                List.of(),
                directory,
                Path.of("/dev/null"),
                Path.of("/dev/null")));
        assertThat(guest.thread().await(PATIENCE)).isEqualTo(GuestThreadChannel.Stop.CALL);
        String status = Files.readString(Path.of("/proc/" + guest.thread().machineProcessId() + "/status"));
        String tracer = status.lines()
                .filter(line -> line.startsWith("TracerPid:"))
                .map(line -> line.substring("TracerPid:".length()).strip())
                .findFirst()
                .orElseThrow();
        ProcessHandle.of(Long.parseLong(tracer)).orElseThrow().destroyForcibly();
        assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
        guest.thread().replyResult(0);
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(GuestThreadChannel.Stop.DIED);
        assertThat(guest.process().waitStatus()).isEqualTo(SIGKILL);
    }
}
