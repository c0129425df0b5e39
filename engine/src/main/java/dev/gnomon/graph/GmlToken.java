package dev.gnomon.graph;

/**
 * One word of a GML text with its place.
 *
 * @param text the word; a string without its quotes and escapes
 * @param line from 1
 * @param column from 1
 */
record GmlToken(Kind kind, String text, int line, int column) {
    enum Kind {
        KEY,
        NUMBER,
        STRING,
        OPEN,
        CLOSE,
        END
    }

    String shown() {
        String shown = switch (kind) {
            case KEY, NUMBER -> text;
            case STRING -> '"' + text + '"';
            case OPEN -> "[";
            case CLOSE -> "]";
            case END -> "end of text";
        };
        return shown.length() > 80 ? shown.substring(0, 77) + "..." : shown;
    }
}
