package dev.gnomon.kernel.netlink;

import java.util.HashSet;
import java.util.Set;

/** The port numbers that netlink sockets of a host hold. Source: {@code netlink_autobind()} of {@code net/netlink/af_netlink.c}. */
public final class NetlinkPorts {
    private static final int FIRST_ARTIFICIAL = -4097;

    private final Set<Integer> held = new HashSet<>();

    /** A process's id where that is free, otherwise the highest free number below -4096. */
    int choose(int processId) {
        int port = processId;
        int next = FIRST_ARTIFICIAL;
        while (!held.add(port)) {
            port = next--;
        }
        return port;
    }

    void release(int port) {
        held.remove(port);
    }
}
