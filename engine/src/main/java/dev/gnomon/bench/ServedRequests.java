package dev.gnomon.bench;

import java.util.List;

/** The figures that every benchmark of a server has: who answered its socket calls, and what a request cost. */
final class ServedRequests {
    /** Calls that are made on sockets and what waits for them, and cross where guests cannot answer them. */
    private static final List<String> SOCKET_CALLS = List.of(
            "read",
            "readv",
            "recvfrom",
            "recvmsg",
            "write",
            "writev",
            "sendto",
            "sendmsg",
            "sendfile",
            "poll",
            "select",
            "epoll_wait",
            "epoll_pwait",
            "epoll_ctl",
            "accept",
            "accept4",
            "connect",
            "socket",
            "setsockopt",
            "getsockopt",
            "shutdown",
            "close");

    private ServedRequests() {}

    static void add(List<Figure> figures, String what, long requests, Workbench.Outcome outcome, double nativeSeconds) {
        long local = outcome.localOnObjects();
        long crossed = outcome.crossed(SOCKET_CALLS);
        figures.add(Figure.of("requests, " + what, requests, ""));
        figures.add(new Figure(
                "share of socket calls answered in the guests, " + what,
                100.0 * local / Math.max(1, local + crossed),
                "%",
                ">= 75 %"));
        figures.add(new Figure("crossings a request, " + what, outcome.crossings() / (double) requests, "", "<= 3"));
        figures.add(Figure.of("wall time, " + what, outcome.wallSeconds(), "s"));
        figures.add(Figure.of("wall time natively on loopback, " + what, nativeSeconds, "s"));
    }
}
