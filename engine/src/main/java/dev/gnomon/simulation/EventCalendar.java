package dev.gnomon.simulation;

import java.util.Arrays;

/**
 * Takes from a large heap what is far off, so that it stays small: days of equal length, each an unordered list of events, and
 * one more list for what comes after the last of them. The heap has today's events and earlier ones; when it is empty, the next
 * day's are put into it. While a queue is small there is no calendar, and the heap has everything.
 */
final class EventCalendar {
    /** A heap of more events is cut. */
    private static final int LARGEST_HEAP = 2048;
    /** A calendar of fewer events is not worth its days. */
    private static final int FEWEST_EVENTS = 512;

    private static final int EVENTS_A_DAY = 32;
    /** The days reach this many times as far as the mean event. */
    private static final int MEANS = 4;

    private final EventSlots events;
    private final EventHeap heap;
    private boolean used;
    /** When the first day begins. */
    private long startNanos;
    /** A day has 2^this nanoseconds. */
    private int dayBits;

    private int today;
    private int dayCount;
    /** The first slot of each day. */
    private int[] days = new int[0];
    /** The first slot of what comes after the last day. */
    private int later = EventSlots.NONE;

    EventCalendar(EventSlots events, EventHeap heap) {
        this.events = events;
        this.heap = heap;
    }

    /** Puts an event into the heap or on its day. */
    void add(long timeNanos, int slot) {
        if (used) {
            // What lies before the first day has a negative one, and so goes to the heap, too.
            long day = timeNanos - startNanos >> dayBits;
            if (day > today) {
                addFar(day, slot);
                return;
            }
        }
        heap.add(timeNanos, slot);
        if (heap.size() > LARGEST_HEAP && !used) {
            cut();
        }
    }

    /** Sees to it that the heap has the first event where there is any. */
    void refill() {
        while (used && heap.size() == 0) {
            if (++today < dayCount) {
                moveToHeap(days[today]);
                days[today] = EventSlots.NONE;
            } else {
                used = false;
                int list = later;
                later = EventSlots.NONE;
                if (!begin(list)) {
                    moveToHeap(list);
                }
            }
        }
    }

    /** Frees the slots of all cancelled actions, in the heap and on every day. */
    void removeCancelled() {
        int kept = withoutCancelled(emptyHeap());
        moveToHeap(kept);
        if (used) {
            for (int day = today + 1; day < dayCount; day++) {
                days[day] = withoutCancelled(days[day]);
            }
            later = withoutCancelled(later);
            refill();
        }
    }

    private int withoutCancelled(int list) {
        int kept = EventSlots.NONE;
        for (int slot = list; slot != EventSlots.NONE; ) {
            int following = events.next(slot);
            if (events.isCancelled(slot)) {
                events.release(slot);
            } else {
                events.setNext(slot, kept);
                kept = slot;
            }
            slot = following;
        }
        return kept;
    }

    private void addFar(long day, int slot) {
        if (day < dayCount) {
            events.setNext(slot, days[(int) day]);
            days[(int) day] = slot;
        } else {
            events.setNext(slot, later);
            later = slot;
        }
    }

    private void moveToHeap(int list) {
        for (int slot = list; slot != EventSlots.NONE; ) {
            int following = events.next(slot);
            heap.add(events.timeNanos(slot), slot);
            slot = following;
        }
    }

    /** Makes a calendar of the whole heap. */
    private void cut() {
        int list = emptyHeap();
        if (begin(list)) {
            refill();
        } else {
            moveToHeap(list);
        }
    }

    /** Gives everything in the heap as a list. */
    private int emptyHeap() {
        int list = EventSlots.NONE;
        for (int place = 0; place < heap.size(); place++) {
            events.setNext(heap.slot(place), list);
            list = heap.slot(place);
        }
        heap.clear();
        return list;
    }

    /**
     * Begins a calendar of these events, before its first day; the heap is empty.
     *
     * @return false, and nothing has changed, where there are too few
     */
    private boolean begin(int list) {
        int count = 0;
        long first = Long.MAX_VALUE;
        for (int slot = list; slot != EventSlots.NONE; slot = events.next(slot)) {
            count++;
            first = Math.min(first, events.timeNanos(slot));
        }
        if (count < FEWEST_EVENTS) {
            return false;
        }
        double sum = 0;
        for (int slot = list; slot != EventSlots.NONE; slot = events.next(slot)) {
            sum += events.timeNanos(slot) - first;
        }
        dayCount = count / EVENTS_A_DAY;
        dayBits = bitsFor(MEANS * sum / count / dayCount);
        startNanos = first;
        today = -1;
        used = true;
        if (days.length < dayCount) {
            days = new int[2 * dayCount];
            Arrays.fill(days, EventSlots.NONE);
        }
        for (int slot = list; slot != EventSlots.NONE; ) {
            int following = events.next(slot);
            addFar(events.timeNanos(slot) - first >> dayBits, slot);
            slot = following;
        }
        return true;
    }

    /** The bits of the least power of two that is not smaller. */
    private static int bitsFor(double nanos) {
        int bits = 0;
        while (bits < 62 && 1L << bits < nanos) {
            bits++;
        }
        return bits;
    }
}
