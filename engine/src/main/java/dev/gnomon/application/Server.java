package dev.gnomon.application;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.UdpSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/** What servers have in common: a port, by UDP, TCP or both, and who is connected to it. */
abstract class Server implements Application {
    private static final int BACKLOG = 4096;
    private static final int CANNOT_SERVE = 1;

    /** One client by TCP. */
    interface Conversation {
        /** Something may have arrived, or there may be room to send. Answers whether the conversation goes on. */
        boolean proceed();
    }

    protected final HostNetwork network;
    private final ApplicationControl control;
    private final int port;
    private final Set<Transport> transports;
    private Set<TcpSocket> clients = Set.of();
    private TcpSocket listener;
    private UdpSocket datagrams;
    private long connections;
    protected long bytesReceived;
    protected long bytesSent;

    Server(HostNetwork network, ApplicationControl control, int port, Set<Transport> transports) {
        this.network = network;
        this.control = control;
        this.port = port;
        this.transports = transports;
    }

    /** Begins to talk to a client. */
    abstract Conversation converse(TcpSocket client);

    /** Datagrams may have arrived, or there may be room to send. */
    abstract void datagramsReady(UdpSocket socket);

    /** Lines about what only this server does. */
    abstract String ownSummary();

    @Override
    public final void start() {
        if (transports.contains(Transport.TCP)) {
            TcpSocket socket = network.openTcp();
            int result = socket.bind(Ipv4.ANY, port);
            result = result < 0 ? result : socket.listen(BACKLOG);
            if (result < 0) {
                refuse("TCP", result);
                return;
            }
            listener = socket;
            socket.readinessListener((ready, bits) -> accept());
        }
        if (transports.contains(Transport.UDP)) {
            UdpSocket socket = network.openUdp();
            int result = socket.bind(Ipv4.ANY, port);
            if (result < 0) {
                refuse("UDP", result);
                return;
            }
            datagrams = socket;
            socket.readinessListener((ready, bits) -> datagramsReady(socket));
        }
    }

    private void refuse(String transport, int result) {
        control.complain("cannot serve at " + transport + " port " + port + ": " + Errno.name(-result));
        control.exit(CANNOT_SERVE);
    }

    private void accept() {
        while (listener != null) {
            TcpSocket client = listener.accept();
            if (client == null) {
                return;
            }
            if (clients.isEmpty()) {
                clients = new LinkedHashSet<>();
            }
            clients.add(client);
            connections++;
            Conversation conversation = converse(client);
            client.readinessListener((ready, bits) -> proceed(client, conversation));
            proceed(client, conversation);
        }
    }

    private void proceed(TcpSocket client, Conversation conversation) {
        if (!conversation.proceed()) {
            clients.remove(client);
            client.close();
        }
    }

    @Override
    public final int shutDown() {
        return 0;
    }

    @Override
    public final void close() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        if (datagrams != null) {
            datagrams.close();
            datagrams = null;
        }
        clients.forEach(TcpSocket::close);
        clients = Set.of();
    }

    @Override
    public final String summary() {
        return "connections: " + connections + "\nbytes: " + bytesReceived + " received, " + bytesSent + " sent\n"
                + ownSummary();
    }
}
