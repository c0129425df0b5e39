package dev.gnomon.graph;

import dev.gnomon.quantity.Quantity;
import java.util.Arrays;

/**
 * Nodes and edges of a network, immutable, in primitive arrays. Nodes are numbered by ascending identifier, so that
 * indices do not depend on the order of the text.
 */
public final class NetworkGraph {
    private final boolean directed;
    private final long[] nodeIds;
    private final String[] labels;
    private final long[] bandwidthDown;
    private final long[] bandwidthUp;
    private final int[] nodeLines;
    private final int[] nodeColumns;
    private final int[] edgeSources;
    private final int[] edgeTargets;
    private final long[] edgeLatencies;
    private final long[] edgeJitters;
    private final double[] edgeLosses;
    /** Outgoing arcs of node n are {@code arcEdges[firstArc[n] .. firstArc[n + 1])}; an undirected edge has two arcs. */
    private final int[] firstArc;

    private final int[] arcEdges;
    /** Copies beside each other, for the search that goes through all arcs of a node in turn. */
    private final int[] arcTargets;

    private final long[] arcLatencies;

    NetworkGraph(GraphBuilder builder) {
        directed = builder.directed;
        int nodes = builder.nodeCount;
        Integer[] order = new Integer[nodes];
        for (int index = 0; index < nodes; index++) {
            order[index] = index;
        }
        Arrays.sort(order, (left, right) -> Long.compare(builder.nodeIds[left], builder.nodeIds[right]));
        nodeIds = new long[nodes];
        labels = new String[nodes];
        bandwidthDown = new long[nodes];
        bandwidthUp = new long[nodes];
        nodeLines = new int[nodes];
        nodeColumns = new int[nodes];
        for (int index = 0; index < nodes; index++) {
            int from = order[index];
            nodeIds[index] = builder.nodeIds[from];
            labels[index] = builder.labels[from];
            bandwidthDown[index] = builder.bandwidthDown[from];
            bandwidthUp[index] = builder.bandwidthUp[from];
            nodeLines[index] = builder.nodeLines[from];
            nodeColumns[index] = builder.nodeColumns[from];
        }
        int edges = builder.edgeCount;
        edgeSources = new int[edges];
        edgeTargets = new int[edges];
        edgeLatencies = Arrays.copyOf(builder.edgeLatencies, edges);
        edgeJitters = Arrays.copyOf(builder.edgeJitters, edges);
        edgeLosses = Arrays.copyOf(builder.edgeLosses, edges);
        firstArc = new int[nodes + 1];
        for (int edge = 0; edge < edges; edge++) {
            edgeSources[edge] = nodeIndex(builder.edgeSources[edge]);
            edgeTargets[edge] = nodeIndex(builder.edgeTargets[edge]);
            firstArc[edgeSources[edge] + 1]++;
            if (isTwoWay(edge)) {
                firstArc[edgeTargets[edge] + 1]++;
            }
        }
        for (int node = 0; node < nodes; node++) {
            firstArc[node + 1] += firstArc[node];
        }
        arcEdges = new int[firstArc[nodes]];
        int[] next = Arrays.copyOf(firstArc, nodes);
        for (int edge = 0; edge < edges; edge++) {
            arcEdges[next[edgeSources[edge]]++] = edge;
            if (isTwoWay(edge)) {
                arcEdges[next[edgeTargets[edge]]++] = edge;
            }
        }
        arcTargets = new int[arcEdges.length];
        arcLatencies = new long[arcEdges.length];
        for (int node = 0; node < nodes; node++) {
            for (int arc = firstArc[node]; arc < firstArc[node + 1]; arc++) {
                arcTargets[arc] = otherEnd(arcEdges[arc], node);
                arcLatencies[arc] = edgeLatencies[arcEdges[arc]];
            }
        }
    }

    private boolean isTwoWay(int edge) {
        return !directed && edgeSources[edge] != edgeTargets[edge];
    }

    /** One node, 1 Gbit/s both ways, and a self-loop of 1 ms without loss: Shadow's {@code 1_gbit_switch}. */
    public static NetworkGraph oneGbitSwitch() {
        GraphBuilder builder = new GraphBuilder();
        builder.addNode(0, null, 1_000_000_000L, 1_000_000_000L, 1, 1);
        builder.addEdge(0, 0, 1_000_000L, 0, 0.0);
        return new NetworkGraph(builder);
    }

