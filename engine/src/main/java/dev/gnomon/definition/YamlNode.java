package dev.gnomon.definition;

/** A value of a YAML document, with merge keys merged and aliases replaced by what they stand for. */
sealed interface YamlNode permits YamlScalar, YamlSequence, YamlMapping {
    /** Where the value begins, from 1. */
    int line();

    /** Where the value begins in its line, in characters from 1. */
    int column();

    /** How much the value weighs once every alias is written out: one for each value, and one more for every 64 characters. */
    long weight();

    /** The value in messages. */
    String shown();
}
