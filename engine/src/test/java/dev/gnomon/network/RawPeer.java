package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;

/** A peer without a stack: a test sees each segment the host sends it, and writes the answers by hand. */
public final class RawPeer {
    public static final long LATENCY_NANOS = 10_000_000L;

    private final TestNetwork network;
    private final HostNetwork host;
    private final int address;
    private final int port;
    private final int hostPort;
    private final ArrayDeque<Packet> arrived = new ArrayDeque<>();

    /** Takes over the network's path. */
    public RawPeer(TestNetwork network, HostNetwork host, String address, int port, int hostPort) {
        this.network = network;
        this.host = host;
        this.address = Ipv4.parse(address);
        this.port = port;
        this.hostPort = hostPort;
        network.path((carrier, packet) -> arrived.add(packet));
    }

    /** A segment from the peer, not sent yet. */
    public Packet segment(int flags, int sequence, int acknowledgment) {
        Packet packet =
                Packet.tcp(address, port, host.configuration().address(), hostPort, flags, sequence, acknowledgment);
        packet.window = 0xffff;
        return packet;
    }

    public Packet data(int sequence, int acknowledgment, int length, int firstValue) {
        Packet packet = segment(Packet.ACK, sequence, acknowledgment);
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (firstValue + i);
        }
        packet.payload = payload;
        packet.payloadLength = length;
        return packet;
    }

    /** Lets a segment arrive now. */
    public void send(Packet packet) {
        host.arrive(packet);
        network.runFor(0);
    }

    public void send(int flags, int sequence, int acknowledgment) {
        send(segment(flags, sequence, acknowledgment));
    }

    /** The next segment the host has sent; fails where there is none. */
    public Packet expect() {
        network.runFor(1_000_000);
        assertThat(arrived).as("segments from the host").isNotEmpty();
        return arrived.poll();
    }

    /** Asserts that the host has sent nothing more. */
    public void expectNothing() {
        network.runFor(1_000_000);
        assertThat(arrived).as("segments from the host").isEmpty();
    }

    public int waiting() {
        return arrived.size();
    }

    public void forget() {
        arrived.clear();
    }
}
