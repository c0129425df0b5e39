package dev.gnomon.network.dns;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.NetworkConfiguration;
import dev.gnomon.network.NetworkEnvironment;
import dev.gnomon.network.Packet;
import dev.gnomon.network.ScheduledAction;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The DNS server as one host meets it: at an address that is the same for all hosts, and as near as another host of its own
 * node.
 *
 * <p>Each host has an instance, driven by that host's events. What it answers depends on nothing but the query, so that
 * nobody can tell it from one server; and no host waits for another because of it. The engine passes packets with the
 * service's destination address to {@link #carry} in place of the graph; answers come back to the host by themselves.
 * Packets of the service are not lost.
 */
public final class AnycastDns {
    private final NetworkEnvironment hostEnvironment;
    private final HostNetwork client;
    private final HostNetwork service;
    private final long latencyNanos;

    /**
     * @param hostEnvironment the environment of the host that asks
     * @param address where the service is reached
     * @param latencyNanos one way, the latency of the host's node to itself
     */
    public AnycastDns(
            NetworkEnvironment hostEnvironment, HostNetwork client, int address, NameTable names, long latencyNanos) {
        this.hostEnvironment = hostEnvironment;
        this.client = client;
        this.latencyNanos = latencyNanos;
        this.service = new HostNetwork(new ServiceEnvironment(address), NetworkConfiguration.of(address, "dns", 0, 0));
        new DnsEndpoint(service, names);
    }

    /** Takes a packet that the host has transmitted to the service's address. */
    public void carry(Packet packet) {
        hostEnvironment.runAt(hostEnvironment.nowNanos() + latencyNanos, () -> service.arrive(packet));
    }

    private final class ServiceEnvironment implements NetworkEnvironment {
        // Only sequence numbers come from it; the host's own generator must not depend on who else draws.
        private final RandomGenerator random;

        ServiceEnvironment(int address) {
            random = new SplittableRandom(
                    (long) address << 32 | client.configuration().address() & 0xffffffffL);
        }

        @Override
        public long nowNanos() {
            return hostEnvironment.nowNanos();
        }

        @Override
        public ScheduledAction schedule(long atNanos, Runnable action) {
            return hostEnvironment.schedule(atNanos, action);
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public void transmit(Packet packet) {
            if (packet.destinationAddress == client.configuration().address()) {
                hostEnvironment.runAt(nowNanos() + latencyNanos, () -> client.arrive(packet));
            }
        }

        @Override
        public boolean bandwidthUnlimited() {
            return true;
        }
    }
}
