package dev.gnomon.definition;

import java.util.Optional;

/** Finds characters that no YAML text may contain (YAML 1.2.2, 5.1 Character Set). */
final class TextCheck {
    private TextCheck() {}

    static Optional<DefinitionError> firstUnreadable(String text) {
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            if (!isReadable(character)) {
                String name = character == 0 ? "a NUL character" : String.format("the character U+%04X", character);
                return Optional.of(error(
                        text,
                        at,
                        String.format("U+%04X", character),
                        "the file contains " + name + ", which no YAML text may contain"));
            }
            at += Character.charCount(character);
        }
        return Optional.empty();
    }

    /** An error at a place of the text, given by its index. */
    static DefinitionError error(String text, int index, String value, String message) {
        int line = 1;
        int lineStart = 0;
        for (int at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) {
            line++;
            lineStart = at + 1;
        }
        return new DefinitionError("", line, text.codePointCount(lineStart, index) + 1, value, message);
    }

    private static boolean isReadable(int character) {
        return character == '\t'
                || character == '\n'
                || character == '\r'
                || (character >= 0x20 && character <= 0x7e)
                || character == 0x85
                || (character >= 0xa0 && character <= 0xd7ff)
                || (character >= 0xe000 && character <= 0xfffd)
                || character >= 0x10000;
    }
}
