package dev.gnomon.network.tcp;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Packet;
import dev.gnomon.network.PortHolder;
import dev.gnomon.network.ScheduledAction;

/**
 * What is left of a connection in TIME_WAIT: enough to answer a resent FIN and to tell a new SYN from an old one. Follows
 * {@code tcp_timewait_state_process} of Linux.
 */
final class TimeWait extends PortHolder {
    enum Verdict {
        /** Dealt with. */
        HANDLED,
        /** A new connection may replace this one, which is gone. */
        REPLACED
    }

    private final HostNetwork network;
    private final ConnectionTable.Connection connection;
    private final int sendNext;
    private final int receiveNext;
    private final boolean timestamps;
    private final int timestampOffset;
    private int timestampRecent;
    private final long since;
    private ScheduledAction end;

    TimeWait(
            HostNetwork network,
            ConnectionTable.Connection connection,
            int sendNext,
            int receiveNext,
            boolean timestamps,
            int timestampOffset,
            int timestampRecent,
            boolean reuseAddress,
            boolean reusePort) {
        this.network = network;
        this.connection = connection;
        this.sendNext = sendNext;
        this.receiveNext = receiveNext;
        this.timestamps = timestamps;
        this.timestampOffset = timestampOffset;
        this.timestampRecent = timestampRecent;
        this.reuseAddress = reuseAddress;
        this.reusePort = reusePort;
        this.localAddress = connection.localAddress;
        this.since = network.nowNanos();
        startTimer();
    }

    private void startTimer() {
        if (end != null) {
            end.cancel();
        }
        end = network.environment().schedule(network.nowNanos() + TcpTimes.TIME_WAIT, this::finish);
    }

    /** Ends it, before its time where there is reason. */
    void finish() {
        end.cancel();
        network.tcp().forget(this, connection);
    }

    int sendNext() {
        return sendNext;
    }

    /** Whether an outgoing connection may take the place: {@code tcp_twsk_unique} with {@code tcp_tw_reuse} 2. */
    boolean reusable(boolean loopback) {
        return loopback && timestamps && network.nowNanos() - since > TcpTimes.SECOND;
    }

    Verdict arrive(Packet packet) {
        boolean old = timestamps && packet.timestamps && packet.timestampValue - timestampRecent < -1;
        boolean bare = packet.payloadLength == 0 && !packet.has(Packet.SYN) && !packet.has(Packet.FIN);
        if (!old && packet.sequence == receiveNext && (bare || packet.has(Packet.RST))) {
            if (packet.has(Packet.RST)) {
                finish();
            } else if (packet.timestamps) {
                timestampRecent = packet.timestampValue;
            }
            return Verdict.HANDLED;
        }
        if (packet.has(Packet.SYN)
                && !packet.has(Packet.RST)
                && !packet.has(Packet.ACK)
                && !old
                && (packet.sequence - receiveNext > 0
                        || timestamps && packet.timestamps && packet.timestampValue - timestampRecent > 0)) {
            finish();
            return Verdict.REPLACED;
        }
        if (!packet.has(Packet.RST)) {
            if (old || packet.has(Packet.ACK)) {
                startTimer();
            }
            acknowledge();
        }
        return Verdict.HANDLED;
    }

    private void acknowledge() {
        Packet answer = Packet.tcp(
                connection.localAddress,
                connection.localPort,
                connection.remoteAddress,
                connection.remotePort,
                Packet.ACK,
                sendNext,
                receiveNext);
        if (timestamps) {
            answer.timestamps = true;
            answer.timestampValue = timestampOffset + (int) (network.nowNanos() / TcpTimes.MILLISECOND);
            answer.timestampEcho = timestampRecent;
        }
        network.send(answer);
    }

    @Override
    protected boolean listening() {
        return false;
    }

    @Override
    protected void transmitted(Packet packet) {
        throw new IllegalStateException("TIME_WAIT sends in the host's name");
    }
}
