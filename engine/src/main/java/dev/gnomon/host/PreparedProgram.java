package dev.gnomon.host;

import dev.gnomon.guest.EntryPoint;
import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.ObservedCall;
import dev.gnomon.guest.Preparation;
import dev.gnomon.guest.ProgramImage;
import dev.gnomon.guest.UnpreparableException;
import java.util.List;

/**
 * The starts of one program, with the same arguments, environment and time, on hosts of one worker. The first of them is watched
 * to its entry point; of every further one that is executed, if nothing speaks against it, copies are made for others.
 *
 * <p>Belongs to the worker; not safe for several threads.
 */
final class PreparedProgram {
    /** As many hosts at least are worth the watching. */
    private static final int WORTHWHILE = 8;

    /** So many processes may have been killed before their entry point until it is taken for what the program does. */
    private static final int LOST_LIMIT = 4;

    private static final System.Logger LOG = System.getLogger(PreparedProgram.class.getName());

    private int hosts;

    /** For so many of them no start was begun yet, nor a copy made. */
    private int remaining;

    private ProgramImage image;
    private boolean executed;

    /** The host whose start was asked to serve others, and has not come to its entry point; null for none. */
    private Host awaited;

    /** How many of those ended before. */
    private int lost;

    void addHost() {
        hosts++;
        remaining++;
    }

    private boolean isPrepared() {
        return !executed && hosts >= WORTHWHILE;
    }

    /** Whether another start is to wait until more is known. */
    boolean isUndecided() {
        return isPrepared() && awaited != null;
    }

    /** What the next start that is executed is to serve. */
    Preparation next(Host host) {
        remaining--;
        if (!isPrepared()) {
            return Preparation.NONE;
        }
        if (remaining <= 0) {
            image = null; // memory of the program's, which nobody will be compared with any more
            return Preparation.NONE;
        }
        awaited = host;
        return image == null ? Preparation.WATCHED : Preparation.COPIED;
    }

    /** How many copies are wanted of a process, at least one. */
    int copies() {
        return Math.max(1, Math.min(GuestHostBlock.COPIES_LIMIT, remaining));
    }

    /** What a start serves that was not begun ahead of its time. */
    Preparation nextLate(Host host) {
        if (awaited != null && (++lost > LOST_LIMIT || !awaited.firstHasEnded())) {
            execute("a process did not come to its entry point before the next was due");
        }
        return next(host);
    }

    private void execute(String reason) {
        executed = true;
        image = null;
        awaited = null;
        LOG.log(System.Logger.Level.DEBUG, () -> "executed for each host: " + reason);
    }

    /**
     * A host whose start serves others is at its entry point.
     *
     * @return whether copies may be made of it
     */
    boolean arrived(Host host, EntryPoint point) {
        if (awaited != host) {
            point.forgetPrelude();
            return false;
        }
        awaited = null;
        try {
            if (image != null) {
                return point.confirm(image);
            }
            ProgramImage first = point.captureImage();
            for (ObservedCall call : first.calls()) {
                if (!LoaderCalls.allow(call)) {
                    throw new UnpreparableException("it makes call number " + call.number());
                }
            }
            image = first;
        } catch (UnpreparableException e) {
            if (!e.tellsNothing() || ++lost > LOST_LIMIT) {
                execute(e.getMessage());
            }
        }
        return false;
    }

    List<GuestHostBlock.PendingGuest> copy(EntryPoint point, List<GuestHostBlock.Copy> wanted) {
        LOG.log(System.Logger.Level.DEBUG, () -> "copied for " + wanted.size() + " hosts");
        List<GuestHostBlock.PendingGuest> copies = point.copy(image, wanted);
        remaining -= wanted.size();
        if (remaining <= 0) {
            image = null;
        }
        return copies;
    }
}
