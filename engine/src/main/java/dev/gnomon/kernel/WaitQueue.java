package dev.gnomon.kernel;

import java.util.ArrayList;

/**
 * The waiters on one object, told in order of their registration. Source of the model: {@code kernel/sched/wait.c}.
 */
public final class WaitQueue {
    private static final class Entry {
        final Waiter waiter;
        int mask;
        final boolean exclusive;
        boolean removed;

        Entry(Waiter waiter, int mask, boolean exclusive) {
            this.waiter = waiter;
            this.mask = mask;
            this.exclusive = exclusive;
        }
    }

    private final ArrayList<Entry> entries = new ArrayList<>(2);
    private int waking;
    private boolean holes;

    /** Registers a waiter for the bits of {@code mask}; a waiter that is registered already only changes its mask. */
    public void add(Waiter waiter, int mask) {
        add(waiter, mask, false);
    }

    /** As {@link #add(Waiter, int)}; of several exclusive waiters one event wakes only the first that takes it. */
    public void add(Waiter waiter, int mask, boolean exclusive) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.waiter == waiter && !entry.removed) {
                entry.mask |= mask;
                return;
            }
        }
        entries.add(new Entry(waiter, mask, exclusive));
    }

    public void remove(Waiter waiter) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.waiter == waiter && !entry.removed) {
                if (waking > 0) {
                    entry.removed = true;
                    holes = true;
                } else {
                    entries.remove(i);
                }
                return;
            }
        }
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Tells the waiters that registered for any of {@code bits}. */
    public void wake(int bits) {
        int size = entries.size();
        if (size == 0) {
            return;
        }
        waking++;
        boolean exclusiveTaken = false;
        for (int i = 0; i < size; i++) {
            Entry entry = entries.get(i);
            if (entry.removed || (entry.mask & bits) == 0 || (entry.exclusive && exclusiveTaken)) {
                continue;
            }
            boolean taken = entry.waiter.woken(this, bits);
            if (entry.exclusive && taken) {
                exclusiveTaken = true;
            }
        }
        waking--;
        if (waking == 0 && holes) {
            entries.removeIf(entry -> entry.removed);
            holes = false;
        }
    }
}
