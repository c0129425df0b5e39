package dev.gnomon.network;

/**
 * {@code lo}: unlimited, without loss; a packet is delivered by an event of its own at the time it was sent.
 *
 * <p>A capture sees each packet once, as tcpdump shows it.
 */
final class LoopbackInterface extends Interface {
    static final int MAXIMUM_TRANSMISSION_UNIT = 65_536;

    private final NetworkEnvironment environment;
    private final HostNetwork network;
    private final FifoQueue queue = new FifoQueue();
    private final Runnable deliver = this::deliver;
    private boolean scheduled;

    LoopbackInterface(NetworkEnvironment environment, HostNetwork network) {
        super("lo", Ipv4.LOOPBACK, MAXIMUM_TRANSMISSION_UNIT);
        this.environment = environment;
        this.network = network;
    }

    @Override
    void send(Packet packet, PacketFlow flow) {
        packet.flow = flow;
        queue.add(packet);
        if (!scheduled) {
            scheduled = true;
            environment.runAt(environment.nowNanos(), deliver);
        }
    }

    @Override
    boolean full() {
        return false;
    }

    private void deliver() {
        // What these packets set off waits for the next event, so that other events of this time get their turn.
        int due = queue.size();
        for (int i = 0; i < due; i++) {
            Packet packet = queue.remove();
            PacketFlow flow = packet.flow;
            packet.flow = null;
            int bytes = packet.wireBytes();
            packetsSent++;
            bytesSent += bytes;
            packetsReceived++;
            bytesReceived += bytes;
            capture(environment.nowNanos(), packet);
            flow.transmitted(packet);
            network.deliver(packet, this);
        }
        if (queue.size() > 0) {
            environment.runAt(environment.nowNanos(), deliver);
        } else {
            scheduled = false;
        }
    }
}
