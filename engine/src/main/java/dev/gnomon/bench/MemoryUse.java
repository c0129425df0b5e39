package dev.gnomon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** What of the machine's memory is gone since this object was made, at its worst; from {@code proc_meminfo(5)}. */
final class MemoryUse {
    /** What the kernel keeps for processes, by its name in {@code /proc/meminfo}. */
    enum Part {
        PAGE_TABLES("PageTables:"),
        UNRECLAIMABLE_SLAB("SUnreclaim:"),
        KERNEL_STACKS("KernelStack:"),
        ANONYMOUS_PAGES("AnonPages:");

        private final String key;

        Part(String key) {
            this.key = key;
        }
    }

    /** Bytes available, and of each part. */
    private record Sample(long available, Map<Part, Long> parts) {}

    private final Sample before;
    private Sample worst;

    MemoryUse() throws IOException {
        before = sample();
        worst = before;
    }

    void look() throws IOException {
        Sample now = sample();
        if (now.available() < worst.available()) {
            worst = now;
        }
    }

    double bytesEach(int things) {
        return (before.available() - worst.available()) / (double) things;
    }

    /** How much of {@link #bytesEach} is one part; never below 0, for others on the machine may have freed more of it. */
    double bytesEach(Part part, int things) {
        return Math.max(0, worst.parts().get(part) - before.parts().get(part)) / (double) things;
    }

    private static Sample sample() throws IOException {
        long available = -1;
        Map<Part, Long> parts = new EnumMap<>(Part.class);
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                available = bytes(line);
            }
            for (Part part : Part.values()) {
                if (line.startsWith(part.key)) {
                    parts.put(part, bytes(line));
                }
            }
        }
        if (available < 0 || parts.size() < Part.values().length) {
            throw new IOException("/proc/meminfo says nothing of available memory or of " + parts.keySet());
        }
        return new Sample(available, parts);
    }

    private static long bytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }
}
