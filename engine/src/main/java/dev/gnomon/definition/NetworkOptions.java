package dev.gnomon.definition;

import dev.gnomon.graph.NetworkGraph;

/**
 * The {@code network} section.
 *
 * @param graph the network, validated: every pair of nodes that hosts use is joined by a path
 * @param useShortestPath whether paths may cross several edges
 */
public record NetworkOptions(NetworkGraph graph, boolean useShortestPath) {}
