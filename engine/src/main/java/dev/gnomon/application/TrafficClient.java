package dev.gnomon.application;

import dev.gnomon.network.ScheduledAction;

/** One client of {@link Traffic}: a flow, a pause, the next flow. */
final class TrafficClient {
    /** A flow that fails at once must not keep virtual time from passing. */
    private static final long LEAST_PAUSE_AFTER_FAILURE_NANOS = 1_000_000;

    private final Traffic traffic;
    private long flowsLeft;
    private Flow flow;
    private ScheduledAction next;

    TrafficClient(Traffic traffic) {
        this.traffic = traffic;
        long flows = traffic.settings().flows();
        this.flowsLeft = flows == 0 ? Long.MAX_VALUE : flows;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Waits, then opens the next flow. */
    void pause(long leastNanos) {
        long pause = Math.max(leastNanos, traffic.settings().flowPause().draw(traffic.random()));
        next = traffic.network()
                .environment()
                .schedule(Flow.later(traffic.network().nowNanos(), pause), this::openFlow);
    }

    private void openFlow() {
        next = null;
        flow = switch (traffic.settings().transport()) {
            case TCP -> new StreamFlow(this, traffic.network().openTcp());
            case UDP -> new DatagramFlow(this, traffic.network().openUdp());
        };
        flow.open(traffic.chooseTarget());
    }

    void flowEnded(long durationNanos) {
        flow = null;
        traffic.countFlow(durationNanos);
        goOn(0);
    }

    void flowFailed(String why) {
        flow = null;
        traffic.countFailure(why);
        goOn(LEAST_PAUSE_AFTER_FAILURE_NANOS);
    }

    private void goOn(long leastPauseNanos) {
        if (--flowsLeft == 0) {
            traffic.clientEnded();
        } else {
            pause(leastPauseNanos);
        }
    }

    void close() {
        if (next != null) {
            next.cancel();
            next = null;
        }
        if (flow != null) {
            flow.close();
            flow = null;
        }
    }
}
