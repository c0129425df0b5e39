package dev.gnomon.graph;

/**
 * A mistake in a graph.
 *
 * @param line line of the GML text, from 1
 * @param column column in characters, from 1
 * @param value the offending value as written, shortened
 * @param message what is wrong and what is expected
 */
public record GraphError(int line, int column, String value, String message) {}
