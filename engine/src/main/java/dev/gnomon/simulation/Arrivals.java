package dev.gnomon.simulation;

import dev.gnomon.network.Packet;
import java.util.Arrays;

/** Packets that one worker's hosts have sent to another's, in arrays that stay from round to round. */
final class Arrivals {
    private static final int FIRST_CAPACITY = 64;

    private int size;
    private SimulatedHost[] hosts = new SimulatedHost[FIRST_CAPACITY];
    private long[] times = new long[FIRST_CAPACITY];
    private int[] sources = new int[FIRST_CAPACITY];
    private long[] sequences = new long[FIRST_CAPACITY];
    private Packet[] packets = new Packet[FIRST_CAPACITY];

    void add(SimulatedHost host, long timeNanos, int sourceHost, long sequence, Packet packet) {
        if (size == hosts.length) {
            grow();
        }
        hosts[size] = host;
        times[size] = timeNanos;
        sources[size] = sourceHost;
        sequences[size] = sequence;
        packets[size++] = packet;
    }

    int size() {
        return size;
    }

    SimulatedHost host(int index) {
        return hosts[index];
    }

    long timeNanos(int index) {
        return times[index];
    }

    void hand(int index) {
        hosts[index].receive(times[index], sources[index], sequences[index], packets[index]);
        packets[index] = null;
    }

    /** All have been handed over. */
    void clear() {
        size = 0;
    }

    private void grow() {
        int capacity = size * 2;
        hosts = Arrays.copyOf(hosts, capacity);
        times = Arrays.copyOf(times, capacity);
        sources = Arrays.copyOf(sources, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        packets = Arrays.copyOf(packets, capacity);
    }
}
