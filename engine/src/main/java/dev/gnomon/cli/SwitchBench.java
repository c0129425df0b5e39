package dev.gnomon.cli;

import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestRuntimeConfiguration;
import dev.gnomon.guest.GuestStartException;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.PreloadRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The measurements of {@code gnomon bench switch}, each with processes of its own. */
final class SwitchBench {
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final String CROSSING_GUEST = "gnomon-bench-crossing";
    private static final String CAUGHT_GUEST = "gnomon-bench-guest";
    private static final String ENDLESS = Long.toString(Long.MAX_VALUE);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int CALLS_BETWEEN_MARKERS = 1000;
    private static final int BATCHES_IGNORED = 5;

    // arch/x86/entry/syscalls/syscall_64.tbl
    private static final int SCHED_YIELD = 24;
    private static final int EXIT = 60;
    private static final int EXIT_GROUP = 231;

    private final int rounds;
    private final int batches;
    private final int manyGuests;

    /**
     * @param rounds crossings timed in each setting
     * @param batches in how many pieces, which take turns with the futex pair's
     * @param manyGuests how many guests take turns where many do
     */
    SwitchBench(int rounds, int batches, int manyGuests) {
        this.rounds = rounds;
        this.batches = batches;
        this.manyGuests = manyGuests;
    }

    /** What a call costs that does not cross, in nanoseconds. */
    record LocalCall(String name, String title, double median, double p99) {}

