package dev.gnomon.network;

/** A network interface of a host, with what it has counted. */
public abstract class Interface {
    private final String name;
    private final int address;
    private final int maximumTransmissionUnit;
    private PacketCapture capture;

    long packetsSent;
    long bytesSent;
    long packetsReceived;
    long bytesReceived;
    long packetsDroppedSending;
    long packetsDroppedReceiving;

    Interface(String name, int address, int maximumTransmissionUnit) {
        this.name = name;
        this.address = address;
        this.maximumTransmissionUnit = maximumTransmissionUnit;
    }

    /**
     * Queues a packet for transmission.
     *
     * @param flow whose packet it is; told by {@link PacketFlow#transmitted} when the packet has left
     */
    abstract void send(Packet packet, PacketFlow flow);

    /** Whether a packet that may be dropped would be dropped now for want of room in the queue. */
    abstract boolean full();

    /** Counts a packet that was dropped before transmission. */
    void dropSending() {
        packetsDroppedSending++;
    }

    final void capture(long nanos, Packet packet) {
        if (capture != null) {
            capture.captured(nanos, packet);
        }
    }

    /** Shows every packet from now on to a capture; null ends it. */
    public final void capture(PacketCapture newCapture) {
        capture = newCapture;
    }

    /** {@code lo} or {@code eth0}. */
    public final String name() {
        return name;
    }

    public final int address() {
        return address;
    }

    /** Bytes of the largest IPv4 packet that goes out in one piece. */
    public final int maximumTransmissionUnit() {
        return maximumTransmissionUnit;
    }

    public final long packetsSent() {
        return packetsSent;
    }

    /** Bytes of IPv4 packets sent, with the headers of fragments. */
    public final long bytesSent() {
        return bytesSent;
    }

    public final long packetsReceived() {
        return packetsReceived;
    }

    /** Bytes of IPv4 packets received, with the headers of fragments. */
    public final long bytesReceived() {
        return bytesReceived;
    }

    /** Packets dropped because the sending queue was full. */
    public final long packetsDroppedSending() {
        return packetsDroppedSending;
    }

    /** Packets dropped by the queue in front of the receiving side. */
    public final long packetsDroppedReceiving() {
        return packetsDroppedReceiving;
    }
}
