package dev.gnomon.network;

/**
 * One IPv4 packet with its UDP, TCP or ICMP header as fields, and a payload that may be shared.
 *
 * <p>The sender fills the fields in; from the moment the packet is handed to an interface nobody changes them, nor the
 * bytes of the payload. A UDP datagram larger than the MTU stays one packet: {@link #fragments} says into how many it
 * would be cut, for the time it takes on the wire and for its chance to be lost.
 */
public final class Packet {
    /** IPv4 protocol numbers (IANA). */
    public static final int ICMP = 1;

    public static final int TCP = 6;
    public static final int UDP = 17;

    /** TCP flags (RFC 9293, section 3.1). */
    public static final int FIN = 0x01;

    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;

    public static final int UDP_HEADER_BYTES = 8;
    public static final int ICMP_HEADER_BYTES = 8;
    public static final int TCP_HEADER_BYTES = 20;

    /** Bytes of the timestamps option with its padding (RFC 7323, appendix A). */
    public static final int TIMESTAMPS_OPTION_BYTES = 12;

    public static final byte[] NO_PAYLOAD = new byte[0];

    public int protocol;
    public int sourceAddress;
    public int destinationAddress;
    public int timeToLive = 64;
    public int typeOfService;
    public int identification;

    public int sourcePort;
    public int destinationPort;

    /** TCP sequence number. */
    public int sequence;

    /** TCP acknowledgment number, meaningful with {@link #ACK}. */
    public int acknowledgment;

    public int flags;

    /** The TCP window field as on the wire: 16 bits, not scaled. */
    public int window;

    /** The MSS option, or 0 where absent. */
    public int maximumSegmentSize;

    /** The window scale option, or -1 where absent. */
    public int windowScale = -1;

    public boolean sackPermitted;
    public boolean timestamps;
    public int timestampValue;
    public int timestampEcho;

    /** Left and right edges of the SACK blocks in turn, or null where there are none. */
    public int[] sackEdges;

    public int icmpType;
    public int icmpCode;

    /** The second word of the ICMP header: identifier and sequence number of an echo, unused otherwise. */
    public int icmpRest;

    public byte[] payload = NO_PAYLOAD;
    public int payloadOffset;
    public int payloadLength;

    /** Whose packet this is while it waits in the sender's interface; null once it is on its way. */
    PacketFlow flow;

    /** The next packet of the queue this one waits in. */
    Packet nextInQueue;

    /** A UDP datagram. */
    public static Packet udp(
            int sourceAddress,
            int sourcePort,
            int destinationAddress,
            int destinationPort,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        Packet packet = new Packet();
        packet.protocol = UDP;
        packet.sourceAddress = sourceAddress;
        packet.sourcePort = sourcePort;
        packet.destinationAddress = destinationAddress;
        packet.destinationPort = destinationPort;
        packet.payload = payload;
        packet.payloadOffset = payloadOffset;
        packet.payloadLength = payloadLength;
        return packet;
    }

    /** A TCP segment without options or payload. */
    public static Packet tcp(
            int sourceAddress,
            int sourcePort,
            int destinationAddress,
            int destinationPort,
            int flags,
            int sequence,
            int acknowledgment) {
        Packet packet = new Packet();
        packet.protocol = TCP;
        packet.sourceAddress = sourceAddress;
        packet.sourcePort = sourcePort;
        packet.destinationAddress = destinationAddress;
        packet.destinationPort = destinationPort;
        packet.flags = flags;
        packet.sequence = sequence;
        packet.acknowledgment = acknowledgment;
        return packet;
    }

    /** An ICMP message. */
    public static Packet icmp(
            int sourceAddress,
            int destinationAddress,
            int type,
            int code,
            int rest,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        Packet packet = new Packet();
        packet.protocol = ICMP;
        packet.sourceAddress = sourceAddress;
        packet.destinationAddress = destinationAddress;
        packet.icmpType = type;
        packet.icmpCode = code;
        packet.icmpRest = rest;
        packet.payload = payload;
        packet.payloadOffset = payloadOffset;
        packet.payloadLength = payloadLength;
        return packet;
    }

