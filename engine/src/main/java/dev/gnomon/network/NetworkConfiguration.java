package dev.gnomon.network;

/**
 * What a host's network is like.
 *
 * @param address the address of {@code eth0}
 * @param hostName the host's name, for messages
 * @param bandwidthUpBitsPerSecond the rate at which {@code eth0} sends; 0 is no limit
 * @param bandwidthDownBitsPerSecond the rate at which {@code eth0} receives; 0 is no limit
 * @param interruptIntervalNanos the least time between two interrupts for packets that {@code eth0} has received; 0 where
 *     each is delivered at once
 * @param queueDiscipline how {@code eth0} chooses the next packet
 * @param sendBufferBytes {@code SO_SNDBUF} of a new socket
 * @param receiveBufferBytes {@code SO_RCVBUF} of a new socket
 * @param sendBufferAutotune whether TCP send buffers grow with the congestion window
 * @param receiveBufferAutotune whether TCP receive buffers grow with what the program reads
 */
public record NetworkConfiguration(
        int address,
        String hostName,
        long bandwidthUpBitsPerSecond,
        long bandwidthDownBitsPerSecond,
        long interruptIntervalNanos,
        QueueDisciplineKind queueDiscipline,
        int sendBufferBytes,
        int receiveBufferBytes,
        boolean sendBufferAutotune,
        boolean receiveBufferAutotune) {

    /** {@code experimental.socket_send_buffer}. */
    public static final int DEFAULT_SEND_BUFFER_BYTES = 131_072;

    /** {@code experimental.socket_recv_buffer}. */
    public static final int DEFAULT_RECEIVE_BUFFER_BYTES = 174_760;

    public NetworkConfiguration {
        if (bandwidthUpBitsPerSecond < 0 || bandwidthDownBitsPerSecond < 0) {
            throw new IllegalArgumentException("bandwidth must not be negative: up=" + bandwidthUpBitsPerSecond
                    + ", down=" + bandwidthDownBitsPerSecond);
        }
        if (interruptIntervalNanos < 0) {
            throw new IllegalArgumentException("interval must not be negative: " + interruptIntervalNanos);
        }
        if (sendBufferBytes <= 0 || receiveBufferBytes <= 0) {
            throw new IllegalArgumentException(
                    "buffers must be positive: send=" + sendBufferBytes + ", receive=" + receiveBufferBytes);
        }
    }

    /** A host with the defaults for all but its address and rates. */
    public static NetworkConfiguration of(
            int address, String hostName, long bandwidthUpBitsPerSecond, long bandwidthDownBitsPerSecond) {
        return new NetworkConfiguration(
                address,
                hostName,
                bandwidthUpBitsPerSecond,
                bandwidthDownBitsPerSecond,
                0,
                QueueDisciplineKind.FIFO,
                DEFAULT_SEND_BUFFER_BYTES,
                DEFAULT_RECEIVE_BUFFER_BYTES,
                true,
                true);
    }
}
