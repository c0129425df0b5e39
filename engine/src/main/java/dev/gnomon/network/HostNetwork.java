package dev.gnomon.network;

import dev.gnomon.network.icmp.IcmpMessages;
import dev.gnomon.network.tcp.TcpDemultiplexer;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.UdpDemultiplexer;
import dev.gnomon.network.udp.UdpSocket;

/**
 * The network of one host: {@code lo} and {@code eth0}, the ports, and who gets which packet.
 *
 * <p>Whatever goes to 127.0.0.0/8 or to the host's own address takes {@code lo}.
 */
public final class HostNetwork {
    private static final class HostFlow extends PacketFlow {
        @Override
        protected void transmitted(Packet packet) {
            // Resets and ICMP are charged to nobody.
        }
    }

    private final NetworkEnvironment environment;
    private final NetworkConfiguration configuration;
    private final LoopbackInterface loopback;
    private final ExternalInterface external;
    private final PacketFlow hostFlow = new HostFlow();
    private final TcpDemultiplexer tcp;
    private final UdpDemultiplexer udp;
    private int nextIdentification;

    private TransportSocket[] signalled = new TransportSocket[8];
    private int signalledCount;
    private boolean flushing;

    public HostNetwork(NetworkEnvironment environment, NetworkConfiguration configuration) {
        this.environment = environment;
        this.configuration = configuration;
        this.loopback = new LoopbackInterface(environment, this);
        this.external = new ExternalInterface(environment, this, configuration);
        this.tcp = new TcpDemultiplexer(this);
        this.udp = new UdpDemultiplexer(this);
    }

    public TcpSocket openTcp() {
        return tcp.open();
    }

    public UdpSocket openUdp() {
        return udp.open();
    }

    /** A packet has come from the graph, at its time of arrival; the receiving rate is not applied yet. */
    public void arrive(Packet packet) {
        external.arrive(packet);
    }

    public Interface loopback() {
        return loopback;
    }

    public Interface external() {
        return external;
    }

    public NetworkEnvironment environment() {
        return environment;
    }

    /** The host's virtual time. */
    public long nowNanos() {
        return environment.nowNanos();
    }

    public NetworkConfiguration configuration() {
        return configuration;
    }

    public TcpDemultiplexer tcp() {
        return tcp;
    }

    public UdpDemultiplexer udp() {
        return udp;
    }

    /** Whether the address is one of this host's. */
    public boolean isLocal(int address) {
        return address == configuration.address() || Ipv4.isLoopback(address);
    }

    /** The interface that packets to this address take. */
    public Interface route(int destination) {
        return isLocal(destination) ? loopback : external;
    }

    /** Sends a packet that belongs to no socket. */
    public void send(Packet packet) {
        send(packet, hostFlow);
    }

    /** Sends a packet by the interface that leads to its destination, whatever the length of the queue. */
    public void send(Packet packet, PacketFlow flow) {
        packet.identification = nextIdentification++ & 0xffff;
        route(packet.destinationAddress).send(packet, flow);
    }

    /**
     * Sends a packet that is dropped where the interface's queue is full.
     *
     * @return whether it was accepted
     */
    public boolean offer(Packet packet, PacketFlow flow) {
        Interface way = route(packet.destinationAddress);
        if (way.full()) {
            way.dropSending();
            return false;
        }
        send(packet, flow);
        return true;
    }

    /** Gives a packet to whom it is for, and wakes who waits for it. */
    void deliver(Packet packet, Interface from) {
        deliver(packet, from, false);
        flushSignals();
    }

    /** As {@link #deliver(Packet, Interface)} for several, in order: who waits is woken after the last. */
    void deliver(ReceiveBatch batch, Interface from) {
        for (int i = 0; i < batch.size(); i++) {
            deliver(batch.packet(i), from, batch.isContinued(i));
        }
        flushSignals();
    }

    private void deliver(Packet packet, Interface from, boolean continued) {
        if (!isLocal(packet.destinationAddress) || from == external && Ipv4.isLoopback(packet.destinationAddress)) {
            return;
        }
        switch (packet.protocol) {
            case Packet.TCP -> tcp.arrive(packet, continued);
            case Packet.UDP -> udp.arrive(packet);
            case Packet.ICMP -> IcmpMessages.arrive(this, packet);
            default -> {
                // Nothing else is ever sent.
            }
        }
    }

    void signal(TransportSocket socket, int bits) {
        if (socket.pendingSignals == 0) {
            if (signalledCount == signalled.length) {
                signalled = java.util.Arrays.copyOf(signalled, signalledCount * 2);
            }
            signalled[signalledCount++] = socket;
        }
        socket.pendingSignals |= bits;
    }

    /** Tells listeners what has been signalled; sockets call this when a packet, timer or call has been dealt with. */
    public void flushSignals() {
        if (flushing) {
            return;
        }
        flushing = true;
        for (int i = 0; i < signalledCount; i++) {
            TransportSocket socket = signalled[i];
            signalled[i] = null;
            int bits = socket.pendingSignals;
            socket.pendingSignals = 0;
            socket.notifyListener(bits);
        }
        signalledCount = 0;
        flushing = false;
    }
}
