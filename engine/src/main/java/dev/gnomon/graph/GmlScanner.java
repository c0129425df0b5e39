package dev.gnomon.graph;

/** Splits GML text into words. {@code #} starts a comment that ends with its line. */
final class GmlScanner {
    private final String text;
    private int position;
    private int line = 1;
    private int lineStart;

    GmlScanner(String text) {
        this.text = text;
        if (text.startsWith("\ufeff")) {
            position = 1;
            lineStart = 1;
        }
    }

    GmlToken next() throws GmlSyntaxException {
        skipBlanks();
        int start = position;
        int column = start - lineStart + 1;
        if (position == text.length()) {
            return new GmlToken(GmlToken.Kind.END, "", line, column);
        }
        char first = text.charAt(position);
        if (first == '[') {
            position++;
            return new GmlToken(GmlToken.Kind.OPEN, "[", line, column);
        }
        if (first == ']') {
            position++;
            return new GmlToken(GmlToken.Kind.CLOSE, "]", line, column);
        }
        if (first == '"') {
            return string(column);
        }
        if (isLetter(first)) {
            while (position < text.length() && (isLetter(text.charAt(position)) || isDigit(text.charAt(position)))) {
                position++;
            }
            return new GmlToken(GmlToken.Kind.KEY, text.substring(start, position), line, column);
        }
        if (isDigit(first) || first == '+' || first == '-' || first == '.') {
            while (position < text.length() && isNumberPart(text.charAt(position))) {
                position++;
            }
            return new GmlToken(GmlToken.Kind.NUMBER, text.substring(start, position), line, column);
        }
        String shown = new String(Character.toChars(text.codePointAt(position)));
        throw new GmlSyntaxException(new GraphError(
                line, column, shown, "unexpected character: expected a key, a number, a string, [ or ]"));
    }

    private GmlToken string(int column) throws GmlSyntaxException {
        int startLine = line;
        StringBuilder value = new StringBuilder();
        for (position++; position < text.length(); position++) {
            char character = text.charAt(position);
            if (character == '"') {
                position++;
                return new GmlToken(GmlToken.Kind.STRING, value.toString(), startLine, column);
            }
            if (character == '\\' && position + 1 < text.length() && "\\\"".indexOf(text.charAt(position + 1)) >= 0) {
                position++;
                character = text.charAt(position);
            }
            if (character == '\n') {
                newLine();
            }
            value.append(character);
        }
        throw new GmlSyntaxException(new GraphError(
                startLine,
                column,
                "\"" + value.substring(0, Math.min(40, value.length())),
                "this string is never closed"));
    }

    private void skipBlanks() {
        while (position < text.length()) {
            char character = text.charAt(position);
            if (character == '#') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (character == '\n') {
                newLine();
                position++;
            } else if (Character.isWhitespace(character)) {
                position++;
            } else {
                return;
            }
        }
    }

    private void newLine() {
        line++;
        lineStart = position + 1;
    }

    private static boolean isLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isNumberPart(char character) {
        return isDigit(character) || isLetter(character) || character == '.' || character == '+' || character == '-';
    }
}
