package dev.gnomon.definition;

import java.util.Locale;
import java.util.OptionalInt;

/** Names and numbers of signals on x86-64 (signal(7); arch/x86/include/uapi/asm/signal.h). */
public final class SignalNames {
    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST = 64;
    private static final String[] NAMES = {
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private SignalNames() {}

    /** The number, 1 to 64, of a signal given by number or by name, with or without {@code SIG}, in any case. */
    public static OptionalInt number(String text) {
        if (!text.isEmpty() && text.length() <= 2 && text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            int number = Integer.parseInt(text);
            return number >= 1 && number <= LAST ? OptionalInt.of(number) : OptionalInt.empty();
        }
        String upper = text.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        for (int number = 1; number < NAMES.length; number++) {
            if (NAMES[number].equals(name)) {
                return OptionalInt.of(number);
            }
        }
        return switch (name) {
            case "IOT" -> OptionalInt.of(6);
            case "CLD" -> OptionalInt.of(17);
            case "POLL" -> OptionalInt.of(29);
            case "UNUSED" -> OptionalInt.of(31);
            default -> realTime(name);
        };
    }

    private static OptionalInt realTime(String name) {
        if (name.equals("RTMIN")) {
            return OptionalInt.of(FIRST_REAL_TIME);
        }
        if (name.equals("RTMAX")) {
            return OptionalInt.of(LAST);
        }
        boolean fromFirst = name.startsWith("RTMIN+");
        String digits = name.substring(Math.min(6, name.length()));
        if ((!fromFirst && !name.startsWith("RTMAX-")) || !digits.matches("[0-9]{1,2}")) {
            return OptionalInt.empty();
        }
        int offset = Integer.parseInt(digits);
        int number = fromFirst ? FIRST_REAL_TIME + offset : LAST - offset;
        return number >= FIRST_REAL_TIME && number <= LAST ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** The name with {@code SIG} of a signal 1 to 64; for 32 and 33, which have none, the number. */
    public static String name(int number) {
        if (number >= 1 && number < NAMES.length) {
            return "SIG" + NAMES[number];
        }
        if (number >= FIRST_REAL_TIME && number <= LAST) {
            return number == FIRST_REAL_TIME ? "SIGRTMIN" : "SIGRTMIN+" + (number - FIRST_REAL_TIME);
        }
        return Integer.toString(number);
    }
}
