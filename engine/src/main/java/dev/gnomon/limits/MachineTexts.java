package dev.gnomon.limits;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads numbers out of texts of {@code /proc} and {@code /sys}. Where there is none, or no limit, the answer is empty. */
final class MachineTexts {
    /** Version 1 of control groups writes no limit of memory as the greatest multiple of a page. */
    private static final long NO_LIMIT = 1L << 62;

    /** {@code include/uapi/linux/capability.h} */
    static final int CAP_SYS_ADMIN = 21;

    private MachineTexts() {}

    /** A file with one number, or with {@code max}. */
    static OptionalLong number(String text) {
        String stripped = text.strip();
        try {
            long number = Long.parseLong(stripped);
            return number >= NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(number);
        } catch (NumberFormatException none) {
            return OptionalLong.empty();
        }
    }

    /** Tasks of the machine: the fourth field of {@code /proc/loadavg} is "runnable/all". */
    static OptionalLong tasks(String loadAverage) {
        String[] fields = loadAverage.strip().split(" ");
        return fields.length < 4 ? OptionalLong.empty() : number(fields[3].substring(fields[3].indexOf('/') + 1));
    }

    /** Bytes of a line of {@code /proc/meminfo}, which counts KiB. */
    static OptionalLong memoryBytes(String memoryInformation, String key) {
        return field(memoryInformation, key + ":")
                .map(value -> number(value.replace(" kB", "")))
                .filter(OptionalLong::isPresent)
                .map(kib -> OptionalLong.of(kib.getAsLong() << 10))
                .orElse(OptionalLong.empty());
    }

    /** A number of a file of lines of a key, a blank and the number, such as {@code memory.stat}. */
    static OptionalLong statistic(String statistics, String key) {
        return field(statistics, key + " ").map(MachineTexts::number).orElse(OptionalLong.empty());
    }

    /** The text behind a key of {@code /proc/self/status}; empty where there is none. */
    static String status(String status, String key) {
        return field(status, key + ":").orElse("");
    }

    /** @param effective the hexadecimal digits of {@code CapEff} in {@code /proc/self/status} */
    static boolean hasCapability(String effective, int capability) {
        return !effective.isEmpty() && (Long.parseUnsignedLong(effective, 16) >> capability & 1) != 0;
    }

    /** The first of a list such as {@code 2-3,8} ({@code cpuset(7)}, "List format"); 0 where there is none. */
    static int firstProcessor(String list) {
        String first = list.strip().split("[-,]", 2)[0];
        return (int) number(first).orElse(0);
    }

    /**
     * A limit of {@code /proc/self/limits}, such as {@code Max open files}.
     *
     * @param column 0 for the soft limit, 1 for the hard one
     */
    static OptionalLong resourceLimit(String limits, String name, int column) {
        return field(limits, name + " ")
                .map(values -> values.strip().split(" +"))
                .filter(values -> values.length > column)
                .map(values -> number(values[column]))
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> field(String text, String start) {
        return text.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }
}
