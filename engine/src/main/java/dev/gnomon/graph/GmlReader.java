package dev.gnomon.graph;

import dev.gnomon.quantity.Quantity;
import dev.gnomon.quantity.QuantityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a graph in GML, the Graph Modelling Language (Himsolt 1997), with the keys that Shadow gives a meaning
 * (docs/definition.md). Collects every mistake; only a text whose brackets or words do not add up ends the reading early.
 */
public final class GmlReader {
    /** Identifiers are 32 bits wide without sign, as in Shadow. */
    private static final long MAXIMUM_IDENTIFIER = 0xffff_ffffL;

    private static final int MAXIMUM_DEPTH = 64;
    private static final int MAXIMUM_ERRORS = 1000;
    /** Node keys that measured graphs carry as remarks; they need no notice. */
    private static final Set<String> REMARKS =
            Set.of("label", "country_code", "city_code", "ip_address", "asn", "type");

    private final GmlScanner scanner;
    private final GraphBuilder builder = new GraphBuilder();
    private final List<GraphError> errors = new ArrayList<>();
    private final Map<String, GraphError> ignoredKeys = new LinkedHashMap<>();
    private final Map<Long, Integer> linesOfNodes = new HashMap<>();
    private final List<PendingEdge> edges = new ArrayList<>();
    private GmlToken token;

    private GmlReader(String text) {
        scanner = new GmlScanner(text);
    }

    /** Reads a whole GML text. Never throws for bad text. */
    public static GraphResult read(String text) {
        return new GmlReader(text).read();
    }

    private GraphResult read() {
        try {
            file();
            addEdges();
        } catch (GmlSyntaxException broken) {
            errors.add(broken.error());
        }
        errors.sort(Comparator.comparingInt(GraphError::line).thenComparingInt(GraphError::column));
        List<GraphError> reported =
                errors.size() > MAXIMUM_ERRORS ? List.copyOf(errors.subList(0, MAXIMUM_ERRORS)) : List.copyOf(errors);
        Optional<NetworkGraph> graph = errors.isEmpty() ? Optional.of(new NetworkGraph(builder)) : Optional.empty();
        return new GraphResult(graph, reported, List.copyOf(ignoredKeys.values()));
    }

    private void file() throws GmlSyntaxException {
        boolean found = false;
        advance();
        while (token.kind() != GmlToken.Kind.END) {
            GmlToken key = expect(GmlToken.Kind.KEY, "expected \"graph [\"");
            if (key.text().equals("graph")) {
                if (found) {
                    throw broken(key, "a second graph: only one is allowed");
                }
                found = true;
                expect(GmlToken.Kind.OPEN, "expected [ after graph");
                graph(key);
            } else {
                skipValue(key, 0);
            }
        }
        if (!found) {
            throw broken(token, "there is no graph: expected \"graph [ node [ ... ] edge [ ... ] ]\"");
        }
        if (builder.nodeCount == 0 && errors.isEmpty()) {
            throw broken(token, "the graph has no node");
        }
    }

    private void graph(GmlToken start) throws GmlSyntaxException {
        GmlToken directed = null;
        while (token.kind() != GmlToken.Kind.CLOSE) {
            GmlToken key = key(start);
            switch (key.text()) {
                case "node" -> node(key, attributes(key));
                case "edge" -> edge(key, attributes(key));
                case "directed" -> {
                    GmlToken value = scalar(key);
                    if (directed != null) {
                        error(key, key.text(), "directed is given twice, first on line " + directed.line());
                    }
                    directed = key;
                    if (value.text().equals("0") || value.text().equals("1")) {
                        builder.directed = value.text().equals("1");
                    } else {
                        error(value, value.shown(), "directed must be 0 or 1");
                    }
                }
                default -> skipValue(key, 1);
            }
        }
        advance();
    }

    /** The next token as a key inside the list that {@code start} opened. */
    private GmlToken key(GmlToken start) throws GmlSyntaxException {
        if (token.kind() == GmlToken.Kind.END) {
            throw broken(
                    token,
                    "the text ends inside the " + start.text() + " [ of line " + start.line() + ": ] is missing");
        }
        return expect(GmlToken.Kind.KEY, "expected a key or ]");
    }

