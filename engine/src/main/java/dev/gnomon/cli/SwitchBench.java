package dev.gnomon.cli;

import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestProcessHandle;
import dev.gnomon.guest.GuestRuntimeConfiguration;
import dev.gnomon.guest.GuestStartException;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.PreloadRuntime;
import dev.gnomon.jna.NativeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The measurements of {@code gnomon bench switch}, each with a process of its own. */
final class SwitchBench {
    private static final String GUEST = "gnomon-bench-guest";
    private static final String PAIR = "gnomon-bench-futex-pair";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int CALLS_BETWEEN_MARKERS = 1000;

    // arch/x86/entry/syscalls/syscall_64.tbl
    private static final int SCHED_YIELD = 24;
    private static final int EXIT = 60;
    private static final int EXIT_GROUP = 231;

    private final int rounds;

    SwitchBench(int rounds) {
        this.rounds = rounds;
    }

    /** What was measured, in nanoseconds. */
    record Series(String name, String title, boolean pinned, double median, double p99, long samples) {
        private static Series of(String name, String title, boolean pinned, Histogram histogram, double divisor) {
            return new Series(
                    name,
                    title + (pinned ? ", pinned" : ", not pinned"),
                    pinned,
                    histogram.getValueAtPercentile(50) / divisor,
                    histogram.getValueAtPercentile(99) / divisor,
                    histogram.getTotalCount());
        }
    }

    /** A measurement could not be made; the message says why. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    private int warmUp() {
        return Math.min(20_000, rounds);
    }

    /** Two C processes that hand each other the processor: what no engine can beat with futexes. */
    Series futexPair(boolean pinned) throws IOException, InterruptedException, FailedException {
        int cpu = -1;
        if (pinned) {
            try (PreloadRuntime runtime = PreloadRuntime.open(GuestRuntimeConfiguration.of(1, 1))) {
                cpu = runtime.processorOf(0);
            }
        }
        Histogram histogram = new Histogram(LONGEST_NANOS, 3);
        try (NativeFile program = NativeFile.fromJar(PAIR)) {
            Process process = new ProcessBuilder(
                            program.path(), Integer.toString(rounds + warmUp()), Integer.toString(cpu))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int line = 0;
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
                for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                    if (line++ >= warmUp()) {
                        histogram.recordValue(Math.min(Long.parseLong(text), LONGEST_NANOS));
                    }
                }
            }
            int status = process.waitFor();
            if (status != 0 || histogram.getTotalCount() != rounds) {
                throw new FailedException("the futex pair failed: status=" + status);
            }
        }
        return Series.of("futex-pair", "futex pair, C on both sides", pinned, histogram, 1);
    }

    /** From the answer to one call of a guest to its next call, which includes trap, both switches and the engine. */
    Series forwardedCall(boolean pinned) throws IOException, FailedException {
        Histogram histogram = betweenMarkers(pinned, rounds, "forwarded", 0);
        return Series.of("forwarded-call", "forwarded call, guest to engine and back", pinned, histogram, 1);
    }

    /** A call that the shim catches and hands to the kernel. */
    Series trappedNativeCall() throws IOException, FailedException {
        Histogram histogram = betweenMarkers(true, batches(), "native", CALLS_BETWEEN_MARKERS);
        return Series.of(
                "native-call",
                "trapped call, done by the kernel (mean of 1000)",
                true,
                histogram,
                CALLS_BETWEEN_MARKERS);
    }

    /** {@code clock_gettime}, answered by the shim; one of 128 crosses. */
    Series localTimeCall() throws IOException, FailedException {
        Histogram histogram = betweenMarkers(true, batches(), "time", CALLS_BETWEEN_MARKERS);
        return Series.of(
                "time-call", "time, answered in the guest (mean of 1000)", true, histogram, CALLS_BETWEEN_MARKERS);
    }

    private int batches() {
        return Math.max(20, rounds / CALLS_BETWEEN_MARKERS);
    }

    private Histogram betweenMarkers(boolean pinned, int samples, String mode, int calls)
            throws IOException, FailedException {
        GuestRuntimeConfiguration configuration =
                GuestRuntimeConfiguration.of(1, 1).withPinning(pinned).withCarriedFiles(List.of(GUEST));
        int ignored = calls == 0 ? warmUp() : 5;
        List<String> arguments =
                new ArrayList<>(List.of(GUEST, mode, Integer.toString(samples + ignored + 1), Integer.toString(calls)));
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration)) {
            runtime.enterWorker(0);
            try {
                GuestHostBlock.StartedGuest guest = runtime.openHost(0, 0)
                        .start(new GuestHostBlock.StartRequest(
                                Mechanism.INJECT,
                                Path.of(runtime.carriedPath(0)),
                                arguments,
                                List.of(),
                                Path.of("/"),
                                Path.of("/dev/null"),
                                Path.of("/dev/null")));
                return serve(guest, samples, ignored);
            } catch (GuestStartException e) {
                throw new FailedException(e.getMessage());
            } finally {
                runtime.leaveWorker();
            }
        }
    }

    /** Answers everything at once, and takes the time between markers. */
    private static Histogram serve(GuestHostBlock.StartedGuest guest, int samples, int ignored) throws FailedException {
        Histogram histogram = new Histogram(LONGEST_NANOS, 3);
        GuestThreadChannel thread = guest.thread();
        int markers = 0;
        long lastMarker = 0;
        Stop stop = thread.await(PATIENCE_NANOS);
        while (stop == Stop.CALL) {
            if (thread.phase() != Phase.NEW_CALL) {
                thread.replyResult(0);
            } else if (thread.callNumber() == SCHED_YIELD) {
                long now = System.nanoTime();
                if (++markers > ignored + 1) {
                    histogram.recordValue(Math.min(now - lastMarker, LONGEST_NANOS));
                }
                thread.replyResult(0);
                lastMarker = System.nanoTime();
            } else if (thread.callNumber() == EXIT_GROUP || thread.callNumber() == EXIT) {
                thread.replyExitProcess((int) thread.argument(0));
            } else {
                thread.replyNative();
            }
            stop = thread.resume(PATIENCE_NANOS);
        }
        GuestProcessHandle process = guest.process();
        if (stop != Stop.DIED || process.waitStatus() != 0 || histogram.getTotalCount() != samples) {
            throw new FailedException("the guest of the benchmark ended early: stop=" + stop + ", wait status="
                    + process.waitStatus() + ", samples=" + histogram.getTotalCount()
                    + process.misconduct().map(reason -> ", it " + reason).orElse(""));
        }
        return histogram;
    }
}
