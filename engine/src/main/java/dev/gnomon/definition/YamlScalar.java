package dev.gnomon.definition;

/**
 * @param value the text, without quotes and escapes
 * @param kind what the text is in YAML's core schema
 * @param literal whether it is a literal block ({@code |}), whose lines are lines of the file
 */
record YamlScalar(String value, Kind kind, boolean literal, int line, int column) implements YamlNode {
    enum Kind {
        STRING,
        INTEGER,
        FLOAT,
        BOOLEAN,
        NULL,
        /** Stands for something that has been reported already. */
        BROKEN
    }

    @Override
    public long weight() {
        return 1 + value.length() / 64;
    }

    @Override
    public String shown() {
        int end = value.indexOf('\n');
        return end < 0 ? value : value.substring(0, end) + "\u2026";
    }
}
