package dev.gnomon.network.tcp;

/** The states of RFC 9293, section 3.3.2, with the numbers of Linux's {@code tcp_states.h}. */
public enum TcpState {
    ESTABLISHED(1),
    SYN_SENT(2),
    SYN_RECEIVED(3),
    FIN_WAIT_1(4),
    FIN_WAIT_2(5),
    TIME_WAIT(6),
    CLOSED(7),
    CLOSE_WAIT(8),
    LAST_ACK(9),
    LISTEN(10),
    CLOSING(11);

    private final int number;

    TcpState(int number) {
        this.number = number;
    }

    /** The number that {@code tcpi_state} and {@code /proc/net/tcp} show. */
    public int number() {
        return number;
    }
}
