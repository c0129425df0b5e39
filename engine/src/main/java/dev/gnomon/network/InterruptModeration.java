package dev.gnomon.network;

/**
 * When {@code eth0} tells its host of packets, as {@code rx-usecs} of {@code ethtool -C} and {@code InterruptThrottleRate}
 * of Intel's drivers have it: after an interrupt the next one is an interval later at the earliest. So a packet that comes
 * after a quiet interval is delivered at once, and those that come sooner together, at the interval's end.
 */
final class InterruptModeration {
    private final NetworkEnvironment environment;
    private final HostNetwork network;
    private final ExternalInterface owner;
    private final long intervalNanos;
    private final Runnable interrupt = this::interrupt;
    private final ReceiveBatch waiting = new ReceiveBatch();
    private long notBefore;

    /** @param intervalNanos more than 0 */
    InterruptModeration(
            NetworkEnvironment environment, HostNetwork network, ExternalInterface owner, long intervalNanos) {
        this.environment = environment;
        this.network = network;
        this.owner = owner;
        this.intervalNanos = intervalNanos;
    }

    void arrive(Packet packet) {
        long now = environment.nowNanos();
        if (waiting.size() == 0) {
            if (now >= notBefore) {
                notBefore = now + intervalNanos;
                network.deliver(packet, owner);
                return;
            }
            environment.runAt(notBefore, interrupt);
        }
        waiting.add(packet);
    }

    private void interrupt() {
        notBefore = environment.nowNanos() + intervalNanos;
        network.deliver(waiting, owner);
        waiting.clear();
    }
}
