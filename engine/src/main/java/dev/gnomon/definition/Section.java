package dev.gnomon.definition;

import java.util.List;
import java.util.Optional;

/** A mapping whose keys are known. Reports the others when it is made, and each required key that is missing when asked. */
final class Section {
    private final Problems problems;
    private final YamlMapping mapping;
    private final Pointer pointer;
    private final int line;
    private final int column;

    /** @param freePrefix keys that begin with it are let pass; empty for none */
    private Section(Problems problems, YamlMapping mapping, Value place, List<String> keys, String freePrefix) {
        this.problems = problems;
        this.mapping = mapping;
        pointer = place.pointer();
        line = place.line();
        column = place.column();
        for (YamlMapping.Entry entry : mapping.entries().values()) {
            if (!keys.contains(entry.key())
                    && (freePrefix.isEmpty() || !entry.key().startsWith(freePrefix))) {
                String meant = NearestKey.find(entry.key(), keys)
                        .map(key -> "; did you mean \"" + key + "\"?")
                        .orElse("; known here: " + String.join(", ", keys));
                problems.error(
                        pointer.child(entry.key()),
                        entry.line(),
                        entry.column(),
                        entry.key(),
                        "unknown key \"" + Problems.shortened(entry.key()) + "\"" + meant);
            }
        }
    }

    /** The value as a section; empty, and reported unless it is absent, where it is no mapping. */
    static Optional<Section> of(Value value, List<String> keys) {
        return value.mapping().map(mapping -> new Section(value.problems(), mapping, value, keys, ""));
    }

    /** The value as a section; one without keys where it is absent or, as is reported, no mapping. */
    static Section orEmpty(Value value, List<String> keys) {
        return of(value, keys).orElseGet(() -> of(value.orEmptyMapping(), keys).orElseThrow());
    }

    static Optional<Section> ofDocument(Value value, List<String> keys, String freePrefix) {
        return value.mapping().map(mapping -> new Section(value.problems(), mapping, value, keys, freePrefix));
    }

    /** The value of a key; absent where the key is. */
    Value value(String key) {
        YamlMapping.Entry entry = mapping.entries().get(key);
        if (entry == null) {
            return new Value(problems, pointer.child(key), null, line, column);
        }
        return new Value(problems, pointer.child(key), entry.value(), entry.line(), entry.column());
    }

    /** The value of a key that must be there; an error is reported where it is missing or null. */
    Value required(String key, String meaning) {
        Value value = value(key);
        if (value.node() == null || value.isNull()) {
            problems.error(value.pointer(), value.line(), value.column(), "", "\"" + key + "\" is missing: " + meaning);
        }
        return value;
    }

    boolean has(String key) {
        YamlMapping.Entry entry = mapping.entries().get(key);
        return entry != null && !value(key).isNull();
    }

    /** Refuses a key that is part of the format but does nothing yet. */
    void refuse(String key) {
        YamlMapping.Entry entry = mapping.entries().get(key);
        if (entry != null) {
            problems.error(
                    pointer.child(key),
                    entry.line(),
                    entry.column(),
                    entry.value().shown(),
                    "\"" + key + "\" is not supported yet");
        }
    }
}
