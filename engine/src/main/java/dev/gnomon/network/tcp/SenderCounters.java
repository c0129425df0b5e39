package dev.gnomon.network.tcp;

/** What a sender has done, for TCP_INFO; the sender writes it. */
final class SenderCounters {
    /** Segments with data or FIN, repetitions included. */
    long segmentsSent;

    long segmentsResent;
    /** Bytes of data, repetitions included. */
    long bytesSent;

    long bytesResent;
    long bytesAcknowledged;
    /** Segments that are known to have arrived. */
    long segmentsDelivered;
}
