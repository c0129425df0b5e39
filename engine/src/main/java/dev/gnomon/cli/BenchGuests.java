package dev.gnomon.cli;

import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestHostBlock.StartedGuest;
import dev.gnomon.guest.GuestStartException;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import dev.gnomon.guest.PreloadRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One worker's guests in a benchmark: every call of theirs is answered at once, and timed from answer to next call. */
final class BenchGuests {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int IGNORED_TURNS = 20;

    /** So many crossings are waited for until both sides spin. */
    private static final int PATIENCE_CROSSINGS = 200_000;

    private static final int EXIT_GROUP = 231; // arch/x86/entry/syscalls/syscall_64.tbl

    private final PreloadRuntime runtime;
    private final int worker;
    private final SwitchSetting setting;
    private final Histogram histogram = new Histogram(SwitchBench.LONGEST_NANOS, 3);
    private final List<StartedGuest> guests = new ArrayList<>();
    private long spun;

    BenchGuests(PreloadRuntime runtime, int worker, SwitchSetting setting) {
        this.runtime = runtime;
        this.worker = worker;
        this.setting = setting;
    }

    Histogram histogram() {
        return histogram;
    }

    /** How many of the timed crossings were made spinning. */
    long spun() {
        return spun;
    }

    /** Starts the guests and measures; on the worker's own thread. @param rounds crossings timed */
    void run(Path program, List<String> arguments, int rounds) throws SwitchBench.FailedException {
        runtime.enterWorker(worker);
        try {
            GuestHostBlock host = runtime.openHost(worker, worker);
            for (int n = 0; n < setting.guests(); n++) {
                guests.add(host.start(new GuestHostBlock.StartRequest(
                        setting.mechanism(),
                        program,
                        arguments,
                        List.of(),
                        Path.of("/"),
                        Path.of("/dev/null"),
                        Path.of("/dev/null"))));
            }
            for (StartedGuest guest : guests) {
                expect(guest, guest.thread().await(PATIENCE_NANOS));
            }
            int turns = 0;
            int ignored = IGNORED_TURNS * guests.size();
            while (turns < ignored || setting.spinning() && !runtime.isSpinning(worker) && turns < PATIENCE_CROSSINGS) {
                resume(guests.get(turns++ % guests.size()));
            }
            for (int n = 0; n < rounds; n++) {
                spun += runtime.isSpinning(worker) ? 1 : 0;
                StartedGuest guest = guests.get(turns++ % guests.size());
                long start = System.nanoTime();
                resume(guest);
                histogram.recordValue(Math.min(System.nanoTime() - start, SwitchBench.LONGEST_NANOS));
            }
        } catch (GuestStartException e) {
            throw new SwitchBench.FailedException(e.getMessage());
        } finally {
            guests.forEach(guest -> guest.process().kill());
            runtime.leaveWorker();
        }
    }

    private static void resume(StartedGuest guest) throws SwitchBench.FailedException {
        guest.thread().replyResult(0);
        expect(guest, guest.thread().resume(PATIENCE_NANOS));
    }

    private static void expect(StartedGuest guest, Stop stop) throws SwitchBench.FailedException {
        GuestThreadChannel thread = guest.thread();
        if (stop != Stop.CALL || thread.phase() == Phase.NEW_CALL && thread.callNumber() == EXIT_GROUP) {
            throw new SwitchBench.FailedException(
                    "the guest of the benchmark ended early: stop=" + stop + ", wait status="
                            + guest.process().waitStatus()
                            + guest.process()
                                    .misconduct()
                                    .map(reason -> ", it " + reason)
                                    .orElse(""));
        }
    }
}
