package dev.gnomon.definition;

import dev.gnomon.definition.FileLocations.NoLocationException;
import dev.gnomon.graph.GmlReader;
import dev.gnomon.graph.GraphError;
import dev.gnomon.graph.GraphResult;
import dev.gnomon.graph.NetworkGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code network}, with the graph itself wherever it is. */
final class NetworkReader {
    private final Problems problems;
    private final FileLocations locations;
    private final String text;
    private GraphPlaces places = (value, place) -> {};

    /** @param text the whole file, for the places of lines of an inline graph */
    NetworkReader(Problems problems, FileLocations locations, String text) {
        this.problems = problems;
        this.locations = locations;
        this.text = text;
    }

    /** Reports a mistake of the graph where its author finds it. */
    @FunctionalInterface
    interface GraphPlaces {
        void report(GraphError error, Reporter reporter);
    }

    /** Takes a place in the experiment file and a message. */
    @FunctionalInterface
    interface Reporter {
        void report(Pointer pointer, int line, int column, String value, String message);
    }

    /** Empty where the graph cannot be used; errors say why. */
    Optional<NetworkOptions> read(Value value) {
        Optional<Section> section = Section.of(value, DefinitionKeys.NETWORK);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        boolean useShortestPath = section.get().value("use_shortest_path").bool(true);
        Value graph = section.get().required("graph", "the network, such as {type: 1_gbit_switch}");
        return Section.of(graph, DefinitionKeys.GRAPH)
                .flatMap(this::graph)
                .map(read -> new NetworkOptions(read, useShortestPath));
    }

    /** Reports a mistake that showed only when the hosts were known. */
    void report(GraphError error) {
        places.report(error, problems::error);
    }

    private Optional<NetworkGraph> graph(Section graph) {
        Value type = graph.required("type", "gml or 1_gbit_switch");
        Optional<String> name = type.string();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Value inline = graph.value("inline");
        Value file = graph.value("file");
        switch (name.get()) {
            case "1_gbit_switch" -> {
                for (Value extra : new Value[] {inline, file}) {
                    if (extra.isPresent()) {
                        extra.error("has no meaning together with type 1_gbit_switch");
                    }
                }
                return Optional.of(NetworkGraph.oneGbitSwitch());
            }
            case "gml" -> {
                if (inline.isPresent() && file.isPresent()) {
                    file.error("the graph is given twice: inline and as a file");
                    return Optional.empty();
                }
                if (inline.isPresent()) {
                    return inline(inline);
                }
                if (file.isPresent()) {
                    return Section.of(file, DefinitionKeys.GRAPH_FILE).flatMap(this::file);
                }
                if (inline.node() == null && file.node() == null || inline.isNull() || file.isNull()) {
                    type.error("a gml graph needs its text: \"inline\", or \"file\" with a path");
                }
                return Optional.empty();
            }
            default -> {
                type.error("must be gml or 1_gbit_switch");
                return Optional.empty();
            }
        }
    }

    private Optional<NetworkGraph> inline(Value value) {
        Optional<String> gml = value.string();
        if (gml.isEmpty()) {
            return Optional.empty();
        }
        YamlScalar scalar = (YamlScalar) value.node();
        Optional<InlinePlaces> lines = InlinePlaces.of(scalar, text);
        places = (error, reporter) -> {
            if (lines.isPresent()) {
                reporter.report(
                        value.pointer(),
                        lines.get().line(error),
                        lines.get().column(error),
                        error.value(),
                        error.message());
            } else {
                String where = "line " + error.line() + " of the graph: ";
                reporter.report(
                        value.pointer(), scalar.line(), scalar.column(), error.value(), where + error.message());
            }
        };
        return parsed(gml.get());
    }

    private Optional<NetworkGraph> file(Section file) {
        Value path = file.required("path", "the file that holds the graph");
        Value compression = file.value("compression");
        compression.oneOf(List.of("xz"));
        Optional<String> name = path.string();
        boolean compressed = compression.isPresent();
        if (name.isEmpty() || (compressed && !compression.string().equals(Optional.of("xz")))) {
            return Optional.empty();
        }
        try {
            Path location = locations.existing(name.get());
            String gml = GraphFile.read(location, compressed);
            places = (error, reporter) -> reporter.report(
                    path.pointer(),
                    path.node().line(),
                    path.node().column(),
                    error.value(),
                    location.getFileName() + ":" + error.line() + ":" + error.column() + ": " + error.message());
            return parsed(gml);
        } catch (NoLocationException | IOException wrong) {
            path.error(wrong.getMessage());
            return Optional.empty();
        }
    }

    private Optional<NetworkGraph> parsed(String gml) {
        GraphResult result = GmlReader.read(gml);
        result.errors().forEach(this::report);
        for (GraphError key : result.ignoredKeys()) {
            places.report(
                    key,
                    (pointer, line, column, value, message) ->
                            problems.notice(message, pointer, line, column, value, message));
        }
        return result.graph();
    }
}
