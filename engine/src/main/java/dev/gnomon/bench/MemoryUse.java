package dev.gnomon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What of the machine's memory is gone since this object was made, at its worst: {@code MemAvailable} of {@code proc_meminfo(5)}. */
final class MemoryUse {
    private final long before;
    private long least;

    MemoryUse() throws IOException {
        before = availableBytes();
        least = before;
    }

    void look() throws IOException {
        least = Math.min(least, availableBytes());
    }

    double bytesEach(int things) {
        return (before - least) / (double) things;
    }

    private static long availableBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("/proc/meminfo says nothing of available memory");
    }
}
