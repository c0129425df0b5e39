package dev.gnomon.cli;

import dev.gnomon.guest.Mechanism;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a mechanism's name as definitions write it. */
final class MechanismConverter implements ITypeConverter<Mechanism> {
    @Override
    public Mechanism convert(String name) {
        for (Mechanism mechanism : Mechanism.values()) {
            if (mechanism.name().toLowerCase(Locale.ROOT).equals(name)) {
                return mechanism;
            }
        }
        throw new TypeConversionException("no such mechanism: " + name);
    }
}
