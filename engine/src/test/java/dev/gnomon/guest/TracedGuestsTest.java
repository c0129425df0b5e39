package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real programs without a shim, under a tracer, with an engine that leaves nearly everything to the kernel. */
class TracedGuestsTest extends OpenRuntime {
    TracedGuestsTest() {
        super(1);
    }

    private int statusOf(Path program, String... arguments) throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(Mechanism.PTRACE, host, 100);
        NativeGuestLoop.Process process = loop.start(directory, program, arguments);
        loop.run();
        assertThat(process.handle().misconduct()).isEmpty();
        return process.waitStatus();
    }

    @Test
    void aStaticProgramsChildrenExecuteAndAreAwaited() throws Exception {
        assertThat(statusOf(NativeTarget.staticGuest("spawn-and-wait"), "20", "/bin/true"))
                .isZero();
        assertThat(directory.resolve("stderr")).isEmptyFile();
    }

    @Test
    void aStaticProgramExecutesAStaticOne() throws Exception {
        Path program = NativeTarget.staticGuest("spawn-and-wait");
        Path script = directory.resolve("again");
        Files.writeString(script, "#!/bin/sh\nexec " + program + " 2 /bin/true\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(statusOf(program, "4", script.toString())).isZero();
    }

    @Test
    void whatCannotBeExecutedIsReported() {
        NativeGuestLoop loop = new NativeGuestLoop(Mechanism.PTRACE, host, 100);
        assertThatThrownBy(() -> loop.start(directory, Path.of("/no/such/program")))
                .isInstanceOf(GuestStartException.class)
                .hasMessageContaining("cannot execute /no/such/program: No such file or directory");
    }

    @Test
    void whenATracerIsKilledItsGuestsAreDead() throws Exception {
        GuestHostBlock.StartedGuest guest = host.start(new GuestHostBlock.StartRequest(
                Mechanism.PTRACE,
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
