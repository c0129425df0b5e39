package dev.gnomon.definition;

import java.util.Map;

/** Keys and values: its own in the order of the file, then those that were merged into it. */
record YamlMapping(Map<String, Entry> entries, long weight, int line, int column) implements YamlNode {
    /** A key with its place, and the value. */
    record Entry(String key, int line, int column, YamlNode value) {}

    @Override
    public String shown() {
        return entries.isEmpty() ? "{}" : "{\u2026}";
    }
}
