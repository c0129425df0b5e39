package dev.gnomon.simulation;

import java.util.Arrays;

/** Where the events of one queue are kept, each in a slot, in arrays, so that none costs an object. */
final class EventSlots {
    /** No slot. */
    static final int NONE = -1;

    private static final int FIRST_CAPACITY = 4;

    private long[] times = new long[FIRST_CAPACITY];
    private int[] sources = new int[FIRST_CAPACITY];
    private long[] sequences = new long[FIRST_CAPACITY];
    private Object[] subjects = new Object[FIRST_CAPACITY];
    /** The next slot of the list this one is in: of the free ones, or of a part of the calendar. */
    private int[] next = new int[FIRST_CAPACITY];

    private int free = NONE;
    private int used;
    /** How many of those used are cancelled actions. */
    private int cancelled;

    EventSlots() {
        freeFrom(0);
    }

    /** How many events there are. */
    int used() {
        return used;
    }

    /** One of the actions has been cancelled. */
    void cancelled() {
        cancelled++;
    }

    boolean isCancelled(int slot) {
        return subjects[slot] instanceof CancellableAction action && action.isCancelled();
    }

    /** Whether the next event finds no slot, and most of those there are could be freed. */
    boolean fullOfCancelled() {
        return free == NONE && cancelled > used / 2;
    }

    int take(long timeNanos, int sourceHost, long sequence, Object subject) {
        if (free == NONE) {
            grow();
        }
        int slot = free;
        free = next[slot];
        used++;
        times[slot] = timeNanos;
        sources[slot] = sourceHost;
        sequences[slot] = sequence;
        subjects[slot] = subject;
        return slot;
    }

    /** Frees a slot and gives what was in it. */
    Object release(int slot) {
        Object subject = subjects[slot];
        if (isCancelled(slot)) {
            cancelled--;
        }
        subjects[slot] = null;
        next[slot] = free;
        free = slot;
        used--;
        return subject;
    }

    long timeNanos(int slot) {
        return times[slot];
    }

    int next(int slot) {
        return next[slot];
    }

    void setNext(int slot, int following) {
        next[slot] = following;
    }

    /** Which of two events of the same time comes first. */
    boolean precedesAtSameTime(int slot, int otherSlot) {
        if (sources[slot] != sources[otherSlot]) {
            return sources[slot] < sources[otherSlot];
        }
        return sequences[slot] < sequences[otherSlot];
    }

    private void grow() {
        int before = times.length;
        int capacity = before * 2;
        times = Arrays.copyOf(times, capacity);
        sources = Arrays.copyOf(sources, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        subjects = Arrays.copyOf(subjects, capacity);
        next = Arrays.copyOf(next, capacity);
        freeFrom(before);
    }

    private void freeFrom(int first) {
        for (int slot = times.length - 1; slot >= first; slot--) {
            next[slot] = free;
            free = slot;
        }
    }
}