    private Map<String, Attribute> attributes(GmlToken owner) throws GmlSyntaxException {
        expect(GmlToken.Kind.OPEN, "expected [ after " + owner.text());
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        while (token.kind() != GmlToken.Kind.CLOSE) {
            GmlToken key = key(owner);
            if (token.kind() == GmlToken.Kind.OPEN) {
                skipValue(key, 2);
                ignored(owner, key);
                continue;
            }
            Attribute earlier = attributes.putIfAbsent(key.text(), new Attribute(key, scalar(key)));
            if (earlier != null) {
                error(key, key.text(), key.text() + " is given twice, first on line " + earlier.key.line());
            }
        }
        advance();
        return attributes;
    }

    private void node(GmlToken owner, Map<String, Attribute> attributes) {
        Attribute id = attributes.remove("id");
        long identifier = -1;
        if (id == null) {
            error(owner, "node", "this node has no id");
        } else {
            identifier = identifier(id);
        }
        Attribute label = attributes.remove("label");
        long down = rate(attributes.remove("host_bandwidth_down"));
        long up = rate(attributes.remove("host_bandwidth_up"));
        attributes.values().forEach(other -> ignored(owner, other.key));
        if (identifier < 0) {
            return;
        }
        Integer earlier = linesOfNodes.putIfAbsent(identifier, id.key.line());
        if (earlier != null) {
            error(id.value, id.value.shown(), "node id " + identifier + " occurs twice, first on line " + earlier);
            return;
        }
        String name = label == null ? null : label.value.text();
        builder.addNode(identifier, name, down, up, owner.line(), owner.column());
    }

    private void edge(GmlToken owner, Map<String, Attribute> attributes) {
        Attribute source = attributes.remove("source");
        Attribute target = attributes.remove("target");
        Attribute latency = attributes.remove("latency");
        Attribute jitter = attributes.remove("jitter");
        Attribute loss = attributes.remove("packet_loss");
        Attribute bandwidth = attributes.remove("bandwidth");
        attributes.values().forEach(other -> ignored(owner, other.key));
        if (bandwidth != null) {
            error(bandwidth.key, bandwidth.value.shown(), "bandwidth of an edge is not supported yet");
        }
        PendingEdge edge = new PendingEdge(owner, source, target);
        edge.latencyNanos = time(latency);
        if (latency == null) {
            error(owner, "edge", "this edge has no latency");
        } else if (edge.latencyNanos == 0) {
            error(latency.value, latency.value.shown(), "latency must be greater than 0");
        }
        edge.jitterNanos = Math.max(0, time(jitter));
        if (edge.latencyNanos > 0 && edge.jitterNanos >= edge.latencyNanos) {
            error(jitter.value, jitter.value.shown(), "jitter must be less than the edge's latency");
        }
        edge.packetLoss = fraction(loss);
        if (source == null) {
            error(owner, "edge", "this edge has no source");
        }
        if (target == null) {
            error(owner, "edge", "this edge has no target");
        }
        if (source != null && target != null) {
            edges.add(edge);
        }
    }

    /** Edges may precede their nodes, so their ends are looked up after the whole text is read. */
    private void addEdges() {
        Map<Long, Map<Long, Integer>> seen = new HashMap<>();
        for (PendingEdge edge : edges) {
            long source = end(edge.source);
            long target = end(edge.target);
            if (source < 0 || target < 0) {
                continue;
            }
            long low = builder.directed ? source : Math.min(source, target);
            long high = builder.directed ? target : Math.max(source, target);
            Integer earlier =
                    seen.computeIfAbsent(low, ignored -> new HashMap<>()).putIfAbsent(high, edge.owner.line());
            if (earlier != null) {
                error(
                        edge.owner,
                        source + " -> " + target,
                        "a second edge between node " + source + " and node " + target + ", the first is on line "
                                + earlier);
                continue;
            }
            builder.addEdge(source, target, edge.latencyNanos, edge.jitterNanos, edge.packetLoss);
        }
    }

    private long end(Attribute attribute) {
        long identifier = identifier(attribute);
        if (identifier >= 0 && !linesOfNodes.containsKey(identifier)) {
            error(attribute.value, attribute.value.shown(), "there is no node " + identifier);
            return -1;
        }
        return identifier;
    }

    private long identifier(Attribute attribute) {
        if (attribute.value.kind() == GmlToken.Kind.NUMBER) {
            try {
                long identifier = Long.parseLong(attribute.value.text());
                if (identifier >= 0 && identifier <= MAXIMUM_IDENTIFIER) {
                    return identifier;
                }
            } catch (NumberFormatException notWhole) {
                // Reported below, together with numbers out of range.
            }
        }
        error(
                attribute.value,
                attribute.value.shown(),
                attribute.key.text() + " must be a whole number from 0 to " + MAXIMUM_IDENTIFIER);
        return -1;
    }

