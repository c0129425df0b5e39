package dev.gnomon.network.udp;

/** What is known of a datagram that was received. One object serves any number of calls. */
public final class Datagram {
    public int sourceAddress;
    public int sourcePort;
    public int destinationAddress;

    /** Bytes of the whole datagram, which may be more than were copied: MSG_TRUNC. */
    public int fullLength;
}
