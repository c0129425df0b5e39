package dev.gnomon.application;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;

/** Sends back what it gets. It reads no more than it can send, so that whoever does not read stops being read. */
final class Echo extends Server {
    private long datagrams;

    Echo(HostNetwork network, ApplicationControl control, EchoSettings settings) {
        super(network, control, settings.port(), settings.transports());
    }

    @Override
    Conversation converse(TcpSocket client) {
        return () -> echo(client);
    }

    private boolean echo(TcpSocket client) {
        byte[] buffer = Scratch.buffer();
        while (true) {
            int waiting = client.receive(buffer, 0, buffer.length, true);
            if (waiting <= 0) {
                return waiting == -Errno.EAGAIN;
            }
            int sent = client.send(buffer, 0, waiting, false);
            if (sent < 0) {
                return sent == -Errno.EAGAIN;
            }
            bytesReceived += client.receive(buffer, 0, sent, false);
            bytesSent += sent;
        }
    }

    @Override
    void datagramsReady(UdpSocket socket) {
        byte[] buffer = Scratch.buffer();
        Datagram datagram = new Datagram();
        while (true) {
            int length = socket.receive(buffer, 0, buffer.length, true, datagram);
            if (length < 0) {
                return;
            }
            int sent = socket.sendTo(buffer, 0, length, datagram.sourceAddress, datagram.sourcePort);
            if (sent == -Errno.EAGAIN) {
                return; // there will be room
            }
            socket.receive(buffer, 0, buffer.length, false, datagram);
            datagrams++;
            bytesReceived += length;
            bytesSent += Math.max(0, sent);
        }
    }

    @Override
    String ownSummary() {
        return "datagrams: " + datagrams + "\n";
    }
}
