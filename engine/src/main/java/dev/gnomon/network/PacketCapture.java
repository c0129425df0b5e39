package dev.gnomon.network;

/** Sees each packet that passes an interface. */
@FunctionalInterface
public interface PacketCapture {
    /**
     * A packet begins its transmission or has been received.
     *
     * @param nanos virtual time since the start of the run
     * @param packet valid only as something to read during this call
     */
    void captured(long nanos, Packet packet);
}
