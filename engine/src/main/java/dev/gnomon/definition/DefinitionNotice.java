package dev.gnomon.definition;

/**
 * Something in an experiment file that is accepted but has no effect.
 *
 * @param pointer JSON pointer (RFC 6901) of the value
 * @param line from 1
 * @param column in characters, from 1
 * @param value the value as written, shortened
 * @param message why it has no effect
 */
public record DefinitionNotice(String pointer, int line, int column, String value, String message) {}
