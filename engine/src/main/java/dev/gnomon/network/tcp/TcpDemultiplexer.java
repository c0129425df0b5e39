package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.PortHolder;
import dev.gnomon.network.PortTable;

/** Finds the connection or listener a segment is for, and answers those for nobody. */
public final class TcpDemultiplexer {
    private final HostNetwork network;
    private final PortTable ports = new PortTable();
    private final ConnectionTable connections = new ConnectionTable();

    private InitialSequences initialSequences;

    public TcpDemultiplexer(HostNetwork network) {
        this.network = network;
    }

    /** The source of sequence numbers; its key is drawn from the host's generator when the first is needed. */
    InitialSequences initialSequences() {
        if (initialSequences == null) {
            initialSequences =
                    InitialSequences.keyed(network.environment().random().nextLong());
        }
        return initialSequences;
    }

    void initialSequences(InitialSequences source) {
        initialSequences = source;
    }

    private int initialSequence(Packet syn) {
        return initialSequences()
                .sequence(
                        syn.destinationAddress,
                        syn.destinationPort,
                        syn.sourceAddress,
                        syn.sourcePort,
                        network.nowNanos());
    }

    public TcpSocket open() {
        return new TcpSocket(network);
    }

    PortTable ports() {
        return ports;
    }

    ConnectionTable connections() {
        return connections;
    }

    /** Connections of this host, those in TIME_WAIT included. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * A segment has come to this host.
     *
     * @param continued whether one follows at the same time that Linux would have merged into it
     */
    public void arrive(Packet packet, boolean continued) {
        ConnectionTable.Entry entry = connections.find(
                packet.destinationAddress, packet.destinationPort, packet.sourceAddress, packet.sourcePort);
        boolean replaced = false;
        int previousSequence = 0;
        if (entry != null) {
            if (entry.timeWait == null) {
                entry.connection.arrive(packet, continued);
                return;
            }
            previousSequence = entry.timeWait.sendNext();
            if (entry.timeWait.arrive(packet) == TimeWait.Verdict.HANDLED) {
                return;
            }
            replaced = true;
        }
        TcpSocket socket = findListener(packet);
        if (socket == null) {
            reset(packet);
        } else if (replaced) {
            socket.listener().arrive(packet, previousSequence + 65_537);
        } else {
            socket.listener().arrive(packet, initialSequence(packet));
        }
    }

    private TcpSocket findListener(Packet packet) {
        PortTable.Entry entry = ports.find(packet.destinationPort);
        if (entry == null) {
            return null;
        }
        TcpSocket best = null;
        int bestScore = -1;
        int alike = 0;
        for (PortHolder holder = entry.first(); holder != null; holder = holder.nextOnPort()) {
            int score = listenerScore(holder, packet.destinationAddress);
            if (score > bestScore) {
                best = (TcpSocket) holder;
                bestScore = score;
                alike = 1;
            } else if (score >= 0 && score == bestScore) {
                alike++;
            }
        }
        if (alike > 1) {
            return among(entry, bestScore, alike, packet);
        }
        return best;
    }

    private static int listenerScore(PortHolder holder, int destination) {
        if (!(holder instanceof TcpSocket socket) || !socket.isListening()) {
            return -1;
        }
        if (holder.localAddress() == Ipv4.ANY) {
            return 0;
        }
        return holder.localAddress() == destination ? 1 : -1;
    }

    /** Spreads peers over an SO_REUSEPORT group; the same peer and port always meet the same listener. */
    private static TcpSocket among(PortTable.Entry entry, int score, int count, Packet packet) {
        int hash = (packet.sourceAddress * 31 + packet.sourcePort) * 0x9E3779B1;
        int index = (int) ((hash & 0xffffffffL) * count >>> 32);
        for (PortHolder holder = entry.first(); holder != null; holder = holder.nextOnPort()) {
            if (listenerScore(holder, packet.destinationAddress) == score && index-- == 0) {
                return (TcpSocket) holder;
            }
        }
        throw new IllegalStateException("no listener of the group at index " + index + " of " + count);
    }

    /** Answers a segment that belongs to no connection: RFC 9293, section 3.10.7.1. */
    void reset(Packet packet) {
        if (packet.has(Packet.RST)) {
            return;
        }
        Packet answer;
        if (packet.has(Packet.ACK)) {
            answer = Packet.tcp(
                    packet.destinationAddress,
                    packet.destinationPort,
                    packet.sourceAddress,
                    packet.sourcePort,
                    Packet.RST,
                    packet.acknowledgment,
                    0);
        } else {
            int length = packet.payloadLength + (packet.has(Packet.SYN) ? 1 : 0) + (packet.has(Packet.FIN) ? 1 : 0);
            answer = Packet.tcp(
                    packet.destinationAddress,
                    packet.destinationPort,
                    packet.sourceAddress,
                    packet.sourcePort,
                    Packet.RST | Packet.ACK,
                    0,
                    packet.sequence + length);
        }
        network.send(answer);
    }

    /** An ICMP error has come about a segment that this host had sent. */
    public void unreachable(int source, int sourcePort, int destination, int destinationPort, int error) {
        ConnectionTable.Entry entry = connections.find(source, sourcePort, destination, destinationPort);
        if (entry != null && entry.connection != null) {
            entry.connection.unreachable(error);
        }
    }

    void forget(TimeWait timeWait, ConnectionTable.Entry entry) {
        connections.remove(entry);
        ports.remove(timeWait);
    }

    /** Whether an outgoing connection may have this place; a TIME_WAIT that may give way does. */
    boolean claim(int local, int localPort, int remote, int remotePort) {
        ConnectionTable.Entry entry = connections.find(local, localPort, remote, remotePort);
        if (entry == null) {
            return true;
        }
        if (entry.timeWait != null && entry.timeWait.reusable(Ipv4.isLoopback(remote))) {
            entry.timeWait.finish();
            return true;
        }
        return false;
    }

    /**
     * Chooses a local port for an outgoing connection: even ones first, as {@code __inet_hash_connect}. A port may serve
     * several connections to different peers.
     *
     * @return the port, or {@code -EADDRNOTAVAIL}
     */
    int choosePort(int local, int remote, int remotePort) {
        int span = PortTable.LAST_EPHEMERAL - PortTable.FIRST_EPHEMERAL + 1;
        int start = network.environment().random().nextInt(span) & ~1;
        for (int parity = 0; parity < 2; parity++) {
            for (int i = 0; i < span; i += 2) {
                int port = PortTable.FIRST_EPHEMERAL + (start + parity + i) % span;
                PortTable.Entry entry = ports.find(port);
                if ((entry == null || entry.automaticOnly()) && claim(local, port, remote, remotePort)) {
                    return port;
                }
            }
        }
        return -Errno.EADDRNOTAVAIL;
    }
}