    public boolean isDirected() {
        return directed;
    }

    public int nodeCount() {
        return nodeIds.length;
    }

    public int edgeCount() {
        return edgeSources.length;
    }

    /** The index, from 0, of the node with this identifier; negative where there is none. */
    public int nodeIndex(long id) {
        return Arrays.binarySearch(nodeIds, id);
    }

    public boolean hasNode(long id) {
        return nodeIndex(id) >= 0;
    }

    public long nodeId(int index) {
        return nodeIds[index];
    }

    /** The node's {@code host_bandwidth_down} in bits per second; 0 where none is given. */
    public long bandwidthDownBitsPerSecond(int index) {
        return bandwidthDown[index];
    }

    /** The node's {@code host_bandwidth_up} in bits per second; 0 where none is given. */
    public long bandwidthUpBitsPerSecond(int index) {
        return bandwidthUp[index];
    }

    /** Line of the node in the GML text, from 1. */
    public int nodeLine(int index) {
        return nodeLines[index];
    }

    /** Column of the node in the GML text, from 1. */
    public int nodeColumn(int index) {
        return nodeColumns[index];
    }

    int firstArc(int node) {
        return firstArc[node];
    }

    int arcEdge(int arc) {
        return arcEdges[arc];
    }

    int arcTarget(int arc) {
        return arcTargets[arc];
    }

    long arcLatencyNanos(int arc) {
        return arcLatencies[arc];
    }

    private int otherEnd(int edge, int node) {
        return edgeSources[edge] == node ? edgeTargets[edge] : edgeSources[edge];
    }

    /** The edge that leads directly from one node to another, or -1. */
    int directEdge(int from, int to) {
        for (int arc = firstArc[from]; arc < firstArc[from + 1]; arc++) {
            if (arcTargets[arc] == to) {
                return arcEdges[arc];
            }
        }
        return -1;
    }

    int edgeSource(int edge) {
        return edgeSources[edge];
    }

    int edgeTarget(int edge) {
        return edgeTargets[edge];
    }

    long latencyNanos(int edge) {
        return edgeLatencies[edge];
    }

    long jitterNanos(int edge) {
        return edgeJitters[edge];
    }

    double packetLoss(int edge) {
        return edgeLosses[edge];
    }

    /** This graph as GML text, the same for equal graphs up to the order of edges. */
    public String toGml() {
        StringBuilder text = new StringBuilder("graph [\n  directed ")
                .append(directed ? 1 : 0)
                .append('\n');
        for (int node = 0; node < nodeCount(); node++) {
            text.append("  node [\n    id ").append(nodeIds[node]).append('\n');
            if (labels[node] != null) {
                String quoted = labels[node].replace("\\", "\\\\").replace("\"", "\\\"");
                text.append("    label \"").append(quoted).append("\"\n");
            }
            appendRate(text, "host_bandwidth_down", bandwidthDown[node]);
            appendRate(text, "host_bandwidth_up", bandwidthUp[node]);
            text.append("  ]\n");
        }
        for (int edge = 0; edge < edgeCount(); edge++) {
            text.append("  edge [\n    source ").append(nodeIds[edgeSources[edge]]);
            text.append("\n    target ").append(nodeIds[edgeTargets[edge]]);
            text.append("\n    latency \"")
                    .append(Quantity.formatNanos(edgeLatencies[edge]))
                    .append("\"\n");
            if (edgeJitters[edge] != 0) {
                text.append("    jitter \"")
                        .append(Quantity.formatNanos(edgeJitters[edge]))
                        .append("\"\n");
            }
            text.append("    packet_loss ").append(edgeLosses[edge]).append("\n  ]\n");
        }
        return text.append("]\n").toString();
    }

    private static void appendRate(StringBuilder text, String key, long bitsPerSecond) {
        if (bitsPerSecond != 0) {
            text.append("    ").append(key).append(" \"");
            text.append(Quantity.formatBitsPerSecond(bitsPerSecond)).append("\"\n");
        }
    }
}
