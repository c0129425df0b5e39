package dev.gnomon.definition;

import dev.gnomon.quantity.Quantity;
import dev.gnomon.quantity.QuantityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A value of the file at its place, read as what it should be. Where it is absent or null, the default is the answer;
 * where it is wrong, too, after an error has been reported.
 *
 * @param node null where there is no such key
 * @param line of the key, or of the section that lacks it
 * @param column of the key, or of the section that lacks it
 */
record Value(Problems problems, Pointer pointer, YamlNode node, int line, int column) {

    boolean isPresent() {
        return node != null
                && !(node instanceof YamlScalar scalar
                        && (scalar.kind() == YamlScalar.Kind.NULL || scalar.kind() == YamlScalar.Kind.BROKEN));
    }

    boolean isNull() {
        return node instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.NULL;
    }

    /** The same place without a value. */
    Value absent() {
        return new Value(problems, pointer, null, line, column);
    }

    void error(String message) {
        if (node == null) {
            problems.error(pointer, line, column, "", message);
        } else {
            problems.error(pointer, node, message);
        }
    }

    /** Names the key as accepted and without effect, once a file. */
    void ignored(String key) {
        if (node != null) {
            problems.notice(
                    key, pointer, line, column, node.shown(), "\"" + key + "\" has no meaning here and is ignored");
        }
    }

    /** Names a key as accepted and without effect so far, once a file. */
    void withoutEffect(String key) {
        if (isPresent()) {
            problems.notice(key, pointer, line, column, node.shown(), "\"" + key + "\" has no effect yet");
        }
    }

    Optional<YamlMapping> mapping() {
        if (!isPresent()) {
            return Optional.empty();
        }
        if (node instanceof YamlMapping mapping) {
            return Optional.of(mapping);
        }
        error("must be a mapping (key: value)");
        return Optional.empty();
    }

    /** This value, or an empty mapping where it is none, so that every key of a section answers with its default. */
    Value orEmptyMapping() {
        YamlMapping empty = new YamlMapping(Map.of(), 1, line, column);
        return isPresent() && node instanceof YamlMapping ? this : new Value(problems, pointer, empty, line, column);
    }

    /** The entries of a mapping whose keys are free, each at the place of its key. */
    Map<String, Value> entries() {
        Map<String, Value> entries = new LinkedHashMap<>();
        mapping()
                .ifPresent(mapping -> mapping.entries()
                        .forEach((key, entry) -> entries.put(
                                key,
                                new Value(problems, pointer.child(key), entry.value(), entry.line(), entry.column()))));
        return entries;
    }

    /** The items of a list, each at its own place. */
    List<Value> items() {
        List<Value> items = new ArrayList<>();
        if (node instanceof YamlSequence sequence) {
            for (int index = 0; index < sequence.items().size(); index++) {
                YamlNode item = sequence.items().get(index);
                items.add(new Value(problems, pointer.child(index), item, item.line(), item.column()));
            }
        } else if (isPresent()) {
            error("must be a list");
        }
        return items;
    }

    /** A text; numbers and the like count as they are written. */
    Optional<String> string() {
        if (!isPresent()) {
            return Optional.empty();
        }
        if (!(node instanceof YamlScalar scalar)) {
            error("must be a string");
            return Optional.empty();
        }
        if (scalar.value().indexOf('\0') >= 0) {
            error("must not contain a NUL character");
            return Optional.empty();
        }
        return Optional.of(scalar.value());
    }

    boolean bool(boolean defaultValue) {
        if (!isPresent()) {
            return defaultValue;
        }
        if (node instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.BOOLEAN) {
            return scalar.value().toLowerCase(Locale.ROOT).equals("true");
        }
        error("must be true or false");
        return defaultValue;
    }

    /** As {@link #bool}; {@code on} and {@code off}, which are strings in YAML 1.2, are taken as well. */
    boolean onOrOff(boolean defaultValue) {
        if (node instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.STRING) {
            switch (scalar.value().toLowerCase(Locale.ROOT)) {
                case "on" -> {
                    return true;
                }
                case "off" -> {
                    return false;
                }
                default -> {
                    error("must be true, false, on or off");
                    return defaultValue;
                }
            }
        }
        return bool(defaultValue);
    }

