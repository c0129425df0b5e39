package dev.gnomon.service.run;

import dev.gnomon.run.RunProgress;
import io.swagger.v3.oas.annotations.media.Schema;

/** The data of a {@code progress} event. */
@Schema(name = "Progress")
record ProgressView(
        long virtualNanos,
        long stopNanos,
        long wallNanos,
        double ratio,
        int hosts,
        int processesRunning,
        int processesEnded,
        int processesFailed) {

    static ProgressView of(RunProgress progress) {
        return new ProgressView(
                progress.virtualNanos(),
                progress.stopNanos(),
                progress.wallNanos(),
                Ratio.of(progress.virtualNanos(), progress.wallNanos()),
                progress.hosts(),
                progress.processesRunning(),
                progress.processesEnded(),
                progress.processesFailed());
    }
}
