package dev.gnomon.simulation;

import java.util.Arrays;

/**
 * Events in order, the earliest first: a heap of four children a node. What moves in it are times and the numbers of slots, so
 * that four children lie in half a cache line.
 */
final class EventHeap {
    private static final int FIRST_CAPACITY = 4;

    private final EventSlots events;
    private int size;
    private long[] times = new long[FIRST_CAPACITY];
    private int[] slots = new int[FIRST_CAPACITY];

    EventHeap(EventSlots events) {
        this.events = events;
    }

    int size() {
        return size;
    }

    /** The time of the first event; there must be one. */
    long firstTimeNanos() {
        return times[0];
    }

    /** The slot of the first event; there must be one. */
    int firstSlot() {
        return slots[0];
    }

    /** The slot at a place, from 0 to {@link #size}, in no order that a caller could use. */
    int slot(int place) {
        return slots[place];
    }

    void clear() {
        size = 0;
    }

    void add(long timeNanos, int slot) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            slots = Arrays.copyOf(slots, 2 * size);
        }
        int place = size++;
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

    void removeFirst() {
        size--;
        sink(times[size], slots[size]);
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
                        || otherTime == leastTime && events.precedesAtSameTime(heapSlots[other], heapSlots[least])) {
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
        return time != otherTime ? time < otherTime : events.precedesAtSameTime(slot, otherSlot);
    }
}
