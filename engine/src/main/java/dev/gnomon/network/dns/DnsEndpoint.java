package dev.gnomon.network.dns;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import java.util.Arrays;

/** A {@link DnsServer} at port 53 of a host, over UDP and TCP, inside the engine. */
public final class DnsEndpoint {
    public static final int PORT = 53;

    private static final int BACKLOG = 128;
    private static final int LENGTH_BYTES = 2;

    private final DnsServer server;
    private final UdpSocket datagrams;
    private final TcpSocket listener;
    private final byte[] received = new byte[UdpSocket.MAXIMUM_PAYLOAD_BYTES];
    private final Datagram datagram = new Datagram();

    /**
     * Starts to serve.
     *
     * @throws IllegalStateException where port 53 of the host is taken
     */
    public DnsEndpoint(HostNetwork network, NameTable names) {
        server = new DnsServer(names);
        datagrams = network.openUdp();
        listener = network.openTcp();
        require(datagrams.bind(Ipv4.ANY, PORT), "UDP");
        require(listener.bind(Ipv4.ANY, PORT), "TCP");
        require(listener.listen(BACKLOG), "TCP");
        datagrams.readinessListener((socket, bits) -> answerDatagrams());
        listener.readinessListener((socket, bits) -> accept());
    }

    private static void require(int result, String what) {
        if (result < 0) {
            throw new IllegalStateException(
                    "cannot serve names: " + what + " port " + PORT + ": " + Errno.name(-result));
        }
    }

    private void answerDatagrams() {
        int length = datagrams.receive(received, 0, received.length, false, datagram);
        while (length >= 0) {
            byte[] answer = server.answerUdp(Arrays.copyOf(received, length));
            if (answer != null) {
                // A full send buffer drops the answer; the client asks again, as with any lost datagram.
                datagrams.sendTo(answer, 0, answer.length, datagram.sourceAddress, datagram.sourcePort);
            }
            length = datagrams.receive(received, 0, received.length, false, datagram);
        }
    }

    private void accept() {
        for (TcpSocket client = listener.accept(); client != null; client = listener.accept()) {
            new Conversation(client).ready();
        }
    }

    /** One client over TCP: messages with their length before them (RFC 1035, section 4.2.2). */
    private final class Conversation {
        private final TcpSocket socket;
        private byte[] input = new byte[LENGTH_BYTES + PLAIN_QUERY_BYTES];
        private int inputLength;
        private byte[] output = new byte[0];
        private int outputSent;

        private static final int PLAIN_QUERY_BYTES = 512;

        Conversation(TcpSocket socket) {
            this.socket = socket;
            socket.readinessListener((ready, bits) -> ready());
        }

        void ready() {
            while (flush()) {
                if (inputLength == input.length) {
                    input = Arrays.copyOf(input, LENGTH_BYTES + DnsServer.TCP_BYTES);
                }
                int length = socket.receive(input, inputLength, input.length - inputLength, false);
                if (length == -Errno.EAGAIN) {
                    return;
                }
                if (length <= 0) {
                    socket.close();
                    return;
                }
                inputLength += length;
                answerComplete();
            }
        }

        private void answerComplete() {
            int position = 0;
            while (inputLength - position >= LENGTH_BYTES) {
                int length = (input[position] & 0xff) << 8 | input[position + 1] & 0xff;
                int end = position + LENGTH_BYTES + length;
                if (end > inputLength) {
                    break;
                }
                byte[] answer = server.answerTcp(Arrays.copyOfRange(input, position + LENGTH_BYTES, end));
                if (answer != null) {
                    append(answer);
                }
                position = end;
            }
            System.arraycopy(input, position, input, 0, inputLength - position);
            inputLength -= position;
        }

        private void append(byte[] answer) {
            int at = output.length;
            output = Arrays.copyOf(output, at + LENGTH_BYTES + answer.length);
            output[at] = (byte) (answer.length >>> 8);
            output[at + 1] = (byte) answer.length;
            System.arraycopy(answer, 0, output, at + LENGTH_BYTES, answer.length);
        }

        /** Sends what waits; answers whether all of it went, so that more may be read. */
        private boolean flush() {
            while (outputSent < output.length) {
                int sent = socket.send(output, outputSent, output.length - outputSent, false);
                if (sent == -Errno.EAGAIN) {
                    return false;
                }
                if (sent < 0) {
                    socket.close();
                    return false;
                }
                outputSent += sent;
            }
            output = new byte[0];
            outputSent = 0;
            return true;
        }
    }
}
