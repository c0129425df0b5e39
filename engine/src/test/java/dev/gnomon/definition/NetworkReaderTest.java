package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class NetworkReaderTest {
    private static final String GML = """
            graph [
              node [
                id 0
                host_bandwidth_down "1 Mbit"
                host_bandwidth_up "1 Mbit"
              ]
              edge [
                source 0
                target 0
                latency "5 ms"
              ]
            ]
            """;
    private static final String REST = """
            general: {stop_time: 10 s}
            hosts: {alice: {network_node_id: 0, processes: []}}
            """;

    @TempDir
    private Path directory;

    private DefinitionResult withGraph(String graph) {
        DefinitionSource source =
                new DefinitionSource("t", directory, Path.of("/nonexistent"), Map.of("HOME", directory.toString()));
        return DefinitionReader.read("network: {graph: " + graph + "}\n" + REST, source);
    }

    private static byte[] xz(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream output = new XZOutputStream(bytes, new LZMA2Options(1))) {
            output.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aGraphFileMayBePlainOrXz() throws IOException {
        Files.writeString(directory.resolve("plain.gml"), GML);
        Files.write(directory.resolve("small.gml.xz"), xz(GML));

        for (String file : new String[] {
            "{path: plain.gml}", "{path: ~/plain.gml, compression: null}", "{path: small.gml.xz, compression: xz}"
        }) {
            DefinitionResult result = withGraph("{type: gml, file: " + file + "}");
            assertThat(result.errors()).as(file).isEmpty();
            assertThat(result.definition().orElseThrow().network().graph().edgeCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void graphFilesThatCannotBeReadAreErrorsAtThePath() throws IOException {
        Files.writeString(directory.resolve("plain.gml"), GML);
        byte[] compressed = xz(GML);
        Files.write(directory.resolve("whole.xz"), compressed);
        Files.write(directory.resolve("cut.xz"), Arrays.copyOf(compressed, compressed.length - 20));
        Files.write(directory.resolve("latin.gml"), new byte[] {'g', (byte) 0xe9});

        assertThat(mistake("{path: missing.gml}")).isEqualTo("there is no such file");
        assertThat(mistake("{path: .}")).isEqualTo("is not a regular file");
        assertThat(mistake("{path: /dev/zero}")).isEqualTo("is not a regular file");
        assertThat(mistake("{path: whole.xz}")).isEqualTo("is an xz file: add \"compression: xz\" beside the path");
        assertThat(mistake("{path: plain.gml, compression: xz}")).isEqualTo("is not an xz file");
        assertThat(mistake("{path: cut.xz, compression: xz}")).isEqualTo("is a broken or truncated xz file");
        assertThat(mistake("{path: latin.gml}")).isEqualTo("is not UTF-8 text");
        assertThat(mistake("{path: plain.gml, compression: gzip}")).isEqualTo("must be one of xz");
        assertThat(mistake("{}")).startsWith("\"path\" is missing");
        assertThat(mistake("plain.gml")).isEqualTo("must be a mapping (key: value)");
    }

    private String mistake(String file) {
        DefinitionResult result = withGraph("{type: gml, file: " + file + "}");
        assertThat(result.errors()).as(file).hasSizeGreaterThanOrEqualTo(1);
        assertThat(result.errors().get(0).line()).isEqualTo(1);
        assertThat(result.errors().get(0).pointer()).startsWith("/network/graph/file");
        return result.errors().get(0).message();
    }

    @Test
    void aMistakeInAGraphFileNamesItsLineThere() throws IOException {
        Files.writeString(directory.resolve("bad.gml"), GML.replace("\"5 ms\"", "\"0 ms\""));
        DefinitionResult result = withGraph("{type: gml, file: {path: bad.gml}}");
        assertThat(result.errors())
                .containsExactly(new DefinitionError(
                        "/network/graph/file/path",
                        1,
                        43,
                        "\"0 ms\"",
                        "bad.gml:10:13: latency must be greater than 0"));
    }

    @Test
    void aMistakeInALiteralBlockIsAtItsLineOfTheFile() {
        String text = """
                general: {stop_time: 10 s}
                network:
                  graph:
                    type: gml
                    inline: |
                      graph [

                        node [ id 0 host_bandwidth_up "x" ]
                        edge [ source 0 target 5 latency "1 ms" colour 3 ]
                      ]
                hosts: {alice: {network_node_id: 0, processes: [], bandwidth_down: 1 Mbit, bandwidth_up: 1 Mbit}}
                """;
        DefinitionResult result = Definitions.read(text);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::column, DefinitionError::value)
                .containsExactly(tuple(8, 39, "\"x\""), tuple(9, 32, "5"));
        assertThat(result.notices())
                .extracting(DefinitionNotice::line, DefinitionNotice::column)
                .containsExactly(tuple(9, 49));

        DefinitionResult explicit = Definitions.read("\ufeff" + text.replace("inline: |", "inline: |2-"));
        assertThat(explicit.errors())
                .extracting(DefinitionError::line, DefinitionError::column)
                .containsExactly(tuple(8, 39), tuple(9, 32));
        DefinitionResult truncated = Definitions.read(text.replace("\n      ]\n", "\n"));
        assertThat(truncated.errors())
                .extracting(DefinitionError::message)
                .contains("the text ends inside the graph [ of line 1: ] is missing");
    }

    @Test
    void aMistakeInAQuotedGraphIsAtTheValue() {
        DefinitionResult result =
                Definitions.read("network: {graph: {type: gml, inline: \"graph [\\n  node [ id x ]\\n]\"}}\n" + REST);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::column, DefinitionError::message)
                .containsExactly(tuple(1, 38, "line 2 of the graph: expected a number or a string after id"));
    }

    @Test
    void nodesThatHostsUseMustReachEachOther() {
        DefinitionResult result = Definitions.read("""
                general: {stop_time: 10 s}
                network:
                  graph:
                    type: gml
                    inline: |
                      graph [
                        node [ id 0 ]
                        node [ id 1 ]
                        node [ id 2 ]
                        edge [ source 0 target 0 latency "1 ms" ]
                        edge [ source 1 target 1 latency "1 ms" ]
                      ]
                hosts:
                  a: &host {network_node_id: 0, processes: [], bandwidth_down: 1 Mbit, bandwidth_up: 1 Mbit}
                  b: {<<: *host, network_node_id: 1}
                """);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::column, DefinitionError::message)
                .containsExactly(tuple(8, 9, "there is no path from node 0 to node 1, and hosts use both"));
    }

    @Test
    void typesAndWhatBelongsToThem() {
        assertThat(withGraph("{type: 1_gbit_switch, inline: x}").errors())
                .extracting(DefinitionError::pointer)
                .containsExactly("/network/graph/inline");
        assertThat(withGraph("{type: gml}").errors())
                .extracting(DefinitionError::message)
                .containsExactly("a gml graph needs its text: \"inline\", or \"file\" with a path");
        assertThat(withGraph("{type: gml, inline: x, file: {path: y}}").errors())
                .hasSize(1);
        assertThat(withGraph("{}").errors())
                .extracting(DefinitionError::pointer)
                .containsExactly("/network/graph/type");
        assertThat(withGraph("{type: gml, inline: [x]}").errors()).hasSize(1);
        assertThat(withGraph("~").errors()).extracting(DefinitionError::pointer).containsExactly("/network/graph");
    }
}
