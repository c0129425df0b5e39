package dev.gnomon.simulation;

import java.util.ArrayList;

/** One worker's share of the hosts, kept by the time of their next events, so that idle hosts cost nothing. */
final class Worker {
    private final int index;
    private final int workers;
    private final Outbox outbox;
    private final ArrayList<SimulatedHost> hosts = new ArrayList<>();
    /** A binary heap of positions in {@link #hosts}, by {@link #times}. */
    private int[] heap = new int[0];
    /** Where each host stands in the heap. */
    private int[] places = new int[0];

    private long[] times = new long[0];

    Worker(int index, int workers, Outbox outbox) {
        this.index = index;
        this.workers = workers;
        this.outbox = outbox;
    }

    int index() {
        return index;
    }

    Outbox outbox() {
        return outbox;
    }

    void add(SimulatedHost host) {
        hosts.add(host);
    }

    /** All hosts are here: puts them in order. */
    void prepare() {
        int count = hosts.size();
        heap = new int[count];
        places = new int[count];
        times = new long[count];
        for (int i = 0; i < count; i++) {
            heap[i] = i;
            places[i] = i;
            times[i] = hosts.get(i).nextEventNanos();
        }
        for (int i = count / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    long nextEventNanos() {
        return heap.length == 0 ? EventQueue.NEVER : times[heap[0]];
    }

    void runUntil(long endNanos) {
        while (heap.length > 0 && times[heap[0]] < endNanos) {
            int position = heap[0];
            SimulatedHost host = hosts.get(position);
            host.runUntil(endNanos);
            update(position, host.nextEventNanos());
        }
    }

    /** Hands the packets that the workers' hosts sent to this worker's hosts. */
    void collect(Worker[] all) {
        for (Worker sender : all) {
            Arrivals arrivals = sender.outbox.arrivals(index);
            for (int i = 0; i < arrivals.size(); i++) {
                arrivals.hand(i);
                int position = arrivals.host(i).index() / workers;
                if (arrivals.timeNanos(i) < times[position]) {
                    update(position, arrivals.timeNanos(i));
                }
            }
            arrivals.clear();
        }
    }

    private void update(int position, long timeNanos) {
        long before = times[position];
        times[position] = timeNanos;
        if (timeNanos < before) {
            rise(places[position]);
        } else {
            sink(places[position]);
        }
    }

    private boolean precedes(int left, int right) {
        return times[left] != times[right] ? times[left] < times[right] : left < right;
    }

    private void rise(int start) {
        int place = start;
        int position = heap[place];
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (!precedes(position, heap[parent])) {
                break;
            }
            put(place, heap[parent]);
            place = parent;
        }
        put(place, position);
    }

    private void sink(int start) {
        int place = start;
        int position = heap[place];
        int half = heap.length >>> 1;
        while (place < half) {
            int child = 2 * place + 1;
            if (child + 1 < heap.length && precedes(heap[child + 1], heap[child])) {
                child++;
            }
            if (!precedes(heap[child], position)) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, position);
    }

    private void put(int place, int position) {
        heap[place] = position;
        places[position] = place;
    }
}
