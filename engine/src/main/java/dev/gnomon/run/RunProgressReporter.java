package dev.gnomon.run;

import dev.gnomon.guest.GuestRuntime;
import dev.gnomon.simulation.Rounds;

/** Reports progress between rounds and ends a cancelled run. */
final class RunProgressReporter implements Rounds.Control {
    private static final long INTERVAL_NANOS = 250_000_000L;

    private final RunObserver observer;
    private final RunRecorder recorder;
    private final RunCancellation cancellation;
    private final GuestRuntime runtime;
    private final long stopNanos;
    private final int hosts;
    private final long startWallNanos;
    private long lastReportNanos;
    private long reachedNanos;

    RunProgressReporter(
            RunObserver observer,
            RunRecorder recorder,
            RunCancellation cancellation,
            GuestRuntime runtime,
            long stopNanos,
            int hosts,
            long startWallNanos) {
        this.observer = observer;
        this.recorder = recorder;
        this.cancellation = cancellation;
        this.runtime = runtime;
        this.stopNanos = stopNanos;
        this.hosts = hosts;
        this.startWallNanos = startWallNanos;
        this.lastReportNanos = startWallNanos;
    }

    @Override
    public void workerStarted(int workerIndex) {
        runtime.enterWorker(workerIndex);
    }

    @Override
    public boolean roundEnded(long nowNanos) {
        if (cancellation.isCancelled()) {
            // What is left of the virtual time may seem to have passed, only because its guests were made to end.
            return false;
        }
        reachedNanos = nowNanos;
        long wall = System.nanoTime();
        if (wall - lastReportNanos >= INTERVAL_NANOS || nowNanos >= stopNanos) {
            lastReportNanos = wall;
            observer.progress(new RunProgress(
                    nowNanos,
                    stopNanos,
                    wall - startWallNanos,
                    hosts,
                    recorder.running(),
                    recorder.ended(),
                    recorder.failed()));
        }
        return true;
    }

    long reachedNanos() {
        return reachedNanos;
    }
}
