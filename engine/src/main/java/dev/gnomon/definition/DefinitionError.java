package dev.gnomon.definition;

/**
 * A mistake in an experiment file.
 *
 * @param pointer JSON pointer (RFC 6901) of the value; empty for the whole file
 * @param line from 1
 * @param column in characters, from 1
 * @param value the offending value as written, shortened; empty where something is missing
 * @param message what is wrong and what is expected
 */
public record DefinitionError(String pointer, int line, int column, String value, String message) {}
