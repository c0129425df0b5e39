package dev.gnomon.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The paths between the nodes in use, as flat arrays. A node index here is the node's place, from 0, among the nodes in
 * use by ascending identifier; it is not the index in the {@link NetworkGraph}.
 *
 * <p>A path's latency is the sum of its edges', its loss {@code 1 - product(1 - loss)}, its jitter the sum of its edges'.
 * Among paths of the same latency the one with the least loss counts, then the one with the least jitter: all that is
 * observable of a path, so that the result does not depend on the order of nodes and edges. From a node to itself the
 * self-loop counts.
 */
public final class Routes {
    private final long[] nodeIds;
    private final int[] graphIndices;
    private final NetworkGraph graph;
    private final long[] latencyNanos;
    private final double[] packetLoss;
    private final long[] jitterNanos;

    private Routes(NetworkGraph graph, long[] nodeIds) {
        this.graph = graph;
        this.nodeIds = nodeIds;
        graphIndices = new int[nodeIds.length];
        for (int node = 0; node < nodeIds.length; node++) {
            graphIndices[node] = graph.nodeIndex(nodeIds[node]);
        }
        int pairs = Math.multiplyExact(nodeIds.length, nodeIds.length);
        latencyNanos = new long[pairs];
        packetLoss = new double[pairs];
        jitterNanos = new long[pairs];
    }

