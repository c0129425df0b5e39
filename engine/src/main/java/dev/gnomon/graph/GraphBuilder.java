package dev.gnomon.graph;

import java.util.Arrays;

/** Grows the arrays that a {@link NetworkGraph} is made from, in the order of the text. */
final class GraphBuilder {
    boolean directed;
    int nodeCount;
    long[] nodeIds = new long[16];
    String[] labels = new String[16];
    long[] bandwidthDown = new long[16];
    long[] bandwidthUp = new long[16];
    int[] nodeLines = new int[16];
    int[] nodeColumns = new int[16];
    int edgeCount;
    long[] edgeSources = new long[16];
    long[] edgeTargets = new long[16];
    long[] edgeLatencies = new long[16];
    long[] edgeJitters = new long[16];
    double[] edgeLosses = new double[16];

    void addNode(long id, String label, long downBitsPerSecond, long upBitsPerSecond, int line, int column) {
        if (nodeCount == nodeIds.length) {
            int capacity = nodeCount * 2;
            nodeIds = Arrays.copyOf(nodeIds, capacity);
            labels = Arrays.copyOf(labels, capacity);
            bandwidthDown = Arrays.copyOf(bandwidthDown, capacity);
            bandwidthUp = Arrays.copyOf(bandwidthUp, capacity);
            nodeLines = Arrays.copyOf(nodeLines, capacity);
            nodeColumns = Arrays.copyOf(nodeColumns, capacity);
        }
        nodeIds[nodeCount] = id;
        labels[nodeCount] = label;
        bandwidthDown[nodeCount] = downBitsPerSecond;
        bandwidthUp[nodeCount] = upBitsPerSecond;
        nodeLines[nodeCount] = line;
        nodeColumns[nodeCount] = column;
        nodeCount++;
    }

    void addEdge(long source, long target, long latencyNanos, long jitterNanos, double packetLoss) {
        if (edgeCount == edgeSources.length) {
            int capacity = edgeCount * 2;
            edgeSources = Arrays.copyOf(edgeSources, capacity);
            edgeTargets = Arrays.copyOf(edgeTargets, capacity);
            edgeLatencies = Arrays.copyOf(edgeLatencies, capacity);
            edgeJitters = Arrays.copyOf(edgeJitters, capacity);
            edgeLosses = Arrays.copyOf(edgeLosses, capacity);
        }
        edgeSources[edgeCount] = source;
        edgeTargets[edgeCount] = target;
        edgeLatencies[edgeCount] = latencyNanos;
        edgeJitters[edgeCount] = jitterNanos;
        edgeLosses[edgeCount] = packetLoss;
        edgeCount++;
    }
}
