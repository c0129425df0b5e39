package dev.gnomon.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What one worker's hosts send to other hosts during a round. Only that worker writes to it in the round, and each
 * receiving worker takes its part after the round, so that no packet takes a lock.
 */
public final class Outbox {
    record Entry(SimulatedHost host, Event event) {}

    private final List<ArrayList<Entry>> byWorker = new ArrayList<>();

    Outbox(int workers) {
        for (int i = 0; i < workers; i++) {
            byWorker.add(new ArrayList<>());
        }
    }

    /** Sends an event; its time must not lie before the end of the round. */
    public void send(SimulatedHost host, Event event) {
        byWorker.get(host.index() % byWorker.size()).add(new Entry(host, event));
    }

    ArrayList<Entry> entries(int workerIndex) {
        return byWorker.get(workerIndex);
    }
}
