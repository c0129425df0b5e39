package dev.gnomon.application;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import java.util.Arrays;

/** Discards what it gets, and answers messages that ask for it. */
final class Sink extends Server {
    private long messages;
    private Durations delays;

    Sink(HostNetwork network, ApplicationControl control, SinkSettings settings) {
        super(network, control, settings.port(), settings.transports());
    }

    @Override
    Conversation converse(TcpSocket client) {
        return new Stream(client);
    }

    private void received(long sentNanos) {
        messages++;
        long delay = network.nowNanos() - sentNanos;
        // Whoever sent it may have written any time.
        if (delay >= 0 && delay <= network.nowNanos()) {
            if (delays == null) {
                delays = new Durations();
            }
            delays.add(delay);
        }
    }

    /** One connection: messages behind each other, or, where it begins otherwise, bytes without meaning. */
    private final class Stream implements Conversation {
        private final TcpSocket client;
        private final byte[] header = new byte[MessageHeader.BYTES];
        private int headerBytes;
        private boolean meaningless;
        /** Of the message under way, behind its header. */
        private long bytesToCome;
        /** Of the answer under way. */
        private long bytesToAnswer;

        Stream(TcpSocket client) {
            this.client = client;
        }

        @Override
        public boolean proceed() {
            byte[] buffer = Scratch.buffer();
            while (true) {
                // One message after the other: what is not read stays with the sender.
                int answered = answer();
                if (answered < 0) {
                    return answered == -Errno.EAGAIN;
                }
                int received = read(buffer);
                if (received <= 0) {
                    return received == -Errno.EAGAIN;
                }
                bytesReceived += received;
            }
        }

        private int read(byte[] buffer) {
            if (meaningless) {
                return client.receive(buffer, 0, buffer.length, false);
            }
            if (headerBytes < header.length) {
                int received = client.receive(header, headerBytes, header.length - headerBytes, false);
                headerBytes += Math.max(0, received);
                if (headerBytes == header.length) {
                    headerComplete();
                }
                return received;
            }
            int received = client.receive(buffer, 0, (int) Math.min(buffer.length, bytesToCome), false);
            bytesToCome -= Math.max(0, received);
            if (bytesToCome == 0) {
                complete();
            }
            return received;
        }

        private void headerComplete() {
            meaningless = !MessageHeader.isHeader(header, header.length);
            bytesToCome = MessageHeader.length(header) - header.length;
            if (!meaningless && bytesToCome == 0) {
                complete();
            }
        }

        private void complete() {
            received(MessageHeader.sentNanos(header));
            bytesToAnswer = MessageHeader.response(header);
            headerBytes = 0;
        }

        /** 0 where all is sent. */
        private int answer() {
            while (bytesToAnswer > 0) {
                int length = (int) Math.min(Scratch.BYTES, bytesToAnswer);
                int sent = client.send(Scratch.zeros(), 0, length, length < bytesToAnswer);
                if (sent < 0) {
                    return sent;
                }
                bytesToAnswer -= sent;
                bytesSent += sent;
            }
            return 0;
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
            if (MessageHeader.isHeader(buffer, length)) {
                // Sending may let another application of this worker use the buffer.
                long sentNanos = MessageHeader.sentNanos(buffer);
                long response = MessageHeader.response(buffer);
                if (response > 0 && !answer(socket, buffer, response, datagram)) {
                    return; // there will be room
                }
                received(sentNanos);
            }
            socket.receive(buffer, 0, 0, false, datagram);
            bytesReceived += length;
        }
    }

    /** The answer begins with the header of what it answers. */
    private boolean answer(UdpSocket socket, byte[] message, long response, Datagram datagram) {
        int length = (int) Math.max(MessageHeader.BYTES, Math.min(UdpSocket.MAXIMUM_PAYLOAD_BYTES, response));
        Arrays.fill(message, MessageHeader.BYTES, length, (byte) 0);
        int sent = socket.sendTo(message, 0, length, datagram.sourceAddress, datagram.sourcePort);
        bytesSent += Math.max(0, sent);
        return sent != -Errno.EAGAIN;
    }

    @Override
    String ownSummary() {
        return "messages: " + messages + "\ndelay of messages: " + (delays == null ? "none" : delays) + "\n";
    }
}
