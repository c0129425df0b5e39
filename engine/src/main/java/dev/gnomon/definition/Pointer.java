package dev.gnomon.definition;

import java.util.ArrayDeque;
import java.util.Deque;

/** A JSON pointer (RFC 6901) that is written out only where something is reported. */
record Pointer(Pointer parent, String token) {
    static final Pointer ROOT = new Pointer(null, "");

    Pointer child(String key) {
        return new Pointer(this, key);
    }

    Pointer child(int index) {
        return new Pointer(this, Integer.toString(index));
    }

    @Override
    public String toString() {
        Deque<String> tokens = new ArrayDeque<>();
        for (Pointer at = this; at.parent != null; at = at.parent) {
            tokens.push(at.token);
        }
        StringBuilder text = new StringBuilder();
        for (String part : tokens) {
            text.append('/').append(part.replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }
}
