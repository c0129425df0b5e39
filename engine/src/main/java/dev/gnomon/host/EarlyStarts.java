package dev.gnomon.host;

import dev.gnomon.guest.EntryPoint;
import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.Preparation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts the first processes of one worker's hosts a little before their time, so that executing and linking many programs
 * overlaps with running those that were started: until it is let go, a guest comes no further than its loader, where nothing
 * can be told of the time. Only first processes, because nobody on their host can have chosen their process id, or made
 * their program, by then. Where many hosts start the same, most of them are copied instead ({@link PreparedProgram}).
 *
 * <p>Belongs to the worker; not safe for several threads.
 */
public final class EarlyStarts {
    /** How many guests may be on their way at once: enough to keep a machine busy, not enough to use up its memory. */
    private static final int AHEAD = 32;

    /** So many hosts are looked through for those that a process can be copied for. */
    private static final int COPIES_WINDOW = 4 * GuestHostBlock.COPIES_LIMIT;

    private final boolean prepares;
    private final List<Host> hosts = new ArrayList<>();
    private final Map<LaunchedProcess.Plan, PreparedProgram> programs = new HashMap<>();
    private int next;
    private int onTheirWay;
    private boolean sorted;

    /** @param prepares whether processes may be copied instead of executed */
    public EarlyStarts(boolean prepares) {
        this.prepares = prepares;
    }

    /** Adds a host of the worker, all of whose processes are planned. */
    void add(Host host) {
        hosts.add(host);
        sorted = false;
        if (prepares && host.firstPlan().mechanism() == Mechanism.INJECT) {
            programs.computeIfAbsent(host.firstPlan(), plan -> new PreparedProgram())
                    .addHost();
        }
    }

    /** A first process is about to run, or has turned out not to be startable: the next ones can be begun. */
    void taken() {
        onTheirWay--;
    }

    /** Begins starts, in the order in which they are due. */
    void topUp() {
        if (!sorted) {
            // Hosts of a worker run in this order where their events are due at one time.
            hosts.sort(Comparator.comparingLong((Host host) -> host.firstPlan().startNanos())
                    .thenComparingInt(Host::index));
            sorted = true;
        }
        while (onTheirWay < AHEAD && next < hosts.size()) {
            Host host = hosts.get(next);
            PreparedProgram program = programs.get(host.firstPlan());
            boolean startable = host.isStartableEarly();
            if (startable && program != null && program.isUndecided()) {
                return;
            }
            next++;
            Preparation preparation = startable && program != null ? program.next(host) : Preparation.NONE;
            if (startable && host.startEarly(preparation, copies(host))) {
                onTheirWay++;
            }
        }
    }

    /** A first process was not begun ahead of its time, and is executed now. Returns what its start is to serve. */
    Preparation startedLate(Host host) {
        PreparedProgram program = programs.get(host.firstPlan());
        return program == null ? Preparation.NONE : program.nextLate(host);
    }

    /** How many copies there may be of a host's first process. */
    int copies(Host host) {
        PreparedProgram program = programs.get(host.firstPlan());
        return program == null ? 0 : program.copies();
    }

    /** A host's first process, which was begun here, has come to its entry point. */
    void entryReached(Host host, EntryPoint point) {
        PreparedProgram program = programs.get(host.firstPlan());
        if (program != null && program.arrived(host, point)) {
            copyFor(host, program, point);
        }
        topUp();
    }

    private void copyFor(Host copied, PreparedProgram program, EntryPoint point) {
        List<Host> served = new ArrayList<>();
        List<GuestHostBlock.Copy> wanted = new ArrayList<>();
        int end = Math.min(hosts.size(), next + COPIES_WINDOW);
        for (int index = next; index < end && served.size() < GuestHostBlock.COPIES_LIMIT; index++) {
            Host host = hosts.get(index);
            if (host.firstPlan().equals(copied.firstPlan()) && host.isStartableEarly()) {
                served.add(host);
                wanted.add(host.copyWanted());
            }
        }
        if (!served.isEmpty()) {
            List<GuestHostBlock.PendingGuest> copies = program.copy(point, wanted);
            for (int index = 0; index < copies.size(); index++) {
                served.get(index).startsAs(copies.get(index));
            }
            onTheirWay += copies.size();
            copied.counters().countCopies(copies.size());
        }
    }
}
