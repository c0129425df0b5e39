package dev.gnomon.simulation;

import dev.gnomon.network.Packet;
import dev.gnomon.network.ScheduledAction;
import java.util.Arrays;

/**
 * The coming events of one host: actions of its own, and packets that arrive. They are ordered by time, then by the host that
 * caused them, then by that host's own count, which no number of workers can change.
 *
 * <p>A heap of four children a node. What moves in it are times and the numbers of slots, in arrays, so that four children lie
 * in half a cache line and an event costs no object; the rest of an event stays in its slot. Cancelled actions are dropped when
 * they reach the top.
 */
public final class EventQueue {
    /** What is done with an event when its time has come. */
    public interface Handler {
        void arrive(long timeNanos, Packet packet);

        void act(long timeNanos, Runnable action);
    }

    /** The time of the next event where there is none. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int FIRST_CAPACITY = 4;

    private int size;
    /** In the order of the heap. */
    private long[] times = new long[FIRST_CAPACITY];
    /** In the order of the heap; beyond {@link #size} the slots that are free. */
    private int[] slots = new int[FIRST_CAPACITY];

    // By slot.
    private int[] sources = new int[FIRST_CAPACITY];
    private long[] sequences = new long[FIRST_CAPACITY];
    /** A packet that arrives, or an action. */
    private Object[] subjects = new Object[FIRST_CAPACITY];

    public EventQueue() {
        freeSlotsFrom(0);
    }

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
        CancellableAction cancellable = new CancellableAction(action);
        insert(timeNanos, sourceHost, sequence, cancellable);
        return cancellable;
    }

    /** The time of the earliest event that is not cancelled. */
    public long nextTimeNanos() {
        while (size > 0 && subjects[slots[0]] instanceof CancellableAction action && action.isCancelled()) {
            removeFirst();
        }
        return size == 0 ? NEVER : times[0];
    }

    /**
     * Takes the earliest event that is not cancelled, and has it handled.
     *
     * @return false where there is none
     */
    public boolean handleNext(Handler handler) {
        long timeNanos = nextTimeNanos();
        if (size == 0) {
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

    /** How many events there are, with those cancelled actions that have not reached the top. */
    public int size() {
        return size;
    }

    private void insert(long timeNanos, int sourceHost, long sequence, Object subject) {
        if (size == times.length) {
            grow();
        }
        int place = size;
        int slot = slots[size++];
        sources[slot] = sourceHost;
        sequences[slot] = sequence;
        subjects[slot] = subject;
        while (place > 0) {
            int parent = place - 1 >>> 2;
            if (!precedes(timeNanos, slot, times[parent], slots[parent])) {
                break;
            }
            times[place] = times[parent];
            slots[place] = slots[parent];
            place = parent;
        }
        times[place] = timeNanos;
        slots[place] = slot;
    }

    private Object removeFirst() {
        int freed = slots[0];
        Object first = subjects[freed];
        subjects[freed] = null;
        int last = --size;
        sink(times[last], slots[last]);
        slots[last] = freed;
        return first;
    }

    /** Puts an event where the first one was, and from there to its place. */
    private void sink(long timeNanos, int slot) {
        long[] heapTimes = times;
        int[] heapSlots = slots;
        int place = 0;
        int child = 1;
        while (child < size) {
            int least = child;
            long leastTime = heapTimes[child];
            int end = Math.min(child + 4, size);
            for (int other = child + 1; other < end; other++) {
                long otherTime = heapTimes[other];
                if (otherTime < leastTime
                        || otherTime == leastTime && precedesAtSameTime(heapSlots[other], heapSlots[least])) {
                    least = other;
                    leastTime = otherTime;
                }
            }
            if (!precedes(leastTime, heapSlots[least], timeNanos, slot)) {
                break;
            }
            heapTimes[place] = leastTime;
            heapSlots[place] = heapSlots[least];
            place = least;
            child = 4 * place + 1;
        }
        heapTimes[place] = timeNanos;
        heapSlots[place] = slot;
    }

    private boolean precedes(long time, int slot, long otherTime, int otherSlot) {
        return time != otherTime ? time < otherTime : precedesAtSameTime(slot, otherSlot);
    }

    private boolean precedesAtSameTime(int slot, int otherSlot) {
        if (sources[slot] != sources[otherSlot]) {
            return sources[slot] < sources[otherSlot];
        }
        return sequences[slot] < sequences[otherSlot];
    }

    private void grow() {
        int capacity = size * 2;
        times = Arrays.copyOf(times, capacity);
        slots = Arrays.copyOf(slots, capacity);
        sources = Arrays.copyOf(sources, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        subjects = Arrays.copyOf(subjects, capacity);
        freeSlotsFrom(size);
    }

    private void freeSlotsFrom(int first) {
        for (int slot = first; slot < slots.length; slot++) {
            slots[slot] = slot;
        }
    }
}
