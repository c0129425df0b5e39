package dev.gnomon.definition;

import dev.gnomon.graph.GraphError;
import dev.gnomon.graph.NetworkGraph;
import dev.gnomon.graph.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads experiment files (docs/definition.md): YAML 1.2, of which JSON is a part. Never throws for a bad file: every
 * mistake becomes an error at its place, and only a text that is no YAML at all ends the reading early.
 */
public final class DefinitionReader {
    /** Larger files are refused before they are read. */
    public static final int MAXIMUM_BYTES = 16 << 20;

    private final String text;
    private final DefinitionSource source;
    private final Problems problems = new Problems();

    private DefinitionReader(String text, DefinitionSource source) {
        this.text = text;
        this.source = source;
    }

    /** Reads a text. */
    public static DefinitionResult read(String text, DefinitionSource source) {
        if (text.length() > MAXIMUM_BYTES) {
            return failure(1, 1, "", tooLarge());
        }
        Optional<DefinitionError> unreadable = TextCheck.firstUnreadable(text);
        if (unreadable.isPresent()) {
            return new DefinitionResult(Optional.empty(), List.of(unreadable.get()), List.of());
        }
        return new DefinitionReader(text, source).read();
    }

    /** Reads the bytes of a file, which must be UTF-8. */
    public static DefinitionResult read(byte[] bytes, DefinitionSource source) {
        if (bytes.length > MAXIMUM_BYTES) {
            return failure(1, 1, "", tooLarge());
        }
        if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
            return failure(1, 1, "", "the file is UTF-16: it must be UTF-8");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharBuffer output = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(input, output, true);
        String decoded = output.flip().toString();
        if (result.isError()) {
            String value = String.format("0x%02x", bytes[input.position()] & 0xff);
            DefinitionError error =
                    TextCheck.error(decoded, decoded.length(), value, "the file is not UTF-8: bad byte");
            return new DefinitionResult(Optional.empty(), List.of(error), List.of());
        }
        return read(decoded, source);
    }

    /** Reads a file; that it cannot be read is one error among the others. */
    public static DefinitionResult readFile(Path file, DefinitionSource source) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return failure(1, 1, "", Files.isDirectory(file) ? "is a directory" : "is not a regular file");
            }
            if (Files.size(file) > MAXIMUM_BYTES) {
                return failure(1, 1, "", tooLarge());
            }
            try (InputStream input = Files.newInputStream(file)) {
                return read(input.readNBytes(MAXIMUM_BYTES + 1), source);
            }
        } catch (NoSuchFileException missing) {
            return failure(1, 1, "", "there is no such file");
        } catch (AccessDeniedException denied) {
            return failure(1, 1, "", "the file cannot be read: permission denied");
        } catch (IOException other) {
            return failure(1, 1, "", "the file cannot be read: " + other.getMessage());
        }
    }

    /** Reads a file of this process's file system. */
    public static DefinitionResult readFile(Path file) {
        return readFile(file, DefinitionSource.of(file));
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }

    private static String tooLarge() {
        return "the file is larger than " + (MAXIMUM_BYTES >> 20) + " MiB";
    }

    private static DefinitionResult failure(int line, int column, String value, String message) {
        return new DefinitionResult(
                Optional.empty(), List.of(new DefinitionError("", line, column, value, message)), List.of());
    }

    private DefinitionResult read() {
        String withoutMark = text.startsWith("\ufeff") ? text.substring(1) : text;
        Optional<Definition> definition = YamlTreeReader.read(withoutMark, source.name(), problems)
                .map(root -> new Value(problems, Pointer.ROOT, root, 1, 1))
                .flatMap(document -> document(document, withoutMark));
        return new DefinitionResult(
                problems.hasErrors() ? Optional.empty() : definition, problems.errors(), problems.notices());
    }

    private Optional<Definition> document(Value document, String withoutMark) {
        if (document.isNull()) {
            problems.error(Pointer.ROOT, 1, 1, "", "the file is empty: expected general, network and hosts");
            return Optional.empty();
        }
        Optional<Section> top = Section.ofDocument(document, DefinitionKeys.TOP, DefinitionKeys.FREE_PREFIX);
        return top.map(section -> definition(section, withoutMark));
    }

    private Definition definition(Section top, String withoutMark) {
        FileLocations locations = new FileLocations(source);
        top.refuse("faults");
        ExperimentDescription experiment = ExperimentReader.read(top.value("experiment"));
        Value general = top.required("general", "at least {stop_time: ...}");
        GeneralOptions generalOptions = general.isPresent()
                ? new GeneralReader(locations).read(Section.orEmpty(general, DefinitionKeys.GENERAL))
                : null;
        NetworkReader networkReader = new NetworkReader(problems, locations, withoutMark);
        Optional<NetworkOptions> network =
                networkReader.read(top.required("network", "at least {graph: {type: 1_gbit_switch}}"));
        HostOptions defaults = HostReader.options(top.value("host_option_defaults"), HostOptions.DEFAULTS);
        ExperimentalOptions experimental = ExperimentalReader.read(top.value("experimental"));

        long stopNanos = generalOptions == null ? Long.MAX_VALUE : generalOptions.stopNanos();
        Optional<NetworkGraph> graph = network.map(NetworkOptions::graph);
        ProcessReader processReader = new ProcessReader(locations, stopNanos, experiment.mechanism());
        List<HostDefinition> hosts =
                new HostReader(processReader, defaults, graph).read(top.required("hosts", "the hosts by name"));
        network.ifPresent(options -> checkPaths(options, hosts, networkReader));
        return new Definition(
                source.name(), text, experiment, generalOptions, network.orElse(null), hosts, experimental);
    }

    private static void checkPaths(NetworkOptions network, List<HostDefinition> hosts, NetworkReader networkReader) {
        long[] nodes = hosts.stream()
                .mapToLong(HostDefinition::networkNodeId)
                .filter(node -> node >= 0)
                .toArray();
        for (GraphError error : Routes.check(network.graph(), nodes, network.useShortestPath())) {
            networkReader.report(error);
        }
    }
}
