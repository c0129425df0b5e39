package dev.gnomon.definition;

import java.nio.file.Path;
import java.util.Map;

/** Reads texts for tests as if they were files in a directory that holds nothing. */
final class Definitions {
    static final DefinitionSource SOURCE = new DefinitionSource(
            "test.yaml",
            Path.of("/nonexistent/base"),
            Path.of("/nonexistent/here"),
            Map.of("PATH", "/usr/bin:/bin", "HOME", "/nonexistent/home"));

    private Definitions() {}

    static DefinitionResult read(String text) {
        return DefinitionReader.read(text, SOURCE);
    }

    /** The definition of a text that must be right. */
    static Definition right(String text) {
        DefinitionResult result = read(text);
        if (result.definition().isEmpty()) {
            throw new AssertionError("expected no error: " + result.errors());
        }
        return result.definition().get();
    }

    /** A whole file with these lines of a host's only process, each indented by eight blanks. */
    static String withProcess(String lines) {
        return """
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  alice:
                    network_node_id: 0
                    processes:
                      - path: /bin/sh
                """ + lines.indent(8);
    }
}
