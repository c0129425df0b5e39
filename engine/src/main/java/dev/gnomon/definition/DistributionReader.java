package dev.gnomon.definition;

import dev.gnomon.application.Distribution;
import dev.gnomon.application.Distribution.Shape;
import java.util.List;
import java.util.Optional;

/** Reads distributions: a plain quantity for one that is constant, or a mapping of the shape's name to its parameters. */
final class DistributionReader {
    /** What a distribution is of. */
    enum Unit {
        TIME,
        SIZE,
        RATE,
        COUNT
    }

    private DistributionReader() {}

    /** @param absent where there is none, or where it is wrong */
    static Distribution read(Value value, Unit unit, Distribution absent) {
        if (!value.isPresent()) {
            return absent;
        }
        if (!(value.node() instanceof YamlMapping)) {
            return Distribution.constant(quantity(value, unit));
        }
        Section shapes = Section.orEmpty(value, DefinitionKeys.DISTRIBUTION);
        List<String> given =
                DefinitionKeys.DISTRIBUTION.stream().filter(shapes::has).toList();
        if (given.size() != 1) {
            value.error("must have exactly one of " + String.join(", ", DefinitionKeys.DISTRIBUTION));
            return absent;
        }
        Value shape = shapes.value(given.get(0));
        return switch (given.get(0)) {
            case "constant" -> Distribution.constant(quantity(shape, unit));
            case "uniform" ->
                section(shape, DefinitionKeys.UNIFORM)
                        .map(section -> uniform(section, unit))
                        .orElse(absent);
            case "exponential" ->
                section(shape, DefinitionKeys.EXPONENTIAL)
                        .map(section -> new Distribution(
                                Shape.EXPONENTIAL, required(section, "mean", unit), 0, maximum(section, unit)))
                        .orElse(absent);
            case "pareto" ->
                section(shape, DefinitionKeys.PARETO)
                        .map(section -> new Distribution(
                                Shape.PARETO,
                                required(section, "minimum", unit),
                                section.required("shape", "a number, such as 1.5")
                                        .positiveNumber(1),
                                maximum(section, unit)))
                        .orElse(absent);
            case "lognormal" ->
                section(shape, DefinitionKeys.LOGNORMAL)
                        .map(section -> new Distribution(
                                Shape.LOGNORMAL,
                                required(section, "median", unit),
                                section.required("sigma", "a number, such as 1.5")
                                        .positiveNumber(1),
                                maximum(section, unit)))
                        .orElse(absent);
            default -> throw new IllegalStateException("no such distribution: " + given.get(0));
        };
    }

    private static Optional<Section> section(Value value, List<String> keys) {
        return Section.of(value, keys);
    }

    private static Distribution uniform(Section section, Unit unit) {
        long from = required(section, "from", unit);
        Value to = section.required("to", "the greatest value");
        long greatest = to.isPresent() ? quantity(to, unit) : from;
        if (greatest < from) {
            to.error("must not be less than from");
            greatest = from;
        }
        return new Distribution(Shape.UNIFORM, from, greatest, Long.MAX_VALUE);
    }

    private static long required(Section section, String key, Unit unit) {
        Value value = section.required(key, "a value");
        return value.isPresent() ? quantity(value, unit) : least(unit);
    }

    private static long maximum(Section section, Unit unit) {
        Value value = section.value("maximum");
        return value.isPresent() ? quantity(value, unit) : Long.MAX_VALUE;
    }

    private static long least(Unit unit) {
        return unit == Unit.RATE || unit == Unit.COUNT ? 1 : 0;
    }

    private static long quantity(Value value, Unit unit) {
        return switch (unit) {
            case TIME -> value.nanos(0);
            case SIZE -> value.bytes(0);
            case RATE -> {
                long rate = value.bitsPerSecond(1);
                if (rate == 0) {
                    value.error("must be greater than 0");
                }
                yield Math.max(1, rate);
            }
            case COUNT -> value.integer(1, Long.MAX_VALUE, 1);
        };
    }
}
