package dev.gnomon.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Load from other processes: two for each CPU that do nothing but turn, for at most two minutes. */
final class BusyProcesses implements AutoCloseable {

    private final List<Process> processes = new ArrayList<>();

    static BusyProcesses start() throws IOException {
        BusyProcesses busy = new BusyProcesses();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            // The time limit holds even where this process is killed and close() never runs.
            busy.processes.add(new ProcessBuilder("/bin/bash", "-c", "while ((SECONDS < 120)); do :; done")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        return busy;
    }

    /** Whether all are still turning. */
    boolean areRunning() {
        return processes.stream().allMatch(Process::isAlive);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            process.onExit().join();
        }
    }
}
