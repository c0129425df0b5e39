package dev.gnomon.definition;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The names of hosts so far: hostname(7), and in addition capital letters and {@code _}, which many experiments use. */
final class HostNames {
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    private final Map<String, String> namesWithoutCase = new HashMap<>();

    /** What is wrong with a name; empty where nothing is. */
    static Optional<String> mistake(String name) {
        boolean hasOtherCharacters = !name.chars()
                .allMatch(character -> character < 128
                        && (Character.isLetterOrDigit(character)
                                || character == '-'
                                || character == '.'
                                || character == '_'));
        if (hasOtherCharacters) {
            return Optional.of("must consist of letters, digits, \".\", \"-\" and \"_\"");
        }
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return Optional.of("must be 1 to " + LONGEST_NAME + " characters long");
        }
        if (!Character.isLetterOrDigit(name.charAt(0))) {
            return Optional.of("must begin with a letter or digit");
        }
        if (Ipv4Text.parse(name).isPresent()) {
            return Optional.of("must not be an address");
        }
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                return Optional.of("must have 1 to " + LONGEST_LABEL + " characters in each part between dots");
            }
        }
        return Optional.empty();
    }

    /** Takes a name; says why not where another host has it. */
    Optional<String> take(String name) {
        String same = namesWithoutCase.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
        if (same == null) {
            return Optional.empty();
        }
        return Optional.of(
                same.equals(name)
                        ? "is given to another host already"
                        : "differs from host \"" + same + "\" only in case, which names on a network do not");
    }
}
