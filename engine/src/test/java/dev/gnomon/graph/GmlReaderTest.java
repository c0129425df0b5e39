package dev.gnomon.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GmlReaderTest {
    private static final String TWO_NODES = """
            # a remark
            Creator "someone"
            graph [
              directed 0
              node [
                id 7
                label "it's \\"quoted\\" \\\\"
                host_bandwidth_down "100 Mbit"
                host_bandwidth_up "20 Mbit"
              ]
              node [ id 3 graphics [ x 1.5 center [ y -2 ] ] ]
              edge [ source 3 target 7 latency "10 ms" jitter "1 ms" packet_loss 0.01 ]
              edge [ source 3 target 3 latency "1 ms" packet_loss 0 ]
              edge [ source 7 target 7 latency "2 ms" packet_loss 1e-3 label "loop" ]
            ]
            """;

    @Test
    void nodesAndEdgesAreRead() {
        GraphResult result = GmlReader.read(TWO_NODES);

        assertThat(result.errors()).isEmpty();
        NetworkGraph graph = result.graph().orElseThrow();
        assertThat(graph.isDirected()).isFalse();
        assertThat(graph.nodeCount()).isEqualTo(2);
        assertThat(graph.edgeCount()).isEqualTo(3);
        assertThat(graph.nodeIndex(3)).isZero();
        assertThat(graph.nodeIndex(7)).isEqualTo(1);
        assertThat(graph.hasNode(4)).isFalse();
        assertThat(graph.bandwidthDownBitsPerSecond(0)).isZero();
        assertThat(graph.bandwidthDownBitsPerSecond(1)).isEqualTo(100_000_000L);
        assertThat(graph.bandwidthUpBitsPerSecond(1)).isEqualTo(20_000_000L);
        assertThat(graph.nodeLine(0)).isEqualTo(11);
        assertThat(graph.nodeColumn(0)).isEqualTo(3);
        int edge = graph.directEdge(1, 0);
        assertThat(graph.latencyNanos(edge)).isEqualTo(10_000_000L);
        assertThat(graph.jitterNanos(edge)).isEqualTo(1_000_000L);
        assertThat(graph.packetLoss(edge)).isEqualTo(0.01);
        assertThat(graph.packetLoss(graph.directEdge(1, 1))).isEqualTo(0.001);
    }

    @Test
    void writtenTextReadsBackAsTheSameGraph() {
        String written = GmlReader.read(TWO_NODES).graph().orElseThrow().toGml();

        assertThat(written).contains("label \"it's \\\"quoted\\\" \\\\\"");
        assertThat(GmlReader.read(written).graph().orElseThrow().toGml()).isEqualTo(written);
    }

    @Test
    void keysWithoutMeaningAreNamedOnceUnlessTheyAreKnownRemarks() {
        GraphResult result = GmlReader.read("""
                graph [
                  node [ id 0 country_code "CA" colour "red" ]
                  node [ id 1 colour "red" ]
                  edge [ source 0 target 1 latency "1 ms" packetloss 0.5 ]
                ]
                """);

        assertThat(result.errors()).isEmpty();
        assertThat(result.ignoredKeys())
                .extracting(GraphError::line, GraphError::column, GraphError::value)
                .containsExactly(tuple(2, 33, "colour"), tuple(4, 43, "packetloss"));
    }

    @Test
    void everyMistakeIsReportedAtItsPlace() {
        GraphResult result = GmlReader.read("""
                graph [
                  directed 2
                  directed 1
                  node [ id 0 host_bandwidth_up 100 ]
                  node [ id 0 ]
                  node [ label "x" ]
                  node [ id -1 ]
                  node [ id 2 host_bandwidth_down "fast" id 3 ]
                  edge [ source 0 target 9 latency "1 ms" ]
                  edge [ source 0 target 2 ]
                  edge [ source 0 target 0 latency "0 ms" ]
                  edge [ source 2 target 2 latency 5 ]
                  edge [ source 2 target 0 latency "1 ms" packet_loss 1.5 ]
                  edge [ source 2 target 0 latency "1 ms" jitter "1 ms" bandwidth "1 Mbit" ]
                  edge [ target 0 latency "1 ms" ]
                ]
                """);

        assertThat(result.graph()).isEmpty();
        assertThat(result.errors())
                .extracting(GraphError::line, GraphError::column, GraphError::value)
                .containsExactly(
                        tuple(2, 12, "2"),
                        tuple(3, 3, "directed"),
                        tuple(4, 33, "100"),
                        tuple(5, 13, "0"),
                        tuple(6, 3, "node"),
                        tuple(7, 13, "-1"),
                        tuple(8, 35, "\"fast\""),
                        tuple(8, 42, "id"),
                        tuple(9, 26, "9"),
                        tuple(10, 3, "edge"),
                        tuple(11, 36, "\"0 ms\""),
                        tuple(12, 36, "5"),
                        tuple(13, 55, "1.5"),
                        tuple(14, 3, "2 -> 0"),
                        tuple(14, 50, "\"1 ms\""),
                        tuple(14, 57, "\"1 Mbit\""),
                        tuple(15, 3, "edge"));
        assertThat(result.errors().get(3).message()).isEqualTo("node id 0 occurs twice, first on line 4");
        assertThat(result.errors().get(13).message()).contains("the first is on line 13");
    }

    @Test
    void truncatedTextSaysWhichBracketIsOpen() {
        assertThat(GmlReader.read("graph [\n  node [\n    id 0\n").errors())
                .containsExactly(
                        new GraphError(4, 1, "end of text", "the text ends inside the node [ of line 2: ] is missing"));
        assertThat(GmlReader.read("graph [ node [ id 0 ]").errors())
                .extracting(GraphError::message)
                .containsExactly("the text ends inside the graph [ of line 1: ] is missing");
        assertThat(GmlReader.read("graph [ node [ id 0 ] edge [ source ").errors())
                .extracting(GraphError::message)
                .containsExactly("expected a number or a string after source");
        assertThat(GmlReader.read("graph [ node [ label \"abc\n").errors())
                .containsExactly(new GraphError(1, 22, "\"abc\n", "this string is never closed"));
    }

    @Test
    void otherBrokenTextIsOneErrorEach() {
        assertThat(GmlReader.read("").errors()).hasSize(1);
        assertThat(GmlReader.read("graph [ ]").errors())
                .extracting(GraphError::message)
                .containsExactly("the graph has no node");
        assertThat(GmlReader.read("graph [ node [ id 0 ] ] ]").errors())
                .containsExactly(new GraphError(1, 25, "]", "expected \"graph [\""));
        assertThat(GmlReader.read("graph [ node [ id 0 ] ]\ngraph [ ]").errors())
                .extracting(GraphError::line)
                .containsExactly(2);
        assertThat(GmlReader.read("graph [ node [ id 0 } ]").errors())
                .containsExactly(
                        new GraphError(1, 21, "}", "unexpected character: expected a key, a number, a string, [ or ]"));
        assertThat(GmlReader.read("x [ ".repeat(100_000)).errors())
                .extracting(GraphError::message)
                .containsExactly("lists are nested deeper than 64");
    }

    @Test
    void directedEdgesLeadOneWay() {
        NetworkGraph graph = GmlReader.read("""
                        graph [ directed 1 node [ id 0 ] node [ id 1 ]
                        edge [ source 0 target 1 latency "1 ms" ] ]
                        """).graph().orElseThrow();

        assertThat(graph.isDirected()).isTrue();
        assertThat(graph.directEdge(0, 1)).isZero();
        assertThat(graph.directEdge(1, 0)).isEqualTo(-1);
    }

    @Property
    void noTextBreaksTheReader(@ForAll("gmlLikeText") String text) {
        GraphResult result = GmlReader.read(text);

        assertThat(result.graph().isPresent()).isEqualTo(result.errors().isEmpty());
        assertThat(result.errors()).allMatch(error -> error.line() >= 1 && error.column() >= 1);
    }

    @Provide
    Arbitrary<String> gmlLikeText() {
        return Arbitraries.of(
                        "graph [",
                        "node [",
                        "edge [",
                        "]",
                        "id 0",
                        "id 1",
                        "source 0",
                        "target 1",
                        "latency \"1 ms\"",
                        "packet_loss 0.5",
                        "directed 1",
                        "\"",
                        "#",
                        "\\",
                        "-",
                        "[",
                        "\n",
                        "x",
                        "1e",
                        "\u00e9")
                .list()
                .ofMaxSize(20)
                .map(words -> String.join(" ", words));
    }
}
