package dev.gnomon.simulation;

import java.util.Arrays;

/** The coming events of one host: a binary heap. Cancelled events are dropped when they reach its top. */
public final class EventQueue {
    /** The time of the next event where there is none. */
    public static final long NEVER = Long.MAX_VALUE;

    private Event[] heap = new Event[16];
    private int size;

    public void add(Event event) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        int index = size++;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!event.precedes(heap[parent])) {
                break;
            }
            heap[index] = heap[parent];
            index = parent;
        }
        heap[index] = event;
    }

    /** The time of the earliest event that is not cancelled. */
    public long nextTimeNanos() {
        while (size > 0 && heap[0].isCancelled()) {
            removeFirst();
        }
        return size == 0 ? NEVER : heap[0].timeNanos;
    }

    /** Takes the earliest event that is not cancelled; null where there is none. */
    public Event poll() {
        if (nextTimeNanos() == NEVER) {
            return null;
        }
        return removeFirst();
    }

    public int size() {
        return size;
    }

    private Event removeFirst() {
        Event first = heap[0];
        Event last = heap[--size];
        heap[size] = null;
        if (size > 0) {
            int index = 0;
            int half = size >>> 1;
            while (index < half) {
                int child = 2 * index + 1;
                if (child + 1 < size && heap[child + 1].precedes(heap[child])) {
                    child++;
                }
                if (!heap[child].precedes(last)) {
                    break;
                }
                heap[index] = heap[child];
                index = child;
            }
            heap[index] = last;
        }
        return first;
    }
}
