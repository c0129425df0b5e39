package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Workers and guests under {@code SCHED_FIFO} ({@code sched(7)}), and what makes that safe.
 *
 * <p>A worker's priority is above its guests', and it never sleeps long while a guest runs: so it takes the processor back
 * from one that computes for ever, and the run's limit for such guests holds. Everything else of the engine runs under the
 * usual policy and needs a processor that no worker is bound to.
 */
final class RealTimePolicy {
    static final int WORKER_PRIORITY = 2;
    static final int GUEST_PRIORITY = 1;

    private static final Path THROTTLING = Path.of("/proc/sys/kernel/sched_rt_runtime_us");

    private RealTimePolicy() {}

    /** Why the policy cannot be used here; empty where it can. */
    static Optional<String> refusal(int workers, int processors) {
        if (workers >= processors) {
            return Optional.of(refused("they would leave no processor to the rest of the engine: workers=" + workers
                    + ", processors=" + processors));
        }
        int result = SwitchLibrary.gnomon_set_priority(WORKER_PRIORITY);
        if (result < 0) {
            return Optional.of(
                    refused("the kernel refused it (CAP_SYS_NICE or a limit on real-time priority, RLIMIT_RTPRIO, of "
                            + WORKER_PRIORITY + " permits it): " + SwitchLibrary.errorText(-result)));
        }
        SwitchLibrary.gnomon_set_priority(0);
        return Optional.empty();
    }

    private static String refused(String why) {
        return "workers and guests do not run under SCHED_FIFO: " + why;
    }

    /** What is dangerous about using it here; empty where nothing. */
    static Optional<String> danger() {
        // In one piece: a setting of /proc/sys gives nothing beyond the first read (kernel/sysctl.c).
        try (InputStream input = new FileInputStream(THROTTLING.toFile())) {
            return danger(new String(input.readNBytes(64), StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            return Optional.empty(); // a kernel without the setting has its own share for others
        }
    }

    static Optional<String> danger(String realTimeMicros) {
        return realTimeMicros.equals("-1")
                ? Optional.of("nothing is kept for other programs on the processors of workers, because " + THROTTLING
                        + " is -1: a guest that computes for ever keeps its processor until its worker ends it")
                : Optional.empty();
    }
}
