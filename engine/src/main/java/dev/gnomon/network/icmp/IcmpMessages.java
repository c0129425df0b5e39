package dev.gnomon.network.icmp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;

/** Makes and receives ICMP messages (RFC 792). */
public final class IcmpMessages {
    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;

    public static final int NETWORK_UNREACHABLE = 0;
    public static final int HOST_UNREACHABLE = 1;
    public static final int PORT_UNREACHABLE = 3;

    /** Bytes of the transport header that an error message quotes. */
    private static final int QUOTED_TRANSPORT_BYTES = 8;

    private IcmpMessages() {}

    /**
     * A destination-unreachable message about a packet, sent back to its source.
     *
     * @param from the address that reports it
     */
    public static Packet unreachable(int from, Packet about, int code) {
        byte[] whole = new byte[about.wireBytes()];
        about.write(whole, 0);
        int quoted = Math.min(whole.length, Ipv4.HEADER_BYTES + QUOTED_TRANSPORT_BYTES);
        return Packet.icmp(from, about.sourceAddress, DESTINATION_UNREACHABLE, code, 0, whole, 0, quoted);
    }

    /** Receives a message: answers an echo request, and tells the socket that an error is about. */
    public static void arrive(HostNetwork network, Packet message) {
        switch (message.icmpType) {
            case ECHO_REQUEST ->
                network.send(Packet.icmp(
                        message.destinationAddress,
                        message.sourceAddress,
                        ECHO_REPLY,
                        0,
                        message.icmpRest,
                        message.payload,
                        message.payloadOffset,
                        message.payloadLength));
            case DESTINATION_UNREACHABLE -> unreachableArrived(network, message);
            default -> {
                // No socket can ask for any other.
            }
        }
    }

    private static void unreachableArrived(HostNetwork network, Packet message) {
        if (message.payloadLength < Ipv4.HEADER_BYTES + QUOTED_TRANSPORT_BYTES) {
            return;
        }
        byte[] quoted = message.payload;
        int at = message.payloadOffset;
        int protocol = quoted[at + 9];
        int source = get32(quoted, at + 12);
        int destination = get32(quoted, at + 16);
        int sourcePort = get16(quoted, at + 20);
        int destinationPort = get16(quoted, at + 22);
        int error = error(message.icmpCode);
        if (protocol == Packet.UDP) {
            network.udp().unreachable(source, sourcePort, destination, destinationPort, error);
        } else if (protocol == Packet.TCP) {
            network.tcp().unreachable(source, sourcePort, destination, destinationPort, error);
        }
    }

    /** What a code means to a socket: {@code icmp_err_convert} of the kernel's net/ipv4/icmp.c. */
    private static int error(int code) {
        return switch (code) {
            case NETWORK_UNREACHABLE -> Errno.ENETUNREACH;
            case HOST_UNREACHABLE -> Errno.EHOSTUNREACH;
            case PORT_UNREACHABLE -> Errno.ECONNREFUSED;
            default -> Errno.EHOSTUNREACH;
        };
    }

    private static int get16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static int get32(byte[] bytes, int at) {
        return get16(bytes, at) << 16 | get16(bytes, at + 2);
    }
}