    long integer(long least, long greatest, long defaultValue) {
        if (!isPresent()) {
            return defaultValue;
        }
        OptionalLong number = wholeNumber();
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > greatest) {
            error("must be a whole number from " + least + " to " + greatest);
            return defaultValue;
        }
        return number.getAsLong();
    }

    /** YAML 1.2 core schema: decimal, {@code 0o} octal or {@code 0x} hexadecimal. */
    private OptionalLong wholeNumber() {
        if (!(node instanceof YamlScalar scalar) || scalar.kind() != YamlScalar.Kind.INTEGER) {
            return OptionalLong.empty();
        }
        try {
            String text = scalar.value();
            if (text.startsWith("0o")) {
                return OptionalLong.of(Long.parseLong(text.substring(2), 8));
            }
            if (text.startsWith("0x")) {
                return OptionalLong.of(Long.parseLong(text.substring(2), 16));
            }
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }

    /** Any number, whole or not; only checked. */
    void number() {
        if (isPresent()
                && !(node instanceof YamlScalar scalar
                        && (scalar.kind() == YamlScalar.Kind.INTEGER || scalar.kind() == YamlScalar.Kind.FLOAT))) {
            error("must be a number");
        }
    }

    /** A number greater than 0, whole or not. */
    double positiveNumber(double defaultValue) {
        if (!isPresent()) {
            return defaultValue;
        }
        if (node instanceof YamlScalar scalar) {
            OptionalLong whole = wholeNumber();
            double number = whole.isPresent() ? whole.getAsLong() : 0;
            if (scalar.kind() == YamlScalar.Kind.FLOAT) {
                try {
                    number = Double.parseDouble(scalar.value());
                } catch (NumberFormatException notFinite) {
                    number = 0; // YAML writes infinity and what is no number in its own way
                }
            }
            if (number > 0 && number < Double.POSITIVE_INFINITY) {
                return number;
            }
        }
        error("must be a number greater than 0");
        return defaultValue;
    }

    long nanos(long defaultValue) {
        return quantity(Quantity::nanos, "a time such as \"10 ms\"", defaultValue);
    }

    long bytes(long defaultValue) {
        return quantity(Quantity::bytes, "a size such as \"64 KiB\"", defaultValue);
    }

    long bitsPerSecond(long defaultValue) {
        return quantity(Quantity::bitsPerSecond, "a rate such as \"10 Mbit\"", defaultValue);
    }

    private long quantity(QuantityParser parser, String expected, long defaultValue) {
        if (!isPresent()) {
            return defaultValue;
        }
        if (node instanceof YamlScalar scalar
                && (scalar.kind() == YamlScalar.Kind.STRING || scalar.kind() == YamlScalar.Kind.INTEGER)) {
            OptionalLong number = wholeNumber();
            try {
                return parser.parse(number.isPresent() ? Long.toString(number.getAsLong()) : scalar.value());
            } catch (QuantityException wrong) {
                error(wrong.getMessage());
                return defaultValue;
            }
        }
        boolean isFraction = node instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.FLOAT;
        error(isFraction ? "must be a whole number; use a smaller unit instead of a fraction" : "must be " + expected);
        return defaultValue;
    }

    /** One of an enumeration, written in lower case with hyphens. */
    <E extends Enum<E>> E choice(Class<E> type, E defaultValue) {
        Optional<String> text = string();
        if (text.isEmpty()) {
            return defaultValue;
        }
        for (E constant : type.getEnumConstants()) {
            if (written(constant).equals(text.get())) {
                return constant;
            }
        }
        error("must be one of "
                + Arrays.stream(type.getEnumConstants()).map(Value::written).collect(Collectors.joining(", ")));
        return defaultValue;
    }

    /** The text is one of these, or an error. */
    void oneOf(List<String> texts) {
        string().filter(text -> !texts.contains(text))
                .ifPresent(text -> error("must be one of " + String.join(", ", texts)));
    }

    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @FunctionalInterface
    private interface QuantityParser {
        long parse(String text) throws QuantityException;
    }
}
