package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;
import java.util.List;
import java.util.Optional;

/**
 * Clients that open flows to other hosts and send messages on them.
 *
 * @param to names of hosts, and of counted hosts for each of these; a flow's destination is drawn from them
 * @param port of the destinations, 1 to 65535
 * @param transport of the flows
 * @param clients how many are at work at the same time, from 1; each has one flow at a time
 * @param flows how many each client opens, from 1; 0 for as many as the time allows
 * @param flowPause nanoseconds before each flow
 * @param messages how many a flow has
 * @param size bytes of a message
 * @param response bytes of the answer that a message asks for; empty where the answer is the message itself
 * @param rate bits a second at which a flow sends; 0 for as fast as the network takes
 * @param pause nanoseconds between the end of a message, or its answer, and the next one
 * @param timeoutNanos how long to wait for an answer by UDP
 */
public record TrafficSettings(
        List<String> to,
        int port,
        Transport transport,
        int clients,
        long flows,
        Distribution flowPause,
        Distribution messages,
        Distribution size,
        Optional<Distribution> response,
        Distribution rate,
        Distribution pause,
        long timeoutNanos)
        implements ApplicationSettings {
    public static final String NAME = "traffic";

    public TrafficSettings {
        to = List.copyOf(to);
    }

    /** The same towards other hosts. */
    public TrafficSettings withTargets(List<String> names) {
        return new TrafficSettings(
                names, port, transport, clients, flows, flowPause, messages, size, response, rate, pause, timeoutNanos);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Application create(HostNetwork network, ApplicationControl control, int[] targets) {
        return new Traffic(network, control, this, targets);
    }
}
