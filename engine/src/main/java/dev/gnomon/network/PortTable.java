package dev.gnomon.network;

import java.util.random.RandomGenerator;

/** The local ports of one protocol on one host, and who holds them. */
public final class PortTable {
    /** {@code net.ipv4.ip_local_port_range}. */
    public static final int FIRST_EPHEMERAL = 32_768;

    public static final int LAST_EPHEMERAL = 60_999;

    /** One port in use. */
    public static final class Entry {
        private final int port;
        private Entry nextInBucket;
        private PortHolder first;
        private int explicitHolders;

        Entry(int port) {
            this.port = port;
        }

        /** The holder that came last; the others follow by {@link PortHolder#nextOnPort}. */
        public PortHolder first() {
            return first;
        }

        /** Whether every holder got the port by connecting, so that another connection may share it. */
        public boolean automaticOnly() {
            return explicitHolders == 0;
        }
    }

    private Entry[] buckets = new Entry[16];
    private int entries;

    /** The entry of a port, or null where nobody holds it. */
    public Entry find(int port) {
        Entry entry = buckets[port & buckets.length - 1];
        while (entry != null && entry.port != port) {
            entry = entry.nextInBucket;
        }
        return entry;
    }

    /**
     * Gives a port to a holder, whose {@link PortHolder#localPort} it becomes.
     *
     * @param automatic whether it is chosen for an outgoing connection and may be shared with others of that kind
     */
    public void add(PortHolder holder, int port, boolean automatic) {
        Entry entry = find(port);
        if (entry == null) {
            entry = new Entry(port);
            if (++entries > buckets.length) {
                grow();
            }
            insert(buckets, entry);
        }
        holder.localPort = port;
        holder.portEntry = entry;
        holder.automaticPort = automatic;
        holder.previousOnPort = null;
        holder.nextOnPort = entry.first;
        if (entry.first != null) {
            entry.first.previousOnPort = holder;
        }
        entry.first = holder;
        if (!automatic) {
            entry.explicitHolders++;
        }
    }

    /** Takes the port back from a holder; without effect where it holds none. Its number stays readable. */
    public void remove(PortHolder holder) {
        Entry entry = holder.portEntry;
        if (entry == null) {
            return;
        }
        holder.portEntry = null;
        if (holder.previousOnPort == null) {
            entry.first = holder.nextOnPort;
        } else {
            holder.previousOnPort.nextOnPort = holder.nextOnPort;
        }
        if (holder.nextOnPort != null) {
            holder.nextOnPort.previousOnPort = holder.previousOnPort;
        }
        holder.nextOnPort = null;
        holder.previousOnPort = null;
        if (!holder.automaticPort) {
            entry.explicitHolders--;
        }
        if (entry.first == null) {
            removeEntry(entry);
        }
    }

    /** Lets another holder take over the place of one, as TIME_WAIT does from its socket. */
    public void replace(PortHolder holder, PortHolder successor) {
        if (holder.portEntry != null) {
            int port = holder.localPort;
            boolean automatic = holder.automaticPort;
            add(successor, port, automatic);
            remove(holder);
        }
    }

    public boolean holds(PortHolder holder) {
        return holder.portEntry != null;
    }

    /** Whether a holder may not have this address and port because of others: {@code inet_csk_bind_conflict}. */
    public boolean conflicts(PortHolder holder, int address, int port) {
        Entry entry = find(port);
        if (entry == null) {
            return false;
        }
        for (PortHolder other = entry.first; other != null; other = other.nextOnPort) {
            boolean overlap = other.localAddress == Ipv4.ANY || address == Ipv4.ANY || other.localAddress == address;
            boolean shared = holder.reuseAddress && other.reuseAddress && !other.listening()
                    || holder.reusePort && other.reusePort;
            if (other != holder && overlap && !shared) {
                return true;
            }
        }
        return false;
    }

    /**
     * A port nobody holds, for a socket bound to port 0.
     *
     * @param parity 0 or 1 for ports to try first, or -1 to try all alike; Linux binds TCP to odd ports, and leaves the
     *     even ones to outgoing connections
     * @return 0 where every ephemeral port is taken
     */
    public int chooseFree(RandomGenerator random, int parity) {
        int span = LAST_EPHEMERAL - FIRST_EPHEMERAL + 1;
        int start = random.nextInt(span);
        if (parity < 0) {
            for (int i = 0; i < span; i++) {
                int port = FIRST_EPHEMERAL + (start + i) % span;
                if (find(port) == null) {
                    return port;
                }
            }
            return 0;
        }
        for (int pass = 0; pass < 2; pass++) {
            int first = start & ~1 | (pass == 0 ? parity : 1 - parity);
            for (int i = 0; i < span; i += 2) {
                int port = FIRST_EPHEMERAL + (first + i) % span;
                if (find(port) == null) {
                    return port;
                }
            }
        }
        return 0;
    }

    private void removeEntry(Entry entry) {
        int bucket = entry.port & buckets.length - 1;
        if (buckets[bucket] == entry) {
            buckets[bucket] = entry.nextInBucket;
        } else {
            Entry before = buckets[bucket];
            while (before.nextInBucket != entry) {
                before = before.nextInBucket;
            }
            before.nextInBucket = entry.nextInBucket;
        }
        entries--;
    }

    private static void insert(Entry[] into, Entry entry) {
        int bucket = entry.port & into.length - 1;
        entry.nextInBucket = into[bucket];
        into[bucket] = entry;
    }

    private void grow() {
        Entry[] larger = new Entry[buckets.length * 2];
        for (Entry chain : buckets) {
            while (chain != null) {
                Entry next = chain.nextInBucket;
                insert(larger, chain);
                chain = next;
            }
        }
        buckets = larger;
    }
}
