package dev.gnomon.definition;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.Distribution;
import dev.gnomon.application.EchoSettings;
import dev.gnomon.application.SinkSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.application.Transport;
import dev.gnomon.definition.DistributionReader.Unit;
import dev.gnomon.quantity.Quantity;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the settings of applications so that {@link ApplicationReader} reads the same again. */
final class ApplicationJson {
    private ApplicationJson() {}

    static void write(ObjectNode process, ApplicationSettings settings) {
        ObjectNode node = process.putObject("app").putObject(settings.name());
        if (settings instanceof EchoSettings echo) {
            server(node, echo.port(), echo.transports());
        } else if (settings instanceof SinkSettings sink) {
            server(node, sink.port(), sink.transports());
        } else if (settings instanceof TrafficSettings traffic) {
            traffic(node, traffic);
        }
    }

    private static void server(ObjectNode node, int port, Set<Transport> transports) {
        node.put("port", port);
        if (transports.size() == 1) {
            node.put("protocol", Value.written(transports.iterator().next()));
        } else {
            node.putNull("protocol");
        }
    }

    private static void traffic(ObjectNode node, TrafficSettings traffic) {
        ArrayNode to = node.putArray("to");
        traffic.to().forEach(to::add);
        node.put("port", traffic.port());
        node.put("protocol", Value.written(traffic.transport()));
        node.put("clients", traffic.clients());
        if (traffic.flows() == 0) {
            node.putNull("flows");
        } else {
            node.put("flows", traffic.flows());
        }
        distribution(node, "flow_pause", traffic.flowPause(), Unit.TIME);
        distribution(node, "messages", traffic.messages(), Unit.COUNT);
        distribution(node, "size", traffic.size(), Unit.SIZE);
        if (traffic.response().isPresent()) {
            distribution(node, "response", traffic.response().get(), Unit.SIZE);
        } else {
            node.put("response", EchoSettings.NAME);
        }
        if (traffic.rate().isZero()) {
            node.putNull("rate");
        } else {
            distribution(node, "rate", traffic.rate(), Unit.RATE);
        }
        distribution(node, "pause", traffic.pause(), Unit.TIME);
        node.put("timeout", Quantity.formatNanos(traffic.timeoutNanos()));
    }

    private static void distribution(ObjectNode node, String key, Distribution distribution, Unit unit) {
        if (distribution.shape() == Distribution.Shape.CONSTANT) {
            put(node, key, distribution.first(), unit);
            return;
        }
        ObjectNode shape = node.putObject(key).putObject(Value.written(distribution.shape()));
        switch (distribution.shape()) {
            case CONSTANT -> throw new IllegalStateException("written already");
            case UNIFORM -> {
                put(shape, "from", distribution.first(), unit);
                put(shape, "to", distribution.second(), unit);
            }
            case EXPONENTIAL -> put(shape, "mean", distribution.first(), unit);
            case PARETO -> {
                put(shape, "minimum", distribution.first(), unit);
                shape.put("shape", distribution.second());
            }
            case LOGNORMAL -> {
                put(shape, "median", distribution.first(), unit);
                shape.put("sigma", distribution.second());
            }
        }
        if (distribution.greatest() != Long.MAX_VALUE) {
            put(shape, "maximum", distribution.greatest(), unit);
        }
    }

    private static void put(ObjectNode node, String key, double value, Unit unit) {
        long number = (long) value;
        switch (unit) {
            case TIME -> node.put(key, Quantity.formatNanos(number));
            case SIZE -> node.put(key, number + " B");
            case RATE -> node.put(key, Quantity.formatBitsPerSecond(number));
            case COUNT -> node.put(key, number);
        }
    }
}
