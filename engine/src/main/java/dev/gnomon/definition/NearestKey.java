package dev.gnomon.definition;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known key that was probably meant, by edit distance (Levenshtein). */
final class NearestKey {
    private static final int LONGEST_COMPARED = 64;

    private NearestKey() {}

    static Optional<String> find(String key, List<String> known) {
        if (key.length() > LONGEST_COMPARED) {
            return Optional.empty();
        }
        String normalized = key.toLowerCase(Locale.ROOT).replace('-', '_');
        String nearest = null;
        int least = Math.max(2, key.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(normalized, candidate);
            if (distance < least && distance < candidate.length()) {
                least = distance;
                nearest = candidate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= left.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= right.length(); column++) {
                int substituted = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(substituted, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[right.length()];
    }
}
