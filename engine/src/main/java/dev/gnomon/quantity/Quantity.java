package dev.gnomon.quantity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and writes quantities: a whole number, then perhaps spaces, then perhaps a unit. Units are case-sensitive, as in
 * Shadow ({@code src/main/utility/units.rs}); a number without a unit counts base units. Values lie in 0 to 2^63-1.
 */
public final class Quantity {
    private static final Kind TIME = new Kind("a time", "10 ms", "ns, us, ms, s, min, h", times());
    private static final Kind BYTES = new Kind("a size", "64 KiB", "B, kB, KiB, MB, MiB, GB, GiB, TB, TiB", sizes());
    private static final Kind BITS_PER_SECOND = new Kind(
            "a rate", "10 Mbit", "bit, Kbit, Kibit, Mbit, Mibit, Gbit, Gibit, Tbit, Tibit (per second)", rates());

    private Quantity() {}

    /**
     * A time in nanoseconds; a bare number counts seconds.
     *
     * @throws QuantityException where the text is no time, or longer than 2^63-1 ns (292 years)
     */
    public static long nanos(String text) throws QuantityException {
        return TIME.parse(text);
    }

    /**
     * A size in bytes; a bare number counts bytes.
     *
     * @throws QuantityException where the text is no size, or above 2^63-1
     */
    public static long bytes(String text) throws QuantityException {
        return BYTES.parse(text);
    }

    /**
     * A rate in bits per second; a bare number counts bits per second.
     *
     * @throws QuantityException where the text is no rate, or above 2^63-1
     */
    public static long bitsPerSecond(String text) throws QuantityException {
        return BITS_PER_SECOND.parse(text);
    }

    /** The shortest exact text of a time in nanoseconds (0 or more) that {@link #nanos} reads back, such as {@code 50 ms}. */
    public static String formatNanos(long nanos) {
        if (nanos % 60_000_000_000L == 0 && nanos != 0) {
            return nanos / 60_000_000_000L + " min";
        }
        if (nanos % 1_000_000_000L == 0) {
            return nanos / 1_000_000_000L + " s";
        }
        if (nanos % 1_000_000L == 0) {
            return nanos / 1_000_000L + " ms";
        }
        if (nanos % 1_000L == 0) {
            return nanos / 1_000L + " us";
        }
        return nanos + " ns";
    }

    /** The shortest exact text of a rate in bits per second that {@link #bitsPerSecond} reads back, such as {@code 20 Mbit}. */
    public static String formatBitsPerSecond(long bitsPerSecond) {
        if (bitsPerSecond != 0 && bitsPerSecond % 1_000_000_000L == 0) {
            return bitsPerSecond / 1_000_000_000L + " Gbit";
        }
        if (bitsPerSecond != 0 && bitsPerSecond % 1_000_000L == 0) {
            return bitsPerSecond / 1_000_000L + " Mbit";
        }
        if (bitsPerSecond != 0 && bitsPerSecond % 1_000L == 0) {
            return bitsPerSecond / 1_000L + " Kbit";
        }
        return bitsPerSecond + " bit";
    }

    private static Map<String, Long> times() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("", 1_000_000_000L);
        for (String name : new String[] {"ns", "nanosecond", "nanoseconds"}) {
            units.put(name, 1L);
        }
        // Both the Greek letter and the micro sign are typed for "micro".
        for (String name : new String[] {"us", "\u03bcs", "\u00b5s", "microsecond", "microseconds"}) {
            units.put(name, 1_000L);
        }
        for (String name : new String[] {"ms", "millisecond", "milliseconds"}) {
            units.put(name, 1_000_000L);
        }
        for (String name : new String[] {"s", "sec", "secs", "second", "seconds"}) {
            units.put(name, 1_000_000_000L);
        }
        for (String name : new String[] {"m", "min", "mins", "minute", "minutes"}) {
            units.put(name, 60_000_000_000L);
        }
        for (String name : new String[] {"h", "hr", "hrs", "hour", "hours"}) {
            units.put(name, 3_600_000_000_000L);
        }
        return units;
    }

    private static Map<String, Long> prefixes() {
        Map<String, Long> prefixes = new LinkedHashMap<>();
        prefixes.put("", 1L);
        String[][] names = {{"k", "K", "kilo"}, {"M", "mega"}, {"G", "giga"}, {"T", "tera"}};
        String[][] binaryNames = {{"Ki", "kibi"}, {"Mi", "mebi"}, {"Gi", "gibi"}, {"Ti", "tebi"}};
        long decimal = 1;
        long binary = 1;
        for (int power = 0; power < names.length; power++) {
            decimal *= 1000;
            binary *= 1024;
            for (String name : names[power]) {
                prefixes.put(name, decimal);
            }
            for (String name : binaryNames[power]) {
                prefixes.put(name, binary);
            }
        }
        return prefixes;
    }

    private static Map<String, Long> sizes() {
        return withSuffixes("", "B", "byte", "bytes");
    }

    private static Map<String, Long> rates() {
        return withSuffixes("", "bit", "bits");
    }

    private static Map<String, Long> withSuffixes(String... suffixes) {
        Map<String, Long> units = new LinkedHashMap<>();
        prefixes().forEach((prefix, factor) -> {
            for (String suffix : suffixes) {
                units.put(prefix + suffix, factor);
            }
        });
        return units;
    }

    private record Kind(String what, String example, String usualUnits, Map<String, Long> units) {

        long parse(String text) throws QuantityException {
            String trimmed = text.strip();
            int start = trimmed.startsWith("+") ? 1 : 0;
            int end = start;
            while (end < trimmed.length() && trimmed.charAt(end) >= '0' && trimmed.charAt(end) <= '9') {
                end++;
            }
            if (end == start) {
                throw new QuantityException(
                        trimmed.startsWith("-")
                                ? "must not be negative"
                                : "is not " + what + ": expected a whole number and a unit, such as \"" + example
                                        + "\"");
            }
            if (end < trimmed.length() && (trimmed.charAt(end) == '.' || trimmed.charAt(end) == ',')) {
                throw new QuantityException("must be a whole number; use a smaller unit instead of a fraction");
            }
            String unit = trimmed.substring(end).strip();
            Long factor = units.get(unit);
            if (factor == null) {
                throw new QuantityException("has the unknown unit \"" + unit + "\"" + suggestion(unit));
            }
            try {
                return Math.multiplyExact(Long.parseLong(trimmed, start, end, 10), factor);
            } catch (ArithmeticException | NumberFormatException tooLarge) {
                throw new QuantityException("is too large for " + what);
            }
        }

        private String suggestion(String unit) {
            Optional<String> sameLetters =
                    units.keySet().stream().filter(unit::equalsIgnoreCase).findFirst();
            return sameLetters
                    .map(name -> ": units are case-sensitive, did you mean \"" + name + "\"?")
                    .orElse(": expected one of " + usualUnits);
        }
    }
}
