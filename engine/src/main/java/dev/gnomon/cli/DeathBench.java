package dev.gnomon.cli;

import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestHostBlock.StartedGuest;
import dev.gnomon.guest.GuestRuntimeConfiguration;
import dev.gnomon.guest.GuestStartException;
import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.PreloadRuntime;
import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long after a guest was killed its worker, which waits for it, knows. */
final class DeathBench {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Path PROGRAM = Path.of("/bin/sh");

    private DeathBench() {}

    /** Kills so many guests, one after the other, each while it computes and its worker sleeps. */
    static Histogram measure(int kills) throws IOException, InterruptedException, SwitchBench.FailedException {
        Histogram histogram = new Histogram(SwitchBench.LONGEST_NANOS, 3);
        GuestRuntimeConfiguration configuration =
                GuestRuntimeConfiguration.of(1, 1).withSpinning(false);
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration)) {
            runtime.enterWorker(0);
            try {
                GuestHostBlock host = runtime.openHost(0, 0);
                for (int n = 0; n < kills; n++) {
                    histogram.recordValue(Math.min(killOne(host), SwitchBench.LONGEST_NANOS));
                }
            } catch (GuestStartException e) {
                throw new SwitchBench.FailedException(e.getMessage());
            } finally {
                runtime.leaveWorker();
            }
        }
        return histogram;
    }

    private static long killOne(GuestHostBlock host)
            throws GuestStartException, InterruptedException, SwitchBench.FailedException {
        StartedGuest guest = host.start(new GuestHostBlock.StartRequest(
                Mechanism.INJECT,
                PROGRAM,
                List.of("sh", "-c", "while :; do :; done"),
                List.of(),
                Path.of("/"),
                Path.of("/dev/null"),
                Path.of("/dev/null")));
        Stop stop = guest.thread().await(PATIENCE_NANOS);
        // Until it computes for ever.
        while (stop == Stop.CALL) {
            if (guest.thread().phase() == Phase.NEW_CALL) {
                guest.thread().replyNative();
            } else {
                guest.thread().replyResult(0);
            }
            stop = guest.thread().resume(TimeUnit.MILLISECONDS.toNanos(5));
        }
        int process = guest.thread().machineProcessId();
        long[] killed = new long[1];
        Thread killer = new Thread(() -> {
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            killed[0] = System.nanoTime();
            SwitchLibrary.gnomon_kill(process, SwitchLibrary.SIGKILL);
        });
        killer.start();
        stop = guest.thread().resume(PATIENCE_NANOS);
        long noticed = System.nanoTime();
        killer.join();
        if (stop != Stop.DIED) {
            throw new SwitchBench.FailedException("a guest that was killed was not found dead: stop=" + stop);
        }
        guest.thread().close();
        guest.process().close();
        return Math.max(1, noticed - killed[0]);
    }
}
