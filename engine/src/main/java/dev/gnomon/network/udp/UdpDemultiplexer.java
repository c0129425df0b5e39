package dev.gnomon.network.udp;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Packet;
import dev.gnomon.network.PortHolder;
import dev.gnomon.network.PortTable;
import dev.gnomon.network.icmp.IcmpMessages;

/** Finds the UDP socket a datagram is for, and answers for closed ports. */
public final class UdpDemultiplexer {
    private final HostNetwork network;
    private final PortTable ports = new PortTable();
    private long datagramsDropped;

    public UdpDemultiplexer(HostNetwork network) {
        this.network = network;
    }

    public UdpSocket open() {
        return new UdpSocket(network);
    }

    PortTable ports() {
        return ports;
    }

    /** Datagrams that found no room in the receive buffer of their socket, on the whole host. */
    public long datagramsDropped() {
        return datagramsDropped;
    }

    void countDropped() {
        datagramsDropped++;
    }

    /** A datagram has come to this host. */
    public void arrive(Packet packet) {
        UdpSocket socket =
                find(packet.destinationAddress, packet.destinationPort, packet.sourceAddress, packet.sourcePort, true);
        if (socket != null) {
            socket.arrive(packet);
        } else {
            network.send(IcmpMessages.unreachable(packet.destinationAddress, packet, IcmpMessages.PORT_UNREACHABLE));
        }
    }

    /** An ICMP error has come about a datagram that this host had sent. */
    public void unreachable(int source, int sourcePort, int destination, int destinationPort, int error) {
        UdpSocket socket = find(source, sourcePort, destination, destinationPort, false);
        if (socket != null) {
            socket.fail(error);
        }
    }

    /** The best match, as {@code compute_score} in net/ipv4/udp.c: a fixed local address counts, so does a peer. */
    private UdpSocket find(int local, int localPort, int remote, int remotePort, boolean choose) {
        PortTable.Entry entry = ports.find(localPort);
        if (entry == null) {
            return null;
        }
        UdpSocket best = null;
        int bestScore = -1;
        int alike = 0;
        for (PortHolder holder = entry.first(); holder != null; holder = holder.nextOnPort()) {
            int score = ((UdpSocket) holder).score(local, remote, remotePort);
            if (score > bestScore) {
                best = (UdpSocket) holder;
                bestScore = score;
                alike = 1;
            } else if (score == bestScore && score >= 0) {
                alike++;
            }
        }
        if (choose && alike > 1 && best.reusePort()) {
            return among(entry, bestScore, alike, local, remote, remotePort);
        }
        return best;
    }

    /** Spreads peers over the sockets of an SO_REUSEPORT group; a peer always meets the same one. */
    private static UdpSocket among(PortTable.Entry entry, int score, int count, int local, int remote, int remotePort) {
        int hash = (remote * 31 + remotePort) * 0x9E3779B1;
        int index = (int) ((hash & 0xffffffffL) * count >>> 32);
        for (PortHolder holder = entry.first(); holder != null; holder = holder.nextOnPort()) {
            UdpSocket socket = (UdpSocket) holder;
            if (socket.score(local, remote, remotePort) == score && index-- == 0) {
                return socket;
            }
        }
        throw new IllegalStateException("no socket of the group at index " + index + " of " + count);
    }
}
