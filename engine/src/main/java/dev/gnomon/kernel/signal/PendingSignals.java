package dev.gnomon.kernel.signal;

import java.util.ArrayDeque;
import java.util.Iterator;

/** Signals sent and not yet delivered, to a thread or to a process as a whole. Source: {@code signal(7)}, queueing. */
public final class PendingSignals {
    private static final int MAXIMUM_QUEUED = 4096;

    private final ArrayDeque<SignalInformation> queue = new ArrayDeque<>(2);
    private long mask;

    /** The signals pending, as a mask. */
    public long mask() {
        return mask;
    }

    /** Adds a signal; a standard signal that is pending already is not added again. */
    public void add(SignalInformation information) {
        long bit = Signal.bit(information.signal());
        if ((information.signal() < Signal.RTMIN && (mask & bit) != 0) || queue.size() >= MAXIMUM_QUEUED) {
            return;
        }
        mask |= bit;
        queue.addLast(information);
    }

    /** Takes the pending signal with the lowest number among {@code wanted}; null where there is none. */
    public SignalInformation take(long wanted) {
        long ready = mask & wanted;
        if (ready == 0) {
            return null;
        }
        int signal = Long.numberOfTrailingZeros(ready) + 1;
        SignalInformation taken = null;
        boolean more = false;
        for (Iterator<SignalInformation> iterator = queue.iterator(); iterator.hasNext(); ) {
            SignalInformation information = iterator.next();
            if (information.signal() == signal) {
                if (taken == null) {
                    taken = information;
                    iterator.remove();
                } else {
                    more = true;
                    break;
                }
            }
        }
        if (!more) {
            mask &= ~Signal.bit(signal);
        }
        return taken;
    }

    /** Forgets all instances of the signals in {@code unwanted}. */
    public void discard(long unwanted) {
        if ((mask & unwanted) != 0) {
            queue.removeIf(information -> (unwanted & Signal.bit(information.signal())) != 0);
            mask &= ~unwanted;
        }
    }
}
