package dev.gnomon.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static NetworkGraph graph(String gml) {
        GraphResult result = GmlReader.read(gml);
        assertThat(result.errors()).isEmpty();
        return result.graph().orElseThrow();
    }

    private static String node(long id) {
        return "node [ id " + id + " ]\nedge [ source " + id + " target " + id + " latency \"1 ms\" ]\n";
    }

    private static String edge(long source, long target, String rest) {
        return "edge [ source " + source + " target " + target + " " + rest + " ]\n";
    }

    @Test
    void aPathAddsLatencyAndJitterAndCombinesLoss() {
        NetworkGraph graph = graph("graph [\n" + node(10) + node(20) + node(30)
                + edge(10, 20, "latency \"10 ms\" jitter \"1 ms\" packet_loss 0.5")
                + edge(20, 30, "latency \"20 ms\" jitter \"2 ms\" packet_loss 0.2")
                + edge(10, 30, "latency \"31 ms\"") + "]");

        Routes routes = Routes.compute(graph, new long[] {30, 10, 30}, true);

        assertThat(routes.nodeCount()).isEqualTo(2);
        int from = routes.nodeIndex(10);
        int to = routes.nodeIndex(30);
        assertThat(routes.nodeIndex(20)).isNegative();
        assertThat(routes.latencyNanos(from, to)).isEqualTo(30_000_000L);
        assertThat(routes.latencyNanos(to, from)).isEqualTo(30_000_000L);
        assertThat(routes.jitterNanos(from, to)).isEqualTo(3_000_000L);
        assertThat(routes.packetLoss(from, to)).isCloseTo(0.6, within(1e-12));
        assertThat(routes.latencyNanos(from, from)).isEqualTo(1_000_000L);
    }

    @Test
    void withoutShortestPathsOnlyDirectEdgesCount() {
        NetworkGraph graph = graph("graph [\n" + node(0) + node(1) + node(2) + edge(0, 1, "latency \"10 ms\"")
                + edge(1, 2, "latency \"10 ms\"") + edge(0, 2, "latency \"90 ms\" packet_loss 0.1") + "]");

        Routes routes = Routes.compute(graph, new long[] {0, 2}, false);

        assertThat(routes.latencyNanos(0, 1)).isEqualTo(90_000_000L);
        assertThat(routes.packetLoss(0, 1)).isEqualTo(0.1);
    }

    @Test
    void amongEqualLatenciesTheLeastLossCounts() {
        NetworkGraph graph = graph("graph [\n" + node(0) + node(1) + node(2) + node(3)
                + edge(0, 1, "latency \"1 ms\" packet_loss 0.3") + edge(1, 3, "latency \"2 ms\"")
                + edge(0, 2, "latency \"2 ms\" packet_loss 0.1 jitter \"1 ms\"") + edge(2, 3, "latency \"1 ms\"")
                + "]");

        Routes routes = Routes.compute(graph, new long[] {0, 3}, true);

        assertThat(routes.latencyNanos(0, 1)).isEqualTo(3_000_000L);
        assertThat(routes.packetLoss(0, 1)).isEqualTo(0.1);
        assertThat(routes.jitterNanos(0, 1)).isEqualTo(1_000_000L);
    }

    @Test
    void theLeastLatencyIsThatBetweenHostsLessJitter() {
        NetworkGraph graph = graph("graph [\n" + node(0) + node(1) + node(2)
                + edge(0, 1, "latency \"10 ms\" jitter \"4 ms\"") + edge(1, 2, "latency \"7 ms\"") + "]");
        Routes routes = Routes.compute(graph, new long[] {0, 1, 2}, true);

        assertThat(routes.leastLatencyNanos(new int[] {0, 1})).isEqualTo(6_000_000L);
        assertThat(routes.leastLatencyNanos(new int[] {1, 2})).isEqualTo(7_000_000L);
        assertThat(routes.leastLatencyNanos(new int[] {2, 1, 1})).isEqualTo(1_000_000L);
        assertThat(routes.leastLatencyNanos(new int[] {2})).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void missingSelfLoopsAndPathsAreReportedAtTheNode() {
        NetworkGraph graph = graph(
                "graph [\ndirected 1\n" + "node [ id 0 ]\n" + node(1) + node(2) + edge(0, 1, "latency \"1 ms\"") + "]");

        assertThat(Routes.check(graph, new long[] {0}, true))
                .containsExactly(new GraphError(3, 1, "0", "node 0 needs an edge to itself: hosts use it"));
        assertThat(Routes.check(graph, new long[] {1, 2}, true))
                .containsExactly(
                        new GraphError(6, 1, "2", "there is no path from node 1 to node 2, and hosts use both"));
        assertThat(Routes.check(graph, new long[] {0, 1}, true))
                .extracting(GraphError::message)
                .contains("there is no path from node 1 to node 0, and hosts use both");
        assertThat(Routes.check(graph, new long[] {1}, true)).isEmpty();
        assertThat(Routes.check(graph, new long[] {1, 2}, false)).hasSize(2);
        assertThatThrownBy(() -> Routes.compute(graph, new long[] {1, 2}, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOneGbitSwitchIsOneNodeWithALoop() {
        Routes routes = Routes.compute(NetworkGraph.oneGbitSwitch(), new long[] {0}, true);

        assertThat(routes.latencyNanos(0, 0)).isEqualTo(1_000_000L);
        assertThat(routes.packetLoss(0, 0)).isZero();
        assertThat(routes.bandwidthDownBitsPerSecond(0)).isEqualTo(1_000_000_000L);
        assertThat(routes.bandwidthUpBitsPerSecond(0)).isEqualTo(1_000_000_000L);
    }

    /** Against the algorithm of Floyd and Warshall, which knows no order of nodes. */
    @Property(tries = 200)
    void shortestPathsAreThoseOfAnotherAlgorithm(
            @ForAll @IntRange(min = 1, max = 12) int nodes, @ForAll long seed, @ForAll boolean directed) {
        Random random = new Random(seed);
        long[][] best = new long[nodes][nodes];
        StringBuilder gml = new StringBuilder("graph [\n directed " + (directed ? 1 : 0) + "\n");
        for (int from = 0; from < nodes; from++) {
            gml.append("node [ id ").append(from).append(" ]\n");
            for (int to = 0; to < nodes; to++) {
                best[from][to] = from == to ? 0 : Long.MAX_VALUE / 4;
            }
        }
        for (int from = 0; from < nodes; from++) {
            for (int to = directed ? 0 : from; to < nodes; to++) {
                boolean onRing = to == from
                        || to == from + 1
                        || (from == nodes - 1 && to == 0)
                        || (from == 0 && to == nodes - 1);
                if (onRing || random.nextInt(4) == 0) {
                    int latency = 1 + random.nextInt(20);
                    gml.append(edge(from, to, "latency \"" + latency + " ns\""));
                    if (from != to) {
                        best[from][to] = latency;
                        best[to][from] = directed ? best[to][from] : latency;
                    }
                }
            }
        }
        NetworkGraph graph = graph(gml.append("]").toString());
        for (int middle = 0; middle < nodes; middle++) {
            for (int from = 0; from < nodes; from++) {
                for (int to = 0; to < nodes; to++) {
                    best[from][to] = Math.min(best[from][to], best[from][middle] + best[middle][to]);
                }
            }
        }

        long[] all = LongStream.range(0, nodes).toArray();
        Routes routes = Routes.compute(graph, all, true);

        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    assertThat(routes.latencyNanos(from, to)).isEqualTo(best[from][to]);
                }
            }
        }
    }
}
