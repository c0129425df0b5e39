package dev.gnomon.graph;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a graph.
 *
 * @param graph present where there is no error
 * @param errors every mistake, in the order of the text
 * @param ignoredKeys keys of nodes and edges without a meaning here, each named once where it first occurs
 */
public record GraphResult(Optional<NetworkGraph> graph, List<GraphError> errors, List<GraphError> ignoredKeys) {}
