package dev.gnomon.network;

/**
 * {@code eth0}: sends one packet after the other at the host's rate, and receives through {@link ReceiveQueue}.
 *
 * <p>A packet occupies the link for its IPv4 bytes (fragment headers included, link-layer framing not), and enters the
 * graph at the end of that time. TCP keeps little here at a time and is never dropped here, as with Linux's small queues
 * ({@code tcp_small_queue_check}); UDP beyond {@link #QUEUE_LIMIT_PACKETS} is dropped.
 */
final class ExternalInterface extends Interface {
    static final int MAXIMUM_TRANSMISSION_UNIT = 1500;

    /** Linux's default {@code txqueuelen}. */
    static final int QUEUE_LIMIT_PACKETS = 1000;

    private final NetworkEnvironment environment;
    private final QueueDiscipline queue;
    private final Rate rate;
    private final ReceiveQueue receiveQueue;
    private final Runnable transmissionEnd = this::transmissionEnded;
    private Packet inTransmission;

    ExternalInterface(NetworkEnvironment environment, HostNetwork network, NetworkConfiguration configuration) {
        super("eth0", configuration.address(), MAXIMUM_TRANSMISSION_UNIT);
        this.environment = environment;
        this.queue = switch (configuration.queueDiscipline()) {
            case FIFO -> new FifoQueue();
            case ROUND_ROBIN -> new RoundRobinQueue();
        };
        this.rate = new Rate(configuration.bandwidthUpBitsPerSecond());
        this.receiveQueue = new ReceiveQueue(
                environment,
                network,
                this,
                configuration.bandwidthDownBitsPerSecond(),
                configuration.interruptIntervalNanos());
    }

    @Override
    void send(Packet packet, PacketFlow flow) {
        packet.flow = flow;
        if (inTransmission == null && (rate.unlimited() || environment.bandwidthUnlimited())) {
            capture(environment.nowNanos(), packet);
            leave(packet);
            return;
        }
        queue.add(packet);
        if (inTransmission == null) {
            startTransmission();
        }
    }

    @Override
    boolean full() {
        return queue.size() >= QUEUE_LIMIT_PACKETS;
    }

    private void startTransmission() {
        Packet packet = queue.remove();
        if (packet == null) {
            return;
        }
        inTransmission = packet;
        long now = environment.nowNanos();
        capture(now, packet);
        long nanos = rate.nanosFor(packet.transmittedBytes(MAXIMUM_TRANSMISSION_UNIT));
        environment.runAt(now + nanos, transmissionEnd);
    }

    private void transmissionEnded() {
        Packet packet = inTransmission;
        leave(packet);
        inTransmission = null;
        startTransmission();
    }

    private void leave(Packet packet) {
        PacketFlow flow = packet.flow;
        packet.flow = null;
        packetsSent++;
        bytesSent += packet.transmittedBytes(MAXIMUM_TRANSMISSION_UNIT);
        environment.transmit(packet);
        flow.transmitted(packet);
    }

    /** A packet has come from the graph. */
    void arrive(Packet packet) {
        receiveQueue.arrive(packet);
    }
}
