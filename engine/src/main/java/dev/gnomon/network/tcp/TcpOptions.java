package dev.gnomon.network.tcp;

import dev.gnomon.network.Errno;

/** The options of tcp(7) that a socket keeps; a connection that is accepted has those of its listener. */
public final class TcpOptions {
    private static final int LARGEST_KEEP_ALIVE_SECONDS = 32_767;
    private static final int LARGEST_COUNT = 127;
    private static final int SMALLEST_SEGMENT = 88;
    private static final int LARGEST_SEGMENT = 32_767;

    private final TcpEndpoint socket;
    private boolean noDelay;
    private boolean cork;
    private int keepIdleSeconds = 7200;
    private int keepIntervalSeconds = 75;
    private int keepCount = 9;
    private int userTimeoutMilliseconds;
    private int maximumSegment;
    private int deferAcceptSeconds;
    private int synRetries = TcpTimes.SYN_RETRIES;

    TcpOptions(TcpEndpoint socket) {
        this.socket = socket;
    }

    /** Takes over what an accepted socket has from its listener. */
    void inherit(TcpOptions from) {
        noDelay = from.noDelay;
        cork = from.cork;
        keepIdleSeconds = from.keepIdleSeconds;
        keepIntervalSeconds = from.keepIntervalSeconds;
        keepCount = from.keepCount;
        userTimeoutMilliseconds = from.userTimeoutMilliseconds;
        maximumSegment = from.maximumSegment;
        deferAcceptSeconds = from.deferAcceptSeconds;
    }

    /** TCP_NODELAY. */
    public void setNoDelay(boolean on) {
        noDelay = on;
        if (on) {
            pushHeld();
        }
    }

    public boolean noDelay() {
        return noDelay;
    }

    /** TCP_CORK. */
    public void setCork(boolean on) {
        cork = on;
        if (!on) {
            pushHeld();
        }
    }

    public boolean cork() {
        return cork;
    }

    private void pushHeld() {
        TcpSender sender = socket.sender();
        if (sender != null && socket.state() != TcpState.SYN_RECEIVED) {
            sender.push(false);
        }
    }

    /** TCP_KEEPIDLE, 1 to 32767 seconds; {@code -EINVAL} outside. */
    public int setKeepIdle(int seconds) {
        if (seconds < 1 || seconds > LARGEST_KEEP_ALIVE_SECONDS) {
            return -Errno.EINVAL;
        }
        keepIdleSeconds = seconds;
        if (socket.keepAlive() && socket.keepsAlive()) {
            socket.connection.keepAlive().arm();
        }
        return 0;
    }

    public int keepIdle() {
        return keepIdleSeconds;
    }

    long keepIdleNanos() {
        return keepIdleSeconds * TcpTimes.SECOND;
    }

    /** TCP_KEEPINTVL, 1 to 32767 seconds; {@code -EINVAL} outside. */
    public int setKeepInterval(int seconds) {
        if (seconds < 1 || seconds > LARGEST_KEEP_ALIVE_SECONDS) {
            return -Errno.EINVAL;
        }
        keepIntervalSeconds = seconds;
        return 0;
    }

    public int keepInterval() {
        return keepIntervalSeconds;
    }

    long keepIntervalNanos() {
        return keepIntervalSeconds * TcpTimes.SECOND;
    }

    /** TCP_KEEPCNT, 1 to 127; {@code -EINVAL} outside. */
    public int setKeepCount(int count) {
        if (count < 1 || count > LARGEST_COUNT) {
            return -Errno.EINVAL;
        }
        keepCount = count;
        return 0;
    }

    public int keepCount() {
        return keepCount;
    }

    /** TCP_USER_TIMEOUT in milliseconds, 0 for the default; {@code -EINVAL} where negative. */
    public int setUserTimeout(int milliseconds) {
        if (milliseconds < 0) {
            return -Errno.EINVAL;
        }
        userTimeoutMilliseconds = milliseconds;
        return 0;
    }

    public int userTimeout() {
        return userTimeoutMilliseconds;
    }

    long userTimeoutNanos() {
        return userTimeoutMilliseconds * TcpTimes.MILLISECOND;
    }

    /** TCP_SYNCNT, 1 to 127; {@code -EINVAL} outside. */
    public int setSynCount(int count) {
        if (count < 1 || count > LARGEST_COUNT) {
            return -Errno.EINVAL;
        }
        synRetries = count;
        return 0;
    }

    public int synCount() {
        return synRetries;
    }

    /** TCP_MAXSEG, 88 to 32767 bytes or 0 for none; {@code -EINVAL} outside. */
    public int setMaximumSegment(int bytes) {
        if (bytes != 0 && (bytes < SMALLEST_SEGMENT || bytes > LARGEST_SEGMENT)) {
            return -Errno.EINVAL;
        }
        maximumSegment = bytes;
        return 0;
    }

    /** What TCP_MAXSEG leaves of a segment's size. */
    int limitedSegment(int bytes) {
        return maximumSegment > 0 ? Math.min(bytes, maximumSegment) : bytes;
    }

    /** TCP_MAXSEG: the segment size in use, 536 before there is a connection. */
    public int maximumSegment() {
        TcpSender sender = socket.sender();
        if (sender != null) {
            return sender.segmentSize();
        }
        return maximumSegment > 0 ? maximumSegment : TcpConnection.DEFAULT_SEGMENT;
    }

    /** TCP_QUICKACK. */
    public void setQuickAcknowledgment(boolean on) {
        if (socket.sender() != null) {
            socket.receiver().quick(on);
        }
    }

    public boolean quickAcknowledgment() {
        TcpReceiver receiver = socket.receiver();
        return receiver == null || receiver.quick();
    }

    /** TCP_DEFER_ACCEPT in seconds, 0 for off. */
    public void setDeferAccept(int seconds) {
        deferAcceptSeconds = Math.max(0, seconds);
    }

    public int deferAccept() {
        return deferAcceptSeconds;
    }

    long deferAcceptNanos() {
        return deferAcceptSeconds * TcpTimes.SECOND;
    }
}
