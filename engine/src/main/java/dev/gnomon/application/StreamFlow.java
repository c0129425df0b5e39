package dev.gnomon.application;

import dev.gnomon.network.Errno;
import dev.gnomon.network.TransportSocket;
import dev.gnomon.network.tcp.TcpSocket;

/** A flow by TCP. It lasts until the other side has closed too, and so has everything. */
final class StreamFlow extends Flow {
    /** What is sent at once by a flow that has a rate. */
    private static final int PACED_BYTES = 16_384;

    private final TcpSocket socket;
    private final byte[] header = new byte[MessageHeader.BYTES];
    private int address;
    private long sent;
    private long answered;

    StreamFlow(TrafficClient client, TcpSocket socket) {
        super(client, socket);
        this.socket = socket;
    }

    @Override
    void open(int destination) {
        address = destination;
        int result = socket.connect(destination, traffic.settings().port());
        if (result < 0 && result != -Errno.EINPROGRESS) {
            failed(Errno.name(-result));
        }
    }

    @Override
    boolean step() {
        if (phase == Phase.CONNECTING) {
            return connected();
        }
        // Also while sending: an echo stops reading when nobody reads what it has sent.
        if (!receive()) {
            return false;
        }
        return switch (phase) {
            case SENDING -> send();
            case AWAITING -> {
                if (answered < response) {
                    yield false;
                }
                messageDone(true);
                yield phase == Phase.FINISHING;
            }
            case CONNECTING, PAUSING, FINISHING, ENDED -> false;
        };
    }

    private boolean connected() {
        int result = socket.connect(address, traffic.settings().port());
        if (result == -Errno.EALREADY) {
            return false;
        }
        if (result < 0) {
            failed(Errno.name(-result));
            return false;
        }
        nextMessage();
        return true;
    }

    /** Takes what has come; answers whether the flow goes on. */
    private boolean receive() {
        byte[] buffer = Scratch.buffer();
        while (true) {
            int length = socket.receive(buffer, 0, buffer.length, false);
            if (length == -Errno.EAGAIN) {
                return true;
            }
            if (length > 0) {
                traffic.countReceived(length);
                answered += length;
            } else if (length == 0 && phase == Phase.FINISHING) {
                completed();
                return false;
            } else {
                failed(length == 0 ? "closed" : Errno.name(-length));
                return false;
            }
        }
    }

    private boolean send() {
        if (sent == 0) {
            answered = 0;
            MessageHeader.write(header, length, response, number, messageNanos);
        }
        if (!maySend()) {
            return false;
        }
        boolean ofHeader = sent < MessageHeader.BYTES;
        long end = ofHeader ? MessageHeader.BYTES : length;
        int wanted = (int) Math.min(PACED_BYTES, end - sent);
        int taken = ofHeader
                ? socket.send(header, (int) sent, wanted, end < length)
                : socket.send(Scratch.zeros(), 0, wanted, sent + wanted < length);
        if (taken < 0) {
            if (taken != -Errno.EAGAIN) {
                failed(Errno.name(-taken));
            }
            return false;
        }
        sent += taken;
        countSent(taken);
        if (sent == length) {
            sent = 0;
            if (response > 0) {
                phase = Phase.AWAITING;
            } else {
                messageDone(false);
            }
        }
        return true;
    }

    @Override
    void finish() {
        phase = Phase.FINISHING;
        socket.shutdown(TransportSocket.SHUT_WR);
    }
}
