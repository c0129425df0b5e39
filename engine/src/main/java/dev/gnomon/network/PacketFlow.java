package dev.gnomon.network;

/** What an interface takes turns between: a socket, or all that the host itself sends. */
public abstract class PacketFlow {
    /** Packets waiting, where the queue discipline keeps one queue a flow. */
    Packet firstWaiting;

    Packet lastWaiting;
    PacketFlow nextActive;

    /** A packet of this flow has left the interface. */
    protected abstract void transmitted(Packet packet);
}
