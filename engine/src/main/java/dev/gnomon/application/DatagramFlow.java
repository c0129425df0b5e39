package dev.gnomon.application;

import dev.gnomon.network.Errno;
import dev.gnomon.network.Timer;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;
import java.util.Arrays;

/** A flow by UDP: each message is a datagram, and so is each answer, which may be lost. */
final class DatagramFlow extends Flow {
    private final UdpSocket socket;
    private final Timer timeout;

    DatagramFlow(TrafficClient client, UdpSocket socket) {
        super(client, socket);
        this.socket = socket;
        this.timeout = new Timer(network.environment(), this::lost);
    }

    @Override
    void open(int address) {
        int result = socket.connect(address, traffic.settings().port());
        if (result < 0) {
            failed(Errno.name(-result));
            return;
        }
        nextMessage();
        proceed();
    }

    @Override
    boolean step() {
        if (!receive()) {
            return false;
        }
        return phase == Phase.SENDING && send();
    }

    /** Takes what has come; answers whether the flow goes on. */
    private boolean receive() {
        byte[] buffer = Scratch.buffer();
        Datagram datagram = new Datagram();
        while (true) {
            int received = socket.receive(buffer, 0, buffer.length, false, datagram);
            if (received == -Errno.EAGAIN) {
                return true;
            }
            if (received < 0) {
                failed(Errno.name(-received));
                return false;
            }
            traffic.countReceived(received);
            boolean expected = phase == Phase.AWAITING
                    && MessageHeader.isHeader(buffer, received)
                    && MessageHeader.number(buffer) == number;
            if (expected) {
                timeout.disarm();
                messageDone(true);
                return phase != Phase.ENDED;
            }
        }
    }

    private boolean send() {
        if (!maySend()) {
            return false;
        }
        int bytes = (int) Math.min(UdpSocket.MAXIMUM_PAYLOAD_BYTES, length);
        byte[] buffer = Scratch.buffer();
        MessageHeader.write(buffer, bytes, response, number, messageNanos);
        Arrays.fill(buffer, MessageHeader.BYTES, bytes, (byte) 0);
        int taken = socket.send(buffer, 0, bytes);
        if (taken < 0) {
            if (taken != -Errno.EAGAIN) {
                failed(Errno.name(-taken));
            }
            return false;
        }
        countSent(taken);
        if (response > 0) {
            phase = Phase.AWAITING;
            timeout.armIn(traffic.settings().timeoutNanos());
        } else {
            messageDone(false);
        }
        return true;
    }

    private void lost() {
        if (phase == Phase.AWAITING) {
            traffic.countLost();
            messageDone(false);
        }
    }

    @Override
    void finish() {
        completed();
    }

    @Override
    void close() {
        timeout.cancel();
        super.close();
    }
}
