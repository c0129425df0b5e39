package dev.gnomon.definition;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as a shell does, expanding nothing (POSIX.1-2017, Shell Command Language, 2.2 Quoting):
 * backslash, single and double quotes, and {@code #} before a word for a comment up to the line's end.
 */
final class ArgumentSplitter {
    private ArgumentSplitter() {}

    /** Raised for a quote that is not closed or a backslash at the end. */
    static final class UnfinishedException extends Exception {
        private static final long serialVersionUID = 1L;

        UnfinishedException(String message) {
            super(message);
        }
    }

    static List<String> split(String text) throws UnfinishedException {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        int at = 0;
        while (at < text.length()) {
            char character = text.charAt(at);
            if (character == ' ' || character == '\t' || character == '\n') {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                at++;
            } else if (character == '#' && word == null) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (character == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                at += 2;
            } else {
                word = word == null ? new StringBuilder() : word;
                at = part(text, at, word);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return List.copyOf(words);
    }

    /** Appends the character, escape or quoted part at a place and returns the place after it. */
    private static int part(String text, int at, StringBuilder word) throws UnfinishedException {
        char character = text.charAt(at);
        if (character == '\'') {
            int end = text.indexOf('\'', at + 1);
            if (end < 0) {
                throw new UnfinishedException("has a single quote (') that is not closed");
            }
            word.append(text, at + 1, end);
            return end + 1;
        }
        if (character == '"') {
            return doubleQuoted(text, at + 1, word);
        }
        if (character == '\\') {
            if (at + 1 == text.length()) {
                throw new UnfinishedException("ends with a backslash that escapes nothing");
            }
            word.append(text.charAt(at + 1));
            return at + 2;
        }
        word.append(character);
        return at + 1;
    }

    private static int doubleQuoted(String text, int start, StringBuilder word) throws UnfinishedException {
        int at = start;
        while (at < text.length()) {
            char character = text.charAt(at);
            if (character == '"') {
                return at + 1;
            }
            if (character == '\\' && at + 1 < text.length() && "$`\"\\\n".indexOf(text.charAt(at + 1)) >= 0) {
                if (text.charAt(at + 1) != '\n') {
                    word.append(text.charAt(at + 1));
                }
                at += 2;
            } else {
                word.append(character);
                at++;
            }
        }
        throw new UnfinishedException("has a double quote (\") that is not closed");
    }
}
