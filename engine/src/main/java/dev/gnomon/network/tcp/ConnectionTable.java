package dev.gnomon.network.tcp;

/** The connections of a host by local and remote address and port; TIME_WAIT ones included. */
final class ConnectionTable {
    static final class Entry {
        final int localAddress;
        final int localPort;
        final int remoteAddress;
        final int remotePort;
        TcpConnection connection;
        TimeWait timeWait;
        private Entry next;

        Entry(int localAddress, int localPort, int remoteAddress, int remotePort) {
            this.localAddress = localAddress;
            this.localPort = localPort;
            this.remoteAddress = remoteAddress;
            this.remotePort = remotePort;
        }

        private boolean is(int local, int port, int remote, int farPort) {
            return remotePort == farPort && localPort == port && remoteAddress == remote && localAddress == local;
        }
    }

    private Entry[] buckets = new Entry[16];
    private int size;

    private static int hash(int localPort, int remoteAddress, int remotePort) {
        int mixed = (remoteAddress ^ remotePort << 16 ^ localPort) * 0x9E3779B1;
        return mixed ^ mixed >>> 15;
    }

    Entry find(int localAddress, int localPort, int remoteAddress, int remotePort) {
        Entry found = buckets[hash(localPort, remoteAddress, remotePort) & buckets.length - 1];
        while (found != null && !found.is(localAddress, localPort, remoteAddress, remotePort)) {
            found = found.next;
        }
        return found;
    }

    Entry add(int localAddress, int localPort, int remoteAddress, int remotePort) {
        if (size++ == buckets.length) {
            grow();
        }
        Entry added = new Entry(localAddress, localPort, remoteAddress, remotePort);
        insert(buckets, added);
        return added;
    }

    void remove(Entry entry) {
        int bucket = hash(entry.localPort, entry.remoteAddress, entry.remotePort) & buckets.length - 1;
        if (buckets[bucket] == entry) {
            buckets[bucket] = entry.next;
        } else {
            Entry before = buckets[bucket];
            while (before.next != entry) {
                before = before.next;
            }
            before.next = entry.next;
        }
        size--;
    }

    int size() {
        return size;
    }

    private static void insert(Entry[] into, Entry entry) {
        int bucket = hash(entry.localPort, entry.remoteAddress, entry.remotePort) & into.length - 1;
        entry.next = into[bucket];
        into[bucket] = entry;
    }

    private void grow() {
        Entry[] larger = new Entry[buckets.length * 2];
        for (Entry chain : buckets) {
            while (chain != null) {
                Entry next = chain.next;
                insert(larger, chain);
                chain = next;
            }
        }
        buckets = larger;
    }
}