    /** A measurement could not be made; the message says why. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** All settings that this machine allows. */
    List<SwitchSetting> settings() throws IOException {
        List<SwitchSetting> all = new ArrayList<>();
        SwitchSetting plain = SwitchSetting.PLAIN;
        SwitchSetting many = plain.withGuests(manyGuests);
        all.add(plain);
        all.add(many);
        all.add(plain.caughtBy(Mechanism.PRELOAD));
        if (Runtime.getRuntime().availableProcessors() > 1) {
            all.add(plain.withWorkers(2));
            all.add(many.withWorkers(2));
            all.add(plain.withSpinning());
            all.add(plain.caughtBy(Mechanism.PRELOAD).withSpinning());
            all.add(plain.withSpinning().withBusyProcessor());
        }
        all.add(plain.withoutPinning());
        all.add(many.withoutPinning());
        all.add(plain.caughtBy(Mechanism.INJECT));
        all.add(plain.caughtBy(Mechanism.HYBRID));
        all.add(plain.caughtBy(Mechanism.PTRACE));
        all.add(plain.caughtBy(Mechanism.PTRACE).withoutPinning());
        all.add(plain.caughtBy(Mechanism.NOTIFY));
        all.add(plain.caughtBy(Mechanism.NOTIFY).withoutPinning());
        all.add(plain.caughtBy(Mechanism.PRELOAD).withoutPinning());
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration(plain.withFifo()))) {
            if (runtime.isFifo()) {
                all.add(plain.withFifo());
                all.add(many.withFifo());
            }
        }
        return all;
    }

    private static GuestRuntimeConfiguration configuration(SwitchSetting setting) {
        return GuestRuntimeConfiguration.of(setting.workers(), setting.workers())
                .withPinning(setting.pinned())
                .withSpinning(setting.spinning())
                .withFifo(setting.fifo())
                .withCarriedFiles(List.of(CROSSING_GUEST, CAUGHT_GUEST));
    }

    /** Measures one setting and the futex pair beside it. */
    SwitchResult measure(SwitchSetting setting) throws IOException, InterruptedException, FailedException {
        List<Double> medians = new ArrayList<>();
        List<Double> p99s = new ArrayList<>();
        List<Double> pairMedians = new ArrayList<>();
        long samples = 0;
        long spun = 0;
        int roundsOfBatch = Math.max(1, rounds / batches);
        try (BusyThread busy = setting.busy() ? new BusyThread() : null) {
            for (int batch = 0; batch < batches; batch++) {
                try (PreloadRuntime runtime = PreloadRuntime.open(configuration(setting))) {
                    pairMedians.add((double)
                            FutexPair.measure(setting, roundsOfBatch, runtime).getValueAtPercentile(50));
                    Histogram histogram = new Histogram(LONGEST_NANOS, 3);
                    for (BenchGuests guests : runWorkers(runtime, setting, roundsOfBatch)) {
                        histogram.add(guests.histogram());
                        spun += guests.spun();
                    }
                    medians.add((double) histogram.getValueAtPercentile(50));
                    p99s.add((double) histogram.getValueAtPercentile(99));
                    samples += histogram.getTotalCount();
                }
            }
        }
        return new SwitchResult(setting, medians, p99s, pairMedians, samples, (double) spun / samples);
    }

    private static List<BenchGuests> runWorkers(PreloadRuntime runtime, SwitchSetting setting, int roundsOfBatch)
            throws InterruptedException, FailedException {
        Path program = Path.of(runtime.carriedPath(setting.caught() ? 1 : 0));
        List<String> arguments = List.of(program.toString(), "forwarded", ENDLESS);
        List<BenchGuests> all = new ArrayList<>();
        List<Future<Void>> running = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(setting.workers());
        try {
            for (int worker = 0; worker < setting.workers(); worker++) {
                BenchGuests guests = new BenchGuests(runtime, worker, setting);
                all.add(guests);
                running.add(threads.submit(() -> {
                    guests.run(program, arguments, roundsOfBatch);
                    return null;
                }));
            }
            for (Future<Void> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new FailedException(String.valueOf(e.getCause().getMessage()));
        } finally {
            threads.shutdown();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
        return all;
    }

    /** A call that the shim catches and hands to the kernel. */
    LocalCall trappedNativeCall() throws IOException, FailedException {
        Histogram histogram = betweenMarkers("native", Mechanism.INJECT);
        return of("native-call", "caught call, done by the kernel (mean of 1000), pinned", histogram);
    }

    /** The same behind the filter of hybrid guests. */
    LocalCall hybridNativeCall() throws IOException, FailedException {
        Histogram histogram = betweenMarkers("native", Mechanism.HYBRID);
        return of("native-call-hybrid", "the same, hybrid", histogram);
    }

    /** {@code clock_gettime}, answered by the shim; one of 128 crosses. */
    LocalCall localTimeCall() throws IOException, FailedException {
        Histogram histogram = betweenMarkers("time", Mechanism.INJECT);
        return of("time-call", "time, answered in the guest (mean of 1000), pinned", histogram);
    }

    private static LocalCall of(String name, String title, Histogram histogram) {
        return new LocalCall(
                name,
                title,
                histogram.getValueAtPercentile(50) / (double) CALLS_BETWEEN_MARKERS,
                histogram.getValueAtPercentile(99) / (double) CALLS_BETWEEN_MARKERS);
    }

    private Histogram betweenMarkers(String mode, Mechanism mechanism) throws IOException, FailedException {
        int samples = Math.max(20, rounds / CALLS_BETWEEN_MARKERS);
        List<String> arguments = List.of(
                CAUGHT_GUEST,
                mode,
                Integer.toString(samples + BATCHES_IGNORED + 1),
                Integer.toString(CALLS_BETWEEN_MARKERS));
        try (PreloadRuntime runtime = PreloadRuntime.open(configuration(SwitchSetting.PLAIN))) {
            runtime.enterWorker(0);
            try {
                GuestHostBlock.StartedGuest guest = runtime.openHost(0, 0)
                        .start(new GuestHostBlock.StartRequest(
                                mechanism,
                                Path.of(runtime.carriedPath(1)),
                                arguments,
                                List.of(),
                                Path.of("/"),
                                Path.of("/dev/null"),
                                Path.of("/dev/null")));
                return serve(guest, samples);
            } catch (GuestStartException e) {
                throw new FailedException(e.getMessage());
            } finally {
                runtime.leaveWorker();
            }
        }
    }

    /** Answers everything at once, and takes the time between markers. */
    private static Histogram serve(GuestHostBlock.StartedGuest guest, int samples) throws FailedException {
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
                if (++markers > BATCHES_IGNORED + 1) {
                    histogram.recordValue(Math.min(now - lastMarker, LONGEST_NANOS));
                }
                thread.replyResult(0);
                lastMarker = System.nanoTime();
            } else if (thread.callNumber() == EXIT_GROUP || thread.callNumber() == EXIT) {
                thread.replyExitProcess((int) thread.argument(0));
            } else {
                thread.replyNative();
            }
            thread.allowLocalCalls(Integer.MAX_VALUE, 0);
            stop = thread.resume(PATIENCE_NANOS);
        }
        if (stop != Stop.DIED || guest.process().waitStatus() != 0 || histogram.getTotalCount() != samples) {
            throw new FailedException("the guest of the benchmark ended early: stop=" + stop + ", wait status="
                    + guest.process().waitStatus() + ", samples=" + histogram.getTotalCount());
        }
        return histogram;
    }
}
