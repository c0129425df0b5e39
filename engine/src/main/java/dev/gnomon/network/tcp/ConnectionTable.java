package dev.gnomon.network.tcp;

/** The connections of a host by local and remote address and port; TIME_WAIT ones included. */
final class ConnectionTable {
    static final class Connection {
        final int localAddress;
        final int localPort;
        final int remoteAddress;
        final int remotePort;
        TcpSocket socket;
        TimeWait timeWait;
        private Connection next;

        Connection(int localAddress, int localPort, int remoteAddress, int remotePort) {
            this.localAddress = localAddress;
            this.localPort = localPort;
            this.remoteAddress = remoteAddress;
            this.remotePort = remotePort;
        }

        private boolean is(int local, int port, int remote, int farPort) {
            return remotePort == farPort && localPort == port && remoteAddress == remote && localAddress == local;
        }
    }

    private Connection[] buckets = new Connection[16];
    private int size;

    private static int hash(int localPort, int remoteAddress, int remotePort) {
        int mixed = (remoteAddress ^ remotePort << 16 ^ localPort) * 0x9E3779B1;
        return mixed ^ mixed >>> 15;
    }

    Connection find(int localAddress, int localPort, int remoteAddress, int remotePort) {
        Connection found = buckets[hash(localPort, remoteAddress, remotePort) & buckets.length - 1];
        while (found != null && !found.is(localAddress, localPort, remoteAddress, remotePort)) {
            found = found.next;
        }
        return found;
    }

    Connection add(int localAddress, int localPort, int remoteAddress, int remotePort) {
        if (size++ == buckets.length) {
            grow();
        }
        Connection added = new Connection(localAddress, localPort, remoteAddress, remotePort);
        insert(buckets, added);
        return added;
    }

    void remove(Connection connection) {
        int bucket = hash(connection.localPort, connection.remoteAddress, connection.remotePort) & buckets.length - 1;
        if (buckets[bucket] == connection) {
            buckets[bucket] = connection.next;
        } else {
            Connection before = buckets[bucket];
            while (before.next != connection) {
                before = before.next;
            }
            before.next = connection.next;
        }
        size--;
    }

    int size() {
        return size;
    }

    private static void insert(Connection[] into, Connection connection) {
        int bucket = hash(connection.localPort, connection.remoteAddress, connection.remotePort) & into.length - 1;
        connection.next = into[bucket];
        into[bucket] = connection;
    }

    private void grow() {
        Connection[] larger = new Connection[buckets.length * 2];
        for (Connection chain : buckets) {
            while (chain != null) {
                Connection next = chain.next;
                insert(larger, chain);
                chain = next;
            }
        }
        buckets = larger;
    }
}