    private long rate(Attribute attribute) {
        if (attribute == null) {
            return 0;
        }
        try {
            if (attribute.value.kind() != GmlToken.Kind.STRING) {
                error(
                        attribute.value,
                        attribute.value.shown(),
                        attribute.key.text() + " must be a string such as \"10 Mbit\"");
                return 0;
            }
            long bitsPerSecond = Quantity.bitsPerSecond(attribute.value.text());
            if (bitsPerSecond == 0) {
                error(attribute.value, attribute.value.shown(), attribute.key.text() + " must be greater than 0");
            }
            return bitsPerSecond;
        } catch (QuantityException wrong) {
            error(attribute.value, attribute.value.shown(), attribute.key.text() + " " + wrong.getMessage());
            return 0;
        }
    }

    /** A time in nanoseconds, or -1 where none is given or it is wrong. */
    private long time(Attribute attribute) {
        if (attribute == null) {
            return -1;
        }
        try {
            if (attribute.value.kind() != GmlToken.Kind.STRING) {
                error(
                        attribute.value,
                        attribute.value.shown(),
                        attribute.key.text() + " must be a string such as \"10 ms\"");
                return -1;
            }
            return Quantity.nanos(attribute.value.text());
        } catch (QuantityException wrong) {
            error(attribute.value, attribute.value.shown(), attribute.key.text() + " " + wrong.getMessage());
            return -1;
        }
    }

    private double fraction(Attribute attribute) {
        if (attribute == null) {
            return 0;
        }
        if (attribute.value.kind() == GmlToken.Kind.NUMBER) {
            try {
                double fraction = Double.parseDouble(attribute.value.text());
                // Adding zero turns -0.0 into 0.0.
                if (fraction >= 0 && fraction <= 1 && isPlainNumber(attribute.value.text())) {
                    return fraction + 0.0;
                }
            } catch (NumberFormatException notANumber) {
                // Reported below, together with numbers out of range.
            }
        }
        error(attribute.value, attribute.value.shown(), attribute.key.text() + " must be a number from 0 to 1");
        return 0;
    }

    /** Java also reads {@code 1f}, {@code 1d} and hexadecimal; GML does not. */
    private static boolean isPlainNumber(String text) {
        return text.chars().allMatch(character -> "0123456789.+-eE".indexOf(character) >= 0);
    }

    private GmlToken scalar(GmlToken key) throws GmlSyntaxException {
        GmlToken value = token;
        if (value.kind() != GmlToken.Kind.NUMBER && value.kind() != GmlToken.Kind.STRING) {
            throw broken(value, "expected a number or a string after " + key.text());
        }
        advance();
        return value;
    }

    private void skipValue(GmlToken key, int depth) throws GmlSyntaxException {
        if (token.kind() != GmlToken.Kind.OPEN) {
            scalar(key);
            return;
        }
        if (depth > MAXIMUM_DEPTH) {
            throw broken(token, "lists are nested deeper than " + MAXIMUM_DEPTH);
        }
        advance();
        while (token.kind() != GmlToken.Kind.CLOSE) {
            skipValue(key(key), depth + 1);
        }
        advance();
    }

    private void ignored(GmlToken owner, GmlToken key) {
        if (!REMARKS.contains(key.text())) {
            ignoredKeys.putIfAbsent(
                    owner.text() + " " + key.text(),
                    new GraphError(
                            key.line(),
                            key.column(),
                            key.text(),
                            "the key " + key.text() + " of this " + owner.text()
                                    + " has no meaning here and is ignored"));
        }
    }

    private GmlToken expect(GmlToken.Kind kind, String message) throws GmlSyntaxException {
        GmlToken current = token;
        if (current.kind() != kind) {
            throw broken(current, message);
        }
        advance();
        return current;
    }

    private void advance() throws GmlSyntaxException {
        token = scanner.next();
    }

    private void error(GmlToken place, String value, String message) {
        errors.add(new GraphError(place.line(), place.column(), value, message));
    }

    private static GmlSyntaxException broken(GmlToken place, String message) {
        return new GmlSyntaxException(new GraphError(place.line(), place.column(), place.shown(), message));
    }

    private record Attribute(GmlToken key, GmlToken value) {}

    private static final class PendingEdge {
        private final GmlToken owner;
        private final Attribute source;
        private final Attribute target;
        private long latencyNanos;
        private long jitterNanos;
        private double packetLoss;

        PendingEdge(GmlToken owner, Attribute source, Attribute target) {
            this.owner = owner;
            this.source = source;
            this.target = target;
        }
    }
}
