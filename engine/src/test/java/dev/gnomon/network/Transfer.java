package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.tcp.TcpSocket;

/** One connection that carries a known sequence of bytes, and checks them as they come. */
final class Transfer {
    private static final int PIECE = 65_536;

    private final TestNetwork network;
    private final TcpSocket client;
    private final TcpSocket listener;
    private TcpSocket server;
    private final byte[] pattern = new byte[PIECE * 2];
    private final byte[] target = new byte[PIECE];
    private final long total;
    private long sent;
    private long received;
    private boolean intact = true;
    private boolean ended;

    Transfer(TestNetwork network, HostNetwork from, TcpSocket listener, int address, int port, long total) {
        this.network = network;
        this.listener = listener;
        this.total = total;
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = valueAt(i);
        }
        client = from.openTcp();
        listener.readinessListener((socket, bits) -> accept());
        client.readinessListener((socket, bits) -> write());
        assertThat(client.connect(address, port)).isEqualTo(-Errno.EINPROGRESS);
    }

    private static byte valueAt(long position) {
        return (byte) ((position % PIECE) * 31 >> 3);
    }

    private void accept() {
        server = listener.accept();
        if (server != null) {
            server.readinessListener((socket, bits) -> read());
            read();
        }
    }

    private void write() {
        while (sent < total) {
            int at = (int) (sent % PIECE);
            int taken = client.send(pattern, at, (int) Math.min(PIECE, total - sent), false);
            if (taken < 0) {
                assertThat(taken).isEqualTo(-Errno.EAGAIN);
                return;
            }
            sent += taken;
        }
        client.close();
        sent = Long.MAX_VALUE;
    }

    private void read() {
        while (true) {
            int length = server.receive(target, 0, target.length, false);
            if (length == 0) {
                ended = true;
                server.close();
                return;
            }
            if (length < 0) {
                assertThat(length).isEqualTo(-Errno.EAGAIN);
                return;
            }
            int at = (int) (received % PIECE);
            if (!java.util.Arrays.equals(target, 0, length, pattern, at, at + length)) {
                intact = false;
            }
            received += length;
        }
    }

    boolean complete() {
        return ended;
    }

    long received() {
        return received;
    }

    boolean intact() {
        return intact;
    }

    TcpSocket client() {
        return client;
    }

    TcpSocket server() {
        return server;
    }

    long finishedAt() {
        return network.now();
    }
}
