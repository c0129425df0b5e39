package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;
import java.util.Set;

/**
 * A server that sends back what it gets (RFC 862).
 *
 * @param port where it listens, 1 to 65535
 * @param transports not empty
 */
public record EchoSettings(int port, Set<Transport> transports) implements ApplicationSettings {
    public static final String NAME = "echo";
    public static final int DEFAULT_PORT = 7;

    public EchoSettings {
        transports = Set.copyOf(transports);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Application create(HostNetwork network, ApplicationControl control, int[] targets) {
        return new Echo(network, control, this);
    }
}
