package dev.gnomon.host;

import dev.gnomon.kernel.GuestThread;

/** The threads of one host that can run, in the order in which they became able to. */
final class RunQueue {
    private GuestThread[] ring = new GuestThread[16];
    private int head;
    private int size;

    void add(GuestThread thread) {
        if (size == ring.length) {
            GuestThread[] larger = new GuestThread[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[(head + i) & (ring.length - 1)];
            }
            ring = larger;
            head = 0;
        }
        ring[(head + size) & (ring.length - 1)] = thread;
        size++;
    }

    /** The next thread; null where there is none. */
    GuestThread poll() {
        if (size == 0) {
            return null;
        }
        GuestThread thread = ring[head];
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return thread;
    }
}
