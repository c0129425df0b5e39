package dev.gnomon.definition;

import java.util.List;

/** A list. */
record YamlSequence(List<YamlNode> items, long weight, int line, int column) implements YamlNode {
    @Override
    public String shown() {
        return items.isEmpty() ? "[]" : "[\u2026]";
    }
}
