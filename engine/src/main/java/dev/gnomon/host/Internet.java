package dev.gnomon.host;

import dev.gnomon.graph.Routes;
import dev.gnomon.network.Packet;
import dev.gnomon.network.dns.AnycastDns;
import dev.gnomon.network.dns.NameTable;
import dev.gnomon.simulation.EventQueue;
import dev.gnomon.simulation.Outbox;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What lies between the hosts' interfaces: the paths of the graph. A packet is lost or arrives after the path's latency, give
 * or take its jitter; both are drawn from the sender's generator when it leaves.
 */
public final class Internet implements Host.Uplink {
    /** The name server's address, from a block that no real host has (RFC 5737). */
    public static final String NAME_SERVER_TEXT = "192.0.2.53";

    public static final int NAME_SERVER = 0xc000_0235;

    private final Routes routes;
    private final int[] nodeOfHost;
    private final long bootstrapEndNanos;
    private final AddressTable<Host> hostByAddress = new AddressTable<>();
    private IntFunction<Outbox> outboxes;
    private NameTable names;
    /** By host; each is made and used by the host's own worker. */
    private AnycastDns[] nameServers = new AnycastDns[0];

    /** @param nodeOfHost the index in {@code routes} of each host's node, by the host's index */
    public Internet(Routes routes, int[] nodeOfHost, long bootstrapEndNanos) {
        this.routes = routes;
        this.nodeOfHost = nodeOfHost;
        this.bootstrapEndNanos = bootstrapEndNanos;
    }

    /** Must be called before the first packet. */
    public void connect(List<Host> hosts, IntFunction<Outbox> outboxOfHost, NameTable nameTable) {
        names = nameTable;
        nameServers = new AnycastDns[hosts.size()];
        for (Host host : hosts) {
            hostByAddress.put(host.network().external().address(), host);
        }
        outboxes = outboxOfHost;
    }

    /** The least time in which a host can reach another; {@link EventQueue#NEVER} where there is one host only. */
    public long lookaheadNanos() {
        int[] hostsOnNode = new int[routes.nodeCount()];
        for (int node : nodeOfHost) {
            hostsOnNode[node]++;
        }
        long least = EventQueue.NEVER;
        for (int from = 0; from < hostsOnNode.length; from++) {
            for (int to = 0; to < hostsOnNode.length; to++) {
                if (hostsOnNode[from] > 0 && hostsOnNode[to] > (from == to ? 1 : 0)) {
                    least = Math.min(least, leastDelay(from, to));
                }
            }
        }
        return least;
    }

    private long leastDelay(int from, int to) {
        return Math.max(1, routes.latencyNanos(from, to) - routes.jitterNanos(from, to));
    }

    @Override
    public boolean isReachable(int address) {
        return address == NAME_SERVER || hostByAddress.get(address) != null;
    }

    @Override
    public void transmit(Host sender, Packet packet) {
        Host receiver = hostByAddress.get(packet.destinationAddress);
        if (receiver == null) {
            if (packet.destinationAddress == NAME_SERVER) {
                nameServer(sender).carry(packet);
            }
            return;
        }
        int from = nodeOfHost[sender.index()];
        int to = nodeOfHost[receiver.index()];
        if (sender.nowNanos() >= bootstrapEndNanos && isLost(sender, packet, routes.packetLoss(from, to))) {
            return;
        }
        long delay = routes.latencyNanos(from, to);
        long jitter = routes.jitterNanos(from, to);
        if (jitter > 0) {
            delay = Math.max(leastDelay(from, to), delay + sender.random().nextLong(-jitter, jitter + 1));
        }
        long arrivalNanos = sender.nowNanos() + delay;
        if (receiver == sender) {
            sender.receive(arrivalNanos, sender.index(), sender.nextSequence(), packet);
        } else {
            outboxes.apply(sender.index()).send(receiver, arrivalNanos, sender.index(), sender.nextSequence(), packet);
        }
    }

    private AnycastDns nameServer(Host client) {
        AnycastDns server = nameServers[client.index()];
        if (server == null) {
            int node = nodeOfHost[client.index()];
            server = new AnycastDns(client, client.network(), NAME_SERVER, names, routes.latencyNanos(node, node));
            nameServers[client.index()] = server;
        }
        return server;
    }

    /** Each fragment of a large datagram may be lost, and one is enough. */
    private static boolean isLost(Host sender, Packet packet, double loss) {
        if (loss <= 0) {
            return false;
        }
        for (int i = packet.fragments(sender.network().external().maximumTransmissionUnit()); i > 0; i--) {
            if (sender.random().nextDouble() < loss) {
                return true;
            }
        }
        return false;
    }
}
