package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;
import java.util.Set;

/**
 * A server that discards what it gets (RFC 863), and answers messages of {@link MessageHeader} that ask for an answer.
 *
 * @param port where it listens, 1 to 65535
 * @param transports not empty
 */
public record SinkSettings(int port, Set<Transport> transports) implements ApplicationSettings {
    public static final String NAME = "sink";
    public static final int DEFAULT_PORT = 9;

    public SinkSettings {
        transports = Set.copyOf(transports);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Application create(HostNetwork network, ApplicationControl control, int[] targets) {
        return new Sink(network, control, this);
    }
}
