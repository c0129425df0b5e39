package dev.gnomon.network;

/** How an interface chooses the next packet: {@code experimental.interface_qdisc}. */
public enum QueueDisciplineKind {
    /** In the order in which packets were queued. */
    FIFO,
    /** One packet of each socket in turn. */
    ROUND_ROBIN
}
