package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.GuestThreadChannel.Stop;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sleeping and spinning, and every change between them, carry every call. */
class HandoverTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final int YIELD = 24; // arch/x86/entry/syscalls/syscall_64.tbl

    private static PreloadRuntime open() throws Exception {
        return PreloadRuntime.open(GuestRuntimeConfiguration.of(1, 1)
                .withSpinning(false)
                .withCarriedFiles(List.of("gnomon-bench-crossing", "gnomon-bench-guest")));
    }

    private static GuestHostBlock.StartedGuest start(PreloadRuntime runtime, int file, String... arguments)
            throws Exception {
        return runtime.openHost(0, 0)
                .start(new GuestHostBlock.StartRequest(
                        Mechanism.PRELOAD,
                        Path.of(runtime.carriedPath(file)),
                        List.of(arguments),
                        List.of(),
                        Path.of("/"),
                        Path.of("/dev/null"),
                        Path.of("/dev/null")));
    }

    /** @param guest which of the carried programs: without a shim, or with it */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void everyCallCrossesWhileTheWayChanges(int guest) throws Exception {
        Random random = new Random(11);
        int markers = 30_000;
        try (PreloadRuntime runtime = open()) {
            Processors processors = Processors.allowed();
            Handover handover = runtime.handover(0);
            Handover changing = new Handover(runtime.worker(0), processors.ofWorker(processors.count() - 1));
            runtime.enterWorker(0);
            try {
                GuestHostBlock.StartedGuest started =
                        start(runtime, guest, "guest", "forwarded", Integer.toString(markers));
                PreloadChannel thread = (PreloadChannel) started.thread();
                thread.crossBy(changing);
                assertThat(handover.isSpinning()).isFalse();
                Stop stop = thread.await(PATIENCE);
                int yields = 0;
                while (stop == Stop.CALL) {
                    if (random.nextInt(50) == 0) {
                        changing.spin(!changing.isSpinning());
                    }
                    if (thread.callNumber() == YIELD) {
                        yields++;
                    }
                    if (random.nextInt(3000) == 0) {
                        Thread.sleep(1); // longer than anybody spins
                    }
                    if (thread.phase() != GuestThreadChannel.Phase.NEW_CALL || thread.callNumber() == YIELD) {
                        thread.replyResult(0);
                    } else {
                        thread.replyNative();
                    }
                    stop = thread.resume(PATIENCE);
                }
                assertThat(stop).isEqualTo(Stop.DIED);
                assertThat(yields).isEqualTo(markers);
                assertThat(started.process().waitStatus()).isZero();
            } finally {
                runtime.leaveWorker();
            }
        }
    }

    @Test
    void aGuestKilledWhileItsWorkerSpinsIsFoundDead() throws Exception {
        try (PreloadRuntime runtime = open()) {
            Processors processors = Processors.allowed();
            GuestHostBlock.StartedGuest started = start(runtime, 0, "guest", "forwarded", "100000000");
            PreloadChannel thread = (PreloadChannel) started.thread();
            Handover spinning = new Handover(runtime.worker(0), processors.ofWorker(processors.count() - 1));
            thread.crossBy(spinning);
            spinning.spin(true);
            assertThat(thread.await(PATIENCE)).isEqualTo(Stop.CALL);
            Thread killer = new Thread(() -> started.process().kill());
            Stop stop = Stop.CALL;
            for (int n = 0; stop == Stop.CALL; n++) {
                if (n == 1000) {
                    killer.start();
                }
                thread.replyResult(0);
                stop = thread.resume(PATIENCE);
            }
            killer.join();
            assertThat(stop).isEqualTo(Stop.DIED);
        }
    }
}
