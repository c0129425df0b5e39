package dev.gnomon.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The threads of a real process, from {@code proc_pid_task(5)}. */
final class ProcessThreads {
    /** {@code PF_EXITING}, {@code include/linux/sched.h} */
    private static final long EXITING = 4;

    private ProcessThreads() {}

    /**
     * A thread of the process, not its first, that has not begun to exit. Its memory and descriptors are the process's, which
     * the kernel does not show under the number of a first thread that has left.
     *
     * @param process as {@code /proc} shows it
     * @return its number as {@code /proc} shows it; 0 where there is none
     */
    static int livingBesidesFirst(int process) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process + "/task"))) {
            for (Path thread : threads) {
                int number = Integer.parseInt(thread.getFileName().toString());
                if (number != process && (flags(thread) & EXITING) == 0) {
                    return number;
                }
            }
        } catch (IOException e) {
            // The process is gone, which the zygote tells.
        }
        return 0;
    }

    private static long flags(Path thread) {
        try {
            String text = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            // proc_pid_stat(5): behind the name, in parentheses that it may hold itself, the flags are the seventh
            // field.
            return Long.parseLong(text.substring(text.lastIndexOf(')') + 2).split(" ")[6]);
        } catch (IOException e) {
            return EXITING;
        }
    }
}