    /**
     * Computes the paths among nodes.
     *
     * @param nodeIds identifiers of the nodes in use, in any order, repetitions allowed, all in the graph
     * @param useShortestPath whether paths may cross several edges; otherwise only direct edges count
     * @throws IllegalArgumentException where {@link #check} finds something
     */
    public static Routes compute(NetworkGraph graph, long[] nodeIds, boolean useShortestPath) {
        List<GraphError> errors = check(graph, nodeIds, useShortestPath);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.get(0).message());
        }
        Routes routes = new Routes(graph, distinct(nodeIds));
        if (useShortestPath) {
            int[] position = new int[graph.nodeCount()];
            Arrays.fill(position, -1);
            for (int node = 0; node < routes.nodeCount(); node++) {
                position[routes.graphIndices[node]] = node;
            }
            // Rows are independent of each other, so the result does not depend on who computes which.
            IntStream.range(0, routes.nodeCount()).parallel().forEach(row -> routes.shortestPaths(row, position));
        } else {
            for (int from = 0; from < routes.nodeCount(); from++) {
                for (int to = 0; to < routes.nodeCount(); to++) {
                    routes.set(from, to, graph.directEdge(routes.graphIndices[from], routes.graphIndices[to]));
                }
            }
        }
        for (int node = 0; node < routes.nodeCount(); node++) {
            int index = routes.graphIndices[node];
            routes.set(node, node, graph.directEdge(index, index));
        }
        return routes;
    }

    /** What keeps nodes from reaching each other or themselves: each at the line of a node. */
    public static List<GraphError> check(NetworkGraph graph, long[] nodeIds, boolean useShortestPath) {
        List<GraphError> errors = new ArrayList<>();
        long[] ids = distinct(nodeIds);
        int[] indices = new int[ids.length];
        for (int node = 0; node < ids.length; node++) {
            indices[node] = graph.nodeIndex(ids[node]);
            if (indices[node] < 0) {
                throw new IllegalArgumentException("no such node: id=" + ids[node]);
            }
            if (graph.directEdge(indices[node], indices[node]) < 0) {
                errors.add(error(graph, indices[node], "node " + ids[node] + " needs an edge to itself: hosts use it"));
            }
        }
        if (useShortestPath) {
            if (ids.length > 1) {
                boolean[] reached = reachable(graph, indices[0], true);
                boolean[] reaching = graph.isDirected() ? reachable(graph, indices[0], false) : reached;
                for (int node = 1; node < ids.length; node++) {
                    if (!reached[indices[node]]) {
                        errors.add(noPath(graph, indices[node], ids[0], ids[node]));
                    } else if (!reaching[indices[node]]) {
                        errors.add(noPath(graph, indices[node], ids[node], ids[0]));
                    }
                }
            }
            return errors;
        }
        for (int from : indices) {
            for (int to : indices) {
                boolean counted = graph.isDirected() ? from != to : from < to;
                if (counted && graph.directEdge(from, to) < 0) {
                    errors.add(error(
                            graph,
                            from,
                            "there is no edge from node " + graph.nodeId(from) + " to node " + graph.nodeId(to)
                                    + ": without shortest paths, nodes that hosts use must be joined directly"));
                }
            }
        }
        return errors;
    }

    private static GraphError noPath(NetworkGraph graph, int place, long from, long to) {
        return error(graph, place, "there is no path from node " + from + " to node " + to + ", and hosts use both");
    }

    private static GraphError error(NetworkGraph graph, int node, String message) {
        return new GraphError(
                graph.nodeLine(node), graph.nodeColumn(node), String.valueOf(graph.nodeId(node)), message);
    }

    private static long[] distinct(long[] nodeIds) {
        return Arrays.stream(nodeIds).sorted().distinct().toArray();
    }

    private static boolean[] reachable(NetworkGraph graph, int start, boolean forward) {
        int[][] incoming = forward ? null : incoming(graph);
        boolean[] seen = new boolean[graph.nodeCount()];
        int[] stack = new int[graph.nodeCount()];
        int depth = 0;
        stack[depth++] = start;
        seen[start] = true;
        while (depth > 0) {
            int node = stack[--depth];
            int degree = forward ? graph.firstArc(node + 1) - graph.firstArc(node) : incoming[node].length;
            for (int arc = 0; arc < degree; arc++) {
                int other = forward ? graph.arcTarget(graph.firstArc(node) + arc) : incoming[node][arc];
                if (!seen[other]) {
                    seen[other] = true;
                    stack[depth++] = other;
                }
            }
        }
        return seen;
    }

    private static int[][] incoming(NetworkGraph graph) {
        int[] counts = new int[graph.nodeCount()];
        for (int edge = 0; edge < graph.edgeCount(); edge++) {
            counts[graph.edgeTarget(edge)]++;
        }
        int[][] incoming = new int[graph.nodeCount()][];
        for (int node = 0; node < incoming.length; node++) {
            incoming[node] = new int[counts[node]];
        }
        for (int edge = 0; edge < graph.edgeCount(); edge++) {
            int target = graph.edgeTarget(edge);
            incoming[target][--counts[target]] = graph.edgeSource(edge);
        }
        return incoming;
    }

    private void set(int from, int to, int edge) {
        int pair = from * nodeIds.length + to;
        latencyNanos[pair] = graph.latencyNanos(edge);
        packetLoss[pair] = graph.packetLoss(edge);
        jitterNanos[pair] = graph.jitterNanos(edge);
    }

    private void shortestPaths(int row, int[] position) {
        ShortestPaths paths = new ShortestPaths(graph, graphIndices[row]);
        int missing = nodeIds.length;
        for (int settled = paths.settleNext(); settled >= 0 && missing > 0; settled = paths.settleNext()) {
            int column = position[settled];
            if (column >= 0) {
                int pair = row * nodeIds.length + column;
                latencyNanos[pair] = paths.latencyNanos(settled);
                packetLoss[pair] = paths.packetLoss(settled);
                jitterNanos[pair] = paths.jitterNanos(settled);
                missing--;
            }
        }
    }

    /** How many nodes are in use. */
    public int nodeCount() {
        return nodeIds.length;
    }

    /** The index of a node in use; negative where no node in use has this identifier. */
    public int nodeIndex(long id) {
        return Arrays.binarySearch(nodeIds, id);
    }

    /** The identifier of the node at an index. */
    public long nodeId(int index) {
        return nodeIds[index];
    }

    /** Latency of the path in nanoseconds, greater than 0, before jitter. */
    public long latencyNanos(int from, int to) {
        return latencyNanos[from * nodeIds.length + to];
    }

    /** The chance, 0 to 1, that a packet is lost on the path. */
    public double packetLoss(int from, int to) {
        return packetLoss[from * nodeIds.length + to];
    }

    /** Half the width of the interval around the latency from which a packet's delay is drawn; less than the latency. */
    public long jitterNanos(int from, int to) {
        return jitterNanos[from * nodeIds.length + to];
    }

    /** The node's {@code host_bandwidth_down} in bits per second; 0 where none is given. */
    public long bandwidthDownBitsPerSecond(int index) {
        return graph.bandwidthDownBitsPerSecond(graphIndices[index]);
    }

    /** The node's {@code host_bandwidth_up} in bits per second; 0 where none is given. */
    public long bandwidthUpBitsPerSecond(int index) {
        return graph.bandwidthUpBitsPerSecond(graphIndices[index]);
    }

    /**
     * The least time that a packet between two hosts can take: latency less jitter, over all pairs of hosts.
     *
     * @param hostNodes the node index of each host, one entry a host, in any order
     * @return nanoseconds, greater than 0; {@link Long#MAX_VALUE} where there are fewer than two hosts
     */
    public long leastLatencyNanos(int[] hostNodes) {
        int[] hosts = new int[nodeIds.length];
        for (int node : hostNodes) {
            hosts[node]++;
        }
        long least = Long.MAX_VALUE;
        for (int from = 0; from < hosts.length; from++) {
            for (int to = 0; to < hosts.length && hosts[from] > 0; to++) {
                if (from == to ? hosts[to] > 1 : hosts[to] > 0) {
                    least = Math.min(least, latencyNanos(from, to) - jitterNanos(from, to));
                }
            }
        }
        return least;
    }
}
