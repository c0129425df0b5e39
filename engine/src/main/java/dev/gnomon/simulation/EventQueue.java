package dev.gnomon.simulation;

import dev.gnomon.network.Packet;
import dev.gnomon.network.ScheduledAction;

/**
 * The coming events of one host: actions of its own, and packets that arrive. They are ordered by time, then by the host that
 * caused them, then by that host's own count, which no number of workers can change.
 *
 * <p>The near ones are in a heap, those far off, where there are many, in a calendar; none costs an object. Cancelled actions are
 * dropped when they come first, or all at once before the queue grows for their sake.
 */
public final class EventQueue {
    /** What is done with an event when its time has come. */
    public interface Handler {
        void arrive(long timeNanos, Packet packet);

        void act(long timeNanos, Runnable action);
    }

    /** The time of the next event where there is none. */
    public static final long NEVER = Long.MAX_VALUE;

    private final EventSlots events = new EventSlots();
    private final EventHeap near = new EventHeap(events);
    private final EventCalendar calendar = new EventCalendar(events, near);

    /** A packet arrives. */
    public void add(long timeNanos, int sourceHost, long sequence, Packet packet) {
        insert(timeNanos, sourceHost, sequence, packet);
    }

    /** An action runs. */
    public void add(long timeNanos, int sourceHost, long sequence, Runnable action) {
        insert(timeNanos, sourceHost, sequence, action);
    }

    /** An action runs unless it is cancelled. */
    public ScheduledAction addCancellable(long timeNanos, int sourceHost, long sequence, Runnable action) {
        CancellableAction cancellable = new CancellableAction(events, action);
        insert(timeNanos, sourceHost, sequence, cancellable);
        return cancellable;
    }

    /** The time of the earliest event that is not cancelled. */
    public long nextTimeNanos() {
        while (near.size() > 0 && events.isCancelled(near.firstSlot())) {
            removeFirst();
        }
        return near.size() == 0 ? NEVER : near.firstTimeNanos();
    }

    /**
     * Takes the earliest event that is not cancelled, and has it handled.
     *
     * @return false where there is none
     */
    public boolean handleNext(Handler handler) {
        long timeNanos = nextTimeNanos();
        if (near.size() == 0) {
            return false;
        }
        Object subject = removeFirst();
        if (subject instanceof Packet packet) {
            handler.arrive(timeNanos, packet);
        } else {
            handler.act(timeNanos, (Runnable) subject);
        }
        return true;
    }

    /** How many events there are, with those cancelled actions that have not been dropped. */
    public int size() {
        return events.used();
    }

    private void insert(long timeNanos, int sourceHost, long sequence, Object subject) {
        if (events.fullOfCancelled()) {
            calendar.removeCancelled();
        }
        calendar.add(timeNanos, events.take(timeNanos, sourceHost, sequence, subject));
    }

    private Object removeFirst() {
        int slot = near.firstSlot();
        near.removeFirst();
        if (near.size() == 0) {
            calendar.refill();
        }
        return events.release(slot);
    }
}
