package dev.gnomon.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A few hosts in one event loop, and a network between them that can delay, lose, reorder and duplicate. */
public final class TestNetwork {
    /** Decides what becomes of a packet on its way. */
    @FunctionalInterface
    public interface Path {
        /** Delivers the packet, now or later, once, more often or never, by calling {@link TestNetwork#deliver}. */
        void carry(TestNetwork network, Packet packet);
    }

    private static final class Event implements Comparable<Event>, ScheduledAction {
        private final long at;
        private final long order;
        private Runnable action;

        Event(long at, long order, Runnable action) {
            this.at = at;
            this.order = order;
            this.action = action;
        }

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }

        @Override
        public void cancel() {
            action = null;
        }
    }

    private final class Environment implements NetworkEnvironment {
        private final RandomGenerator generator;

        Environment(long seed) {
            generator = new SplittableRandom(seed);
        }

        @Override
        public long nowNanos() {
            return now;
        }

        @Override
        public ScheduledAction schedule(long atNanos, Runnable action) {
            return TestNetwork.this.schedule(atNanos, action);
        }

        @Override
        public RandomGenerator random() {
            return generator;
        }

        @Override
        public void transmit(Packet packet) {
            // A long transfer is not to be kept whole.
            if (transmitted.size() < 100_000) {
                transmitted.add(packet);
            }
            path.carry(TestNetwork.this, packet);
        }

        @Override
        public boolean bandwidthUnlimited() {
            return now < bandwidthUnlimitedUntil;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Integer, HostNetwork> hosts = new LinkedHashMap<>();
    private final List<Packet> transmitted = new ArrayList<>();
    private final RandomGenerator pathRandom;
    private final long seed;
    private long now;
    private long order;
    private long eventsRun;
    private Path path;

    public long bandwidthUnlimitedUntil;

    public TestNetwork(long seed, long latencyNanos) {
        this.seed = seed;
        this.pathRandom = new SplittableRandom(seed);
        this.path = constant(latencyNanos);
    }

    public static Path constant(long latencyNanos) {
        return (network, packet) -> network.deliver(packet, latencyNanos);
    }

    /** Loses a fraction of all fragments, at a constant latency. */
    public static Path lossy(long latencyNanos, double loss) {
        return (network, packet) -> {
            for (int i = packet.fragments(1500); i > 0; i--) {
                if (network.pathRandom.nextDouble() < loss) {
                    return;
                }
            }
            network.deliver(packet, latencyNanos);
        };
    }

    /** Loses, duplicates, and delays each packet by up to the jitter on top of the latency. */
    public static Path hostile(long latencyNanos, long jitterNanos, double loss, double duplication) {
        return (network, packet) -> {
            if (network.pathRandom.nextDouble() >= loss) {
                network.deliver(packet, latencyNanos + network.pathRandom.nextLong(jitterNanos + 1));
            }
            if (network.pathRandom.nextDouble() < duplication) {
                network.deliver(packet.copy(), latencyNanos + network.pathRandom.nextLong(jitterNanos + 1));
            }
        };
    }

    public void path(Path newPath) {
        path = newPath;
    }

    public RandomGenerator pathRandom() {
        return pathRandom;
    }

    public HostNetwork host(NetworkConfiguration configuration) {
        HostNetwork host = new HostNetwork(new Environment(seed * 31 + hosts.size()), configuration);
        hosts.put(configuration.address(), host);
        return host;
    }

    public HostNetwork host(String address, long bitsPerSecond) {
        return host(NetworkConfiguration.of(Ipv4.parse(address), "host" + hosts.size(), bitsPerSecond, bitsPerSecond));
    }

    /** Lets a packet arrive at its destination after a delay; one for nobody vanishes. */
    public void deliver(Packet packet, long delayNanos) {
        HostNetwork destination = hosts.get(packet.destinationAddress);
        if (destination != null) {
            schedule(now + delayNanos, () -> destination.arrive(packet));
        }
    }

    public ScheduledAction schedule(long atNanos, Runnable action) {
        if (atNanos < now) {
            throw new IllegalArgumentException("in the past: at=" + atNanos + ", now=" + now);
        }
        Event event = new Event(atNanos, order++, action);
        events.add(event);
        return event;
    }

    public long now() {
        return now;
    }

    public long eventsRun() {
        return eventsRun;
    }

    /** The first hundred thousand packets that have left any eth0, in order. */
    public List<Packet> transmitted() {
        return transmitted;
    }

    /** Runs what is due within a time; virtual time is at its end afterwards. */
    public void runFor(long nanos) {
        runUntil(now + nanos);
    }

    public void runUntil(long until) {
        while (!events.isEmpty() && events.peek().at <= until) {
            step();
        }
        now = Math.max(now, until);
    }

    /** Runs until nothing is scheduled any more, or the limit. */
    public void runToIdle(long limitNanos) {
        while (!events.isEmpty() && events.peek().at <= limitNanos) {
            step();
        }
    }

    /** Runs until a condition holds; answers whether it did before the limit. */
    public boolean runUntil(java.util.function.BooleanSupplier condition, long limitNanos) {
        while (!condition.getAsBoolean()) {
            if (events.isEmpty() || events.peek().at > limitNanos) {
                return false;
            }
            step();
        }
        return true;
    }

    private void step() {
        Event event = events.poll();
        if (event.action != null) {
            now = event.at;
            eventsRun++;
            event.action.run();
        }
    }
}
