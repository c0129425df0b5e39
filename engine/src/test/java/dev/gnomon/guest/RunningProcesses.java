package dev.gnomon.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The machine's process table, for tests of who survives. */
public final class RunningProcesses {
    private RunningProcesses() {}

    /** The numbers of all processes with {@code mark} somewhere in their command line. */
    public static List<Integer> withArgument(String mark) throws IOException {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path one : all) {
                try {
                    String line = new String(Files.readAllBytes(one.resolve("cmdline")), StandardCharsets.ISO_8859_1);
                    if (line.contains(mark)) {
                        found.add(Integer.parseInt(one.getFileName().toString()));
                    }
                } catch (IOException e) {
                    // It ended meanwhile.
                }
            }
        }
        return found;
    }

    /** Waits until so many processes have the mark. */
    public static void awaitCount(String mark, int count, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Integer> found = withArgument(mark);
        while (found.size() != count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("processes with " + mark + ": expected=" + count + ", found=" + found);
            }
            Thread.sleep(5);
            found = withArgument(mark);
        }
    }
}
