package dev.gnomon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often the machine's processors have changed from one thread to another: {@code ctxt} of {@code proc_stat(5)}. */
record ContextSwitches(long count) {
    static ContextSwitches now() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            if (line.startsWith("ctxt ")) {
                return new ContextSwitches(
                        Long.parseLong(line.substring("ctxt ".length()).strip()));
            }
        }
        throw new IOException("/proc/stat says nothing of context switches");
    }

    long since(ContextSwitches earlier) {
        return count - earlier.count;
    }
}
