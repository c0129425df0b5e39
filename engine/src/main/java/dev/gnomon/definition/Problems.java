package dev.gnomon.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects errors and notices. A value that aliases bring to several places is reported once, and a file that is wrong
 * throughout stops being reported after {@value #MAXIMUM} errors.
 */
final class Problems {
    static final int MAXIMUM = 1000;
    private static final int SHOWN_CHARACTERS = 120;

    private final List<DefinitionError> errors = new ArrayList<>();
    private final List<DefinitionNotice> notices = new ArrayList<>();
    private final Set<Place> seen = new HashSet<>();
    private final Set<String> noticed = new HashSet<>();

    void error(Pointer pointer, int line, int column, String value, String message) {
        if (errors.size() <= MAXIMUM && seen.add(new Place(line, column, message))) {
            if (errors.size() == MAXIMUM) {
                errors.add(new DefinitionError("", line, column, "", "further errors are not shown"));
            } else {
                errors.add(new DefinitionError(pointer.toString(), line, column, shortened(value), message));
            }
        }
    }

    void error(Pointer pointer, YamlNode node, String message) {
        error(pointer, node.line(), node.column(), node.shown(), message);
    }

    /** Adds a notice; {@code subject} is named only the first time. */
    void notice(String subject, Pointer pointer, int line, int column, String value, String message) {
        if (noticed.add(subject)) {
            notices.add(new DefinitionNotice(pointer.toString(), line, column, shortened(value), message));
        }
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    List<DefinitionError> errors() {
        List<DefinitionError> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.comparingInt(DefinitionError::line).thenComparingInt(DefinitionError::column));
        return List.copyOf(sorted);
    }

    List<DefinitionNotice> notices() {
        List<DefinitionNotice> sorted = new ArrayList<>(notices);
        sorted.sort(Comparator.comparingInt(DefinitionNotice::line).thenComparingInt(DefinitionNotice::column));
        return List.copyOf(sorted);
    }

    static String shortened(String value) {
        if (value.codePointCount(0, value.length()) <= SHOWN_CHARACTERS) {
            return value;
        }
        return value.substring(0, value.offsetByCodePoints(0, SHOWN_CHARACTERS - 1)) + "\u2026";
    }

    private record Place(int line, int column, String message) {}
}
