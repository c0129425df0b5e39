package dev.gnomon.simulation;

import dev.gnomon.network.Packet;

/**
 * What one worker's hosts send to other hosts during a round. Only that worker writes to it in the round, and each
 * receiving worker takes its part after the round, so that no packet takes a lock.
 */
public final class Outbox {
    private final Arrivals[] byWorker;

    Outbox(int workers) {
        byWorker = new Arrivals[workers];
        for (int i = 0; i < workers; i++) {
            byWorker[i] = new Arrivals();
        }
    }

    /**
     * Sends a packet to a host.
     *
     * @param timeNanos of its arrival; must not lie before the end of the round
     * @param sequence the sending host's own count
     */
    public void send(SimulatedHost host, long timeNanos, int sourceHost, long sequence, Packet packet) {
        byWorker[host.index() % byWorker.length].add(host, timeNanos, sourceHost, sequence, packet);
    }

    Arrivals arrivals(int workerIndex) {
        return byWorker[workerIndex];
    }
}
