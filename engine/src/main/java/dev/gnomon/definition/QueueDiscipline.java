package dev.gnomon.definition;

/** In which order an interface sends what its sockets have queued. */
public enum QueueDiscipline {
    /** In the order in which the sockets queued it. */
    FIFO,
    /** One packet a socket in turn. */
    ROUND_ROBIN
}