    /** A packet with the same content, for a network that duplicates. The payload is shared. */
    public Packet copy() {
        Packet copy = new Packet();
        copy.protocol = protocol;
        copy.sourceAddress = sourceAddress;
        copy.destinationAddress = destinationAddress;
        copy.timeToLive = timeToLive;
        copy.typeOfService = typeOfService;
        copy.identification = identification;
        copy.sourcePort = sourcePort;
        copy.destinationPort = destinationPort;
        copy.sequence = sequence;
        copy.acknowledgment = acknowledgment;
        copy.flags = flags;
        copy.window = window;
        copy.maximumSegmentSize = maximumSegmentSize;
        copy.windowScale = windowScale;
        copy.sackPermitted = sackPermitted;
        copy.timestamps = timestamps;
        copy.timestampValue = timestampValue;
        copy.timestampEcho = timestampEcho;
        copy.sackEdges = sackEdges;
        copy.icmpType = icmpType;
        copy.icmpCode = icmpCode;
        copy.icmpRest = icmpRest;
        copy.payload = payload;
        copy.payloadOffset = payloadOffset;
        copy.payloadLength = payloadLength;
        return copy;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Bytes of the whole IPv4 packet, as if it were never fragmented; link headers are not counted. */
    public int wireBytes() {
        return Ipv4.HEADER_BYTES + transportHeaderBytes() + payloadLength;
    }

    /** Into how many fragments the packet is cut on a link of this MTU: 1 where it fits. */
    public int fragments(int maximumTransmissionUnit) {
        int bytes = wireBytes();
        if (bytes <= maximumTransmissionUnit) {
            return 1;
        }
        // Offsets count in units of eight bytes (RFC 791), so all fragments but the last carry a multiple of eight.
        int perFragment = maximumTransmissionUnit - Ipv4.HEADER_BYTES & ~7;
        return (bytes - Ipv4.HEADER_BYTES + perFragment - 1) / perFragment;
    }

    /** Bytes of all fragments together, each with an IPv4 header of its own. */
    public int transmittedBytes(int maximumTransmissionUnit) {
        return wireBytes() + (fragments(maximumTransmissionUnit) - 1) * Ipv4.HEADER_BYTES;
    }

    /** Bytes of the TCP (with options), UDP or ICMP header. */
    public int transportHeaderBytes() {
        return switch (protocol) {
            case TCP -> TCP_HEADER_BYTES + optionBytes();
            case UDP -> UDP_HEADER_BYTES;
            default -> ICMP_HEADER_BYTES;
        };
    }

    private int optionBytes() {
        int bytes = 0;
        if (maximumSegmentSize != 0) {
            bytes += 4;
        }
        if (timestamps) {
            bytes += TIMESTAMPS_OPTION_BYTES;
        } else if (sackPermitted) {
            bytes += 4;
        }
        if (windowScale >= 0) {
            bytes += 4;
        }
        if (sackEdges != null) {
            bytes += 4 + 4 * sackEdges.length;
        }
        return bytes;
    }

    /**
     * Writes the packet as it would be on the wire, checksums included.
     *
     * @param target room for {@link #wireBytes()} from {@code at}
     * @return how many bytes were written
     */
    public int write(byte[] target, int at) {
        int total = wireBytes();
        int header = transportHeaderBytes();
        int transport = at + Ipv4.HEADER_BYTES;
        System.arraycopy(payload, payloadOffset, target, transport + header, payloadLength);
        writeTransport(target, transport, header);
        writeInternet(target, at, total);
        return total;
    }

    private void writeInternet(byte[] target, int at, int total) {
        target[at] = 0x45;
        target[at + 1] = (byte) typeOfService;
        put16(target, at + 2, total);
        put16(target, at + 4, identification);
        // Linux sets "don't fragment" on what fits the path's MTU, see ip_select_ident_segs and ip_dont_fragment.
        put16(target, at + 6, protocol != ICMP && total <= 1500 ? 0x4000 : 0);
        target[at + 8] = (byte) timeToLive;
        target[at + 9] = (byte) protocol;
        put16(target, at + 10, 0);
        put32(target, at + 12, sourceAddress);
        put32(target, at + 16, destinationAddress);
        put16(target, at + 10, InternetChecksum.finish(InternetChecksum.add(0, target, at, Ipv4.HEADER_BYTES)));
    }

    private void writeTransport(byte[] target, int at, int header) {
        int length = header + payloadLength;
        switch (protocol) {
            case TCP -> {
                writeTcp(target, at, header);
                put16(target, at + 16, InternetChecksum.finish(transportSum(target, at, length)));
            }
            case UDP -> {
                put16(target, at, sourcePort);
                put16(target, at + 2, destinationPort);
                put16(target, at + 4, length);
                put16(target, at + 6, 0);
                int checksum = InternetChecksum.finish(transportSum(target, at, length));
                // Zero says "no checksum" (RFC 768), so that a computed zero goes out as all ones.
                put16(target, at + 6, checksum == 0 ? 0xffff : checksum);
            }
            default -> {
                target[at] = (byte) icmpType;
                target[at + 1] = (byte) icmpCode;
                put16(target, at + 2, 0);
                put32(target, at + 4, icmpRest);
                put16(target, at + 2, InternetChecksum.finish(InternetChecksum.add(0, target, at, length)));
            }
        }
    }

    private long transportSum(byte[] target, int at, int length) {
        long pseudoHeader = (sourceAddress >>> 16)
                + (sourceAddress & 0xffff)
                + (destinationAddress >>> 16)
                + (destinationAddress & 0xffff)
                + protocol
                + length;
        return InternetChecksum.add(pseudoHeader, target, at, length);
    }

    private void writeTcp(byte[] target, int at, int header) {
        put16(target, at, sourcePort);
        put16(target, at + 2, destinationPort);
        put32(target, at + 4, sequence);
        put32(target, at + 8, acknowledgment);
        target[at + 12] = (byte) (header / 4 << 4);
        target[at + 13] = (byte) flags;
        put16(target, at + 14, window);
        put32(target, at + 16, 0);
        int option = at + TCP_HEADER_BYTES;
        if (maximumSegmentSize != 0) {
            put16(target, option, 0x0204);
            put16(target, option + 2, maximumSegmentSize);
            option += 4;
        }
        if (timestamps) {
            put16(target, option, sackPermitted ? 0x0402 : 0x0101);
            put16(target, option + 2, 0x080a);
            put32(target, option + 4, timestampValue);
            put32(target, option + 8, timestampEcho);
            option += TIMESTAMPS_OPTION_BYTES;
        } else if (sackPermitted) {
            put32(target, option, 0x01010402);
            option += 4;
        }
        if (windowScale >= 0) {
            put32(target, option, 0x01030300 | windowScale);
            option += 4;
        }
        if (sackEdges != null) {
            put32(target, option, 0x01010500 | 2 + 4 * sackEdges.length);
            option += 4;
            for (int edge : sackEdges) {
                put32(target, option, edge);
                option += 4;
            }
        }
    }

    private static void put16(byte[] target, int at, int value) {
        target[at] = (byte) (value >>> 8);
        target[at + 1] = (byte) value;
    }

    private static void put32(byte[] target, int at, int value) {
        target[at] = (byte) (value >>> 24);
        target[at + 1] = (byte) (value >>> 16);
        target[at + 2] = (byte) (value >>> 8);
        target[at + 3] = (byte) value;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(Ipv4.format(sourceAddress)).append(':').append(sourcePort).append(" > ");
        text.append(Ipv4.format(destinationAddress)).append(':').append(destinationPort);
        if (protocol == TCP) {
            text.append(" TCP ");
            text.append(has(SYN) ? "S" : "").append(has(FIN) ? "F" : "").append(has(RST) ? "R" : "");
            text.append(has(PSH) ? "P" : "").append(has(ACK) ? "." : "");
            text.append(" seq ").append(Integer.toUnsignedString(sequence));
            text.append(" ack ").append(Integer.toUnsignedString(acknowledgment));
            text.append(" win ").append(window);
        } else if (protocol == UDP) {
            text.append(" UDP");
        } else {
            text.append(" ICMP type ").append(icmpType).append(" code ").append(icmpCode);
        }
        return text.append(" length ").append(payloadLength).toString();
    }
}
