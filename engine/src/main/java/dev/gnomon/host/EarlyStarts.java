package dev.gnomon.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Starts the first processes of one worker's hosts a little before their time, so that executing and linking many programs
 * overlaps with running those that were started: until it is let go, a guest comes no further than its loader, where nothing
 * can be told of the time. Only first processes, because nobody on their host can have chosen their process id, or made
 * their program, by then.
 *
 * <p>Belongs to the worker; not safe for several threads.
 */
public final class EarlyStarts {
    /** How many guests may be on their way at once: enough to keep a machine busy, not enough to use up its memory. */
    private static final int AHEAD = 32;

    private final List<Host> hosts = new ArrayList<>();
    private int next;
    private int onTheirWay;
    private boolean sorted;

    /** Adds a host of the worker, all of whose processes are planned. */
    void add(Host host) {
        hosts.add(host);
        sorted = false;
    }

    /** A first process is about to run, or has turned out not to be startable: the next ones can be begun. */
    void taken() {
        onTheirWay--;
    }

    /** Begins starts, in the order in which they are due. */
    void topUp() {
        if (!sorted) {
            // Hosts of a worker run in this order where their events are due at one time.
            hosts.sort(Comparator.comparingLong(Host::firstStartNanos).thenComparingInt(Host::index));
            sorted = true;
        }
        while (onTheirWay < AHEAD && next < hosts.size()) {
            if (hosts.get(next++).startEarly()) {
                onTheirWay++;
            }
        }
    }
}
