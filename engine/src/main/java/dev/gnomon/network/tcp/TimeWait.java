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
    private final ConnectionTable.Entry connection;
    private final int sendNext;
    private final int receiveNext;
    private final Timestamps timestamps;
    private final long since;
    private ScheduledAction end;

    TimeWait(
            HostNetwork network,
            ConnectionTable.Entry connection,
            int sendNext,
            int receiveNext,
            Timestamps timestamps,
            boolean reuseAddress,
            boolean reusePort) {
        this.network = network;
        this.connection = connection;
        this.sendNext = sendNext;
        this.receiveNext = receiveNext;
        this.timestamps = timestamps;
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
        return loopback && timestamps.inUse() && network.nowNanos() - since > TcpTimes.SECOND;
    }

    Verdict arrive(Packet packet) {
        boolean old = timestamps.isOld(packet);
        boolean bare = packet.payloadLength == 0 && !packet.has(Packet.SYN) && !packet.has(Packet.FIN);
        if (!old && packet.sequence == receiveNext && (bare || packet.has(Packet.RST))) {
            if (packet.has(Packet.RST)) {
                finish();
            } else if (packet.timestamps) {
                timestamps.recent(packet.timestampValue);
            }
            return Verdict.HANDLED;
        }
        if (packet.has(Packet.SYN)
                && !packet.has(Packet.RST)
                && !packet.has(Packet.ACK)
                && !old
                && (packet.sequence - receiveNext > 0
                        || timestamps.inUse()
                                && packet.timestamps
                                && packet.timestampValue - timestamps.recent() > 0)) {
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
        timestamps.fill(answer, network.nowNanos(), true);
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
