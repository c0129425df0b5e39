package dev.gnomon.cli;

import dev.gnomon.guest.PreloadRuntime;
import dev.gnomon.jna.NativeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** C processes that hand each other the processor: what no engine can beat with futexes. */
final class FutexPair {
    private static final String PROGRAM = "gnomon-bench-futex-pair";
    private static final String GUEST_PRIORITY = "1";

    private FutexPair() {}

    /**
     * Measures as many pairs at the same time as the setting has workers.
     *
     * @param rounds of each
     * @param processors tells which processors the workers and their guests have
     */
    static Histogram measure(SwitchSetting setting, int rounds, PreloadRuntime processors)
            throws IOException, InterruptedException, SwitchBench.FailedException {
        Histogram histogram = new Histogram(SwitchBench.LONGEST_NANOS, 3);
        boolean spins = setting.spinning() && !setting.busy();
        try (NativeFile program = NativeFile.fromJar(PROGRAM)) {
            List<Process> pairs = new ArrayList<>();
            for (int worker = 0; worker < setting.workers(); worker++) {
                int processor = processors.processorOf(worker);
                int guests = spins ? processors.spinningProcessorOf(worker) : processor;
                pairs.add(new ProcessBuilder(
                                program.path(),
                                Integer.toString(rounds),
                                Integer.toString(setting.guests()),
                                Integer.toString(processor),
                                Integer.toString(guests),
                                spins ? "spin" : "sleep",
                                setting.fifo() ? GUEST_PRIORITY : "0")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (Process pair : pairs) {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(pair.getInputStream(), StandardCharsets.US_ASCII))) {
                    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                        histogram.recordValue(Math.min(Long.parseLong(text), SwitchBench.LONGEST_NANOS));
                    }
                }
            }
            for (Process pair : pairs) {
                int status = pair.waitFor();
                if (status != 0) {
                    throw new SwitchBench.FailedException("the futex pair failed: status=" + status);
                }
            }
        }
        return histogram;
    }
}
