package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs under the real shim, or a tracer, with an engine that leaves nearly everything to the kernel. */
@ParameterizedClass
@EnumSource(Mechanism.class)
class PreloadRuntimeTest extends OpenRuntime {
    private static final int SHIM_REFUSED = 126;

    private final Mechanism mechanism;

    PreloadRuntimeTest(Mechanism mechanism) {
        super(2);
        this.mechanism = mechanism;
    }

    private int statusOf(Path program, String... arguments) throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(mechanism, host, 100);
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

    @Test
    void childrenByForkAndVforkExecuteAndAreAwaited() throws Exception {
        assertThat(statusOf(NativeTarget.guest("spawn-and-wait"), "20", "/bin/true"))
                .isZero();
        assertThat(directory.resolve("stderr")).isEmptyFile();
    }

    @Test
    void aShellRunsItsPipeline() throws Exception {
        assertThat(statusOf(Path.of("/bin/sh"), "-c", "echo one; /bin/echo two; exit 4"))
                .isEqualTo(4 << 8);
        assertThat(Files.readString(directory.resolve("stdout"))).isEqualTo("one\ntwo\n");
    }

    @Test
    void aForkBombIsBounded() throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(mechanism, host, 500);
        NativeGuestLoop.Process process = loop.start(directory, NativeTarget.guest("fork-bomb"));
        loop.run();
        assertThat(loop.mostLiving()).isEqualTo(500);
        assertThat(process.waitStatus()).isZero();
    }

    @Test
    void aThousandStartsReuseTheirPlaces() throws Exception {
        NativeGuestLoop loop = new NativeGuestLoop(mechanism, host, 100);
        for (int n = 0; n < 1000; n += 20) {
            for (int m = 0; m < 20; m++) {
                loop.start(directory, Path.of("/bin/true"));
            }
            loop.run();
        }
        assertThat(loop.started()).isEqualTo(1000);
        assertThat(loop.mostLiving()).isEqualTo(20);
    }

    @Test
    void killedFromOutsideAtAnyInstantAGuestIsFoundDead() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 40; round++) {
            NativeGuestLoop loop = new NativeGuestLoop(mechanism, host, 100);
            NativeGuestLoop.Process process =
                    loop.start(directory, NativeTarget.guest("spawn-and-wait"), "1000000", "/bin/true");
            long at = System.nanoTime() + random.nextInt(15_000_000);
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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aGuestThatScribblesOverItsBlockHarmsOnlyItsHost(int seed) throws Exception {
        NativeGuestLoop other = new NativeGuestLoop(mechanism, runtime.openHost(1, 0), 100);
        NativeGuestLoop.Process honest = other.start(directory, NativeTarget.guest("spawn-and-wait"), "4", "/bin/true");
        other.step();

        GuestHostBlock.StartedGuest guest = host.start(new GuestHostBlock.StartRequest(
                mechanism,
                NativeTarget.guest("scribble"),
                List.of("scribble", Integer.toString(seed)),
                List.of(),
                directory,
                directory.resolve("scribbled"),
                directory.resolve("scribbled")));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        GuestThreadChannel.Stop stop = guest.thread().await(PATIENCE);
        while (stop == GuestThreadChannel.Stop.CALL && System.nanoTime() < deadline) {
            if (guest.thread().phase() == GuestThreadChannel.Phase.NEW_CALL) {
                guest.thread().replyNative();
            } else {
                guest.thread().replyResult(0);
            }
            stop = guest.thread().resume(TimeUnit.MILLISECONDS.toNanos(500));
        }
        guest.process().kill();
        assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
        if (mechanism == Mechanism.PTRACE) {
            assertThat(guest.process().waitStatus()).as("it finds no block").isEqualTo(3 << 8);
        } else {
            assertThat(Files.readString(directory.resolve("scribbled"))).startsWith("scribbling");
        }

        other.run();
        assertThat(honest.waitStatus()).isZero();
    }

    @Test
    void aGuestOfAnotherLayoutRefusesToStart() throws Exception {
        runtime.arena()
                .buffer(0, ArenaDescriptor.WORKER_WORDS_OFFSET)
                .putInt(ArenaDescriptor.VERSION_OFFSET, ArenaDescriptor.VERSION + 1);
        if (mechanism == Mechanism.PTRACE) {
            assertThatThrownBy(() -> statusOf(Path.of("/bin/true"))).isInstanceOf(GuestStartException.class);
        } else {
            assertThat(statusOf(Path.of("/bin/true"))).isEqualTo(SHIM_REFUSED << 8);
            assertThat(directory.resolve("stderr")).isNotEmptyFile();
        }
    }

    @Test
    void theEnvironmentShowsNothingOfTheEngine() throws Exception {
        assertThat(statusOf(Path.of("/bin/sh"), "-c", "/usr/bin/env")).isZero();
        assertThat(directory.resolve("stderr")).isEmptyFile();
        assertThat(Files.readString(directory.resolve("stdout")))
                .contains("PATH=/usr/bin:/bin\n")
                .doesNotContain("GNOMON")
                .doesNotContain("LD_PRELOAD")
                .doesNotContain("GLIBC_TUNABLES");
    }
}
