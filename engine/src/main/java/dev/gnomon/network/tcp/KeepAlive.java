package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;
import dev.gnomon.network.Timer;

/** SO_KEEPALIVE on a connection: probes where the peer has long been silent, {@code tcp_keepalive_timer}. */
final class KeepAlive {
    private final TcpConnection connection;
    private final TcpOptions options;
    private final Timer timer;
    private long lastHeard;
    private int probes;

    /** @param timer that of the connection's state, which calls {@link #due} */
    KeepAlive(TcpConnection connection, TcpOptions options, Timer timer) {
        this.connection = connection;
        this.options = options;
        this.timer = timer;
        this.lastHeard = connection.nowNanos();
    }

    /** When the peer was heard last; virtual time. */
    long lastHeard() {
        return lastHeard;
    }

    void established() {
        lastHeard = connection.nowNanos();
    }

    void heard() {
        lastHeard = connection.nowNanos();
        probes = 0;
    }

    void arm() {
        timer.armAt(lastHeard + options.keepIdleNanos());
    }

    void disarm() {
        timer.disarm();
    }

    void due() {
        TcpSender sender = connection.sender();
        long now = connection.nowNanos();
        if (!sender.everythingAcknowledged()) {
            timer.armIn(options.keepIdleNanos());
            return;
        }
        long silent = now - lastHeard;
        if (silent < options.keepIdleNanos()) {
            arm();
            return;
        }
        long limit = options.userTimeoutNanos();
        boolean over = limit > 0 ? silent >= limit && probes > 0 : probes >= options.keepCount();
        if (over) {
            connection.sendReset();
            connection.fail(Errno.ETIMEDOUT);
            return;
        }
        probes++;
        connection.probe(now);
        timer.armIn(options.keepIntervalNanos());
    }
}
