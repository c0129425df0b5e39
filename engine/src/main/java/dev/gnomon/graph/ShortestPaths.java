package dev.gnomon.graph;

import java.util.Arrays;

/**
 * Dijkstra's algorithm from one node, one settled node at a time, over a binary heap of node indices with their places.
 * Paths are ordered by latency, loss, jitter. Every latency is greater than 0, so whatever reaches a node at the same
 * least latency is settled before it, and the order is well founded.
 */
final class ShortestPaths {
    private static final int UNSEEN = -1;
    private static final int SETTLED = -2;

    private final NetworkGraph graph;
    private final long[] latencyNanos;
    private final double[] packetLoss;
    private final long[] jitterNanos;
    private final int[] heap;
    private final int[] place;
    private int size;

    ShortestPaths(NetworkGraph graph, int source) {
        this.graph = graph;
        int nodes = graph.nodeCount();
        latencyNanos = new long[nodes];
        packetLoss = new double[nodes];
        jitterNanos = new long[nodes];
        heap = new int[nodes];
        place = new int[nodes];
        Arrays.fill(place, UNSEEN);
        heap[0] = source;
        place[source] = 0;
        size = 1;
    }

    /** Settles the nearest node that is not settled yet and returns it, or -1 where none can be reached. */
    int settleNext() {
        if (size == 0) {
            return -1;
        }
        int node = heap[0];
        size--;
        if (size > 0) {
            heap[0] = heap[size];
            place[heap[0]] = 0;
            siftDown(0);
        }
        place[node] = SETTLED;
        for (int arc = graph.firstArc(node); arc < graph.firstArc(node + 1); arc++) {
            relax(node, arc);
        }
        return node;
    }

    long latencyNanos(int node) {
        return latencyNanos[node];
    }

    double packetLoss(int node) {
        return packetLoss[node];
    }

    long jitterNanos(int node) {
        return jitterNanos[node];
    }

    private void relax(int node, int arc) {
        int other = graph.arcTarget(arc);
        if (place[other] == SETTLED) {
            return;
        }
        // Saturates instead of wrapping: centuries of latency are never reached by a run.
        long latency = latencyNanos[node] + graph.arcLatencyNanos(arc);
        latency = latency < 0 ? Long.MAX_VALUE : latency;
        if (place[other] != UNSEEN && latency > latencyNanos[other]) {
            return;
        }
        int edge = graph.arcEdge(arc);
        long jitter = jitterNanos[node] + graph.jitterNanos(edge);
        jitter = jitter < 0 ? Long.MAX_VALUE : jitter;
        // 1 - (1 - a) * (1 - b), in the form that is exact where one of them is 0.
        double before = packetLoss[node];
        double loss = before + graph.packetLoss(edge) - before * graph.packetLoss(edge);
        if (place[other] == UNSEEN) {
            place[other] = size;
            heap[size++] = other;
        } else if (!isBetter(latency, loss, jitter, other)) {
            return;
        }
        latencyNanos[other] = latency;
        packetLoss[other] = loss;
        jitterNanos[other] = jitter;
        siftUp(place[other]);
    }

    private boolean isBetter(long latency, double loss, long jitter, int than) {
        if (latency != latencyNanos[than]) {
            return latency < latencyNanos[than];
        }
        if (loss != packetLoss[than]) {
            return loss < packetLoss[than];
        }
        return jitter < jitterNanos[than];
    }

    private boolean isBefore(int left, int right) {
        return isBetter(latencyNanos[left], packetLoss[left], jitterNanos[left], right);
    }

    private void siftUp(int start) {
        int at = start;
        while (at > 0 && isBefore(heap[at], heap[(at - 1) / 2])) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void siftDown(int start) {
        int at = start;
        while (true) {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
                if (isBefore(heap[child], heap[least])) {
                    least = child;
                }
            }
            if (least == at) {
                return;
            }
            swap(at, least);
            at = least;
        }
    }

    private void swap(int left, int right) {
        int node = heap[left];
        heap[left] = heap[right];
        heap[right] = node;
        place[heap[left]] = left;
        place[heap[right]] = right;
    }
}
