package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RealTimePolicyTest {
    private static final long PATIENCE = 20_000_000_000L;
    private static final int POLICY_FIELD = 41; // proc_pid_stat(5)
    private static final int SCHED_FIFO = 1; // include/uapi/linux/sched.h

    @Test
    void isRefusedWhereTheEngineWouldHaveNoProcessorLeft() {
        assertThat(RealTimePolicy.refusal(2, 2))
                .hasValueSatisfying(why -> assertThat(why).contains("workers=2, processors=2"));
    }

    @Test
    void saysWhatIsDangerous() {
        assertThat(RealTimePolicy.danger("950000")).isEmpty();
        assertThat(RealTimePolicy.danger("-1"))
                .hasValueSatisfying(why -> assertThat(why).contains("sched_rt_runtime_us is -1"));
    }

    @Test
    void aRunThatCannotHaveItGoesOnAndSaysWhy() throws Exception {
        int workers = Processors.allowed().count();
        try (PreloadRuntime runtime =
                PreloadRuntime.open(GuestRuntimeConfiguration.of(1, workers).withFifo(true))) {
            assertThat(runtime.isFifo()).isFalse();
            assertThat(runtime.notices())
                    .anySatisfy(notice -> assertThat(notice).contains("SCHED_FIFO"));
        }
    }

    @Test
    void aGuestThatComputesForEverDoesNotKeepTheProcessorFromItsWorker() throws Exception {
        assumeTrue(RealTimePolicy.refusal(1, Processors.allowed().count()).isEmpty());
        try (PreloadRuntime runtime =
                PreloadRuntime.open(GuestRuntimeConfiguration.of(1, 1).withFifo(true))) {
            assertThat(runtime.isFifo()).isTrue();
            runtime.enterWorker(0);
            try {
                GuestHostBlock.StartedGuest guest = runtime.openHost(0, 0)
                        .start(new GuestHostBlock.StartRequest(
                                Mechanism.PRELOAD,
                                Path.of("/bin/sh"),
                                List.of("sh", "-c", "while :; do :; done"),
                                List.of(),
                                Path.of("/"),
                                Path.of("/dev/null"),
                                Path.of("/dev/null")));
                GuestThreadChannel thread = guest.thread();
                GuestThreadChannel.Stop stop = thread.await(PATIENCE);
                while (stop == GuestThreadChannel.Stop.CALL) {
                    if (thread.phase() == GuestThreadChannel.Phase.NEW_CALL) {
                        thread.replyNative();
                    } else {
                        thread.replyResult(0);
                    }
                    stop = thread.resume(200_000_000L);
                }
                assertThat(stop).isEqualTo(GuestThreadChannel.Stop.TIMEOUT);
                String stat = Files.readString(Path.of("/proc/" + thread.machineProcessId() + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                assertThat(Integer.parseInt(fields[POLICY_FIELD - 3])).isEqualTo(SCHED_FIFO);
                guest.process().kill();
                assertThat(thread.resume(PATIENCE)).isEqualTo(GuestThreadChannel.Stop.DIED);
            } finally {
                runtime.leaveWorker();
            }
        }
    }
}
