package dev.gnomon.network;

/**
 * A timer that is moved far more often than it fires.
 *
 * <p>Moving the deadline later leaves the scheduled event where it is; when that fires too early, it schedules itself
 * again. So a timer that every acknowledgment pushes back costs an event once in its length, not once a packet.
 */
public final class Timer implements Runnable {
    private static final long NEVER = Long.MAX_VALUE;

    private final NetworkEnvironment environment;
    private final Runnable action;
    private long deadline = NEVER;
    private long scheduledAt = NEVER;
    private ScheduledAction scheduled;

    public Timer(NetworkEnvironment environment, Runnable action) {
        this.environment = environment;
        this.action = action;
    }

    /** Sets the deadline, replacing an earlier one. A deadline in the past is now. */
    public void armAt(long nanos) {
        deadline = Math.max(nanos, environment.nowNanos());
        if (deadline < scheduledAt) {
            if (scheduled != null) {
                scheduled.cancel();
            }
            scheduledAt = deadline;
            scheduled = environment.schedule(deadline, this);
        }
    }

    public void armIn(long nanos) {
        armAt(environment.nowNanos() + nanos);
    }

    /** Forgets the deadline; the event may still come and does nothing. */
    public void disarm() {
        deadline = NEVER;
    }

    /** Forgets the deadline and the event, so that nothing refers to the owner any longer. */
    public void cancel() {
        deadline = NEVER;
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
            scheduledAt = NEVER;
        }
    }

    public boolean armed() {
        return deadline != NEVER;
    }

    /** When it fires, or {@link Long#MAX_VALUE} where it is not armed. */
    public long deadline() {
        return deadline;
    }

    /** The scheduled event; not for callers. */
    @Override
    public void run() {
        scheduled = null;
        scheduledAt = NEVER;
        if (deadline == NEVER) {
            return;
        }
        if (deadline > environment.nowNanos()) {
            scheduledAt = deadline;
            scheduled = environment.schedule(deadline, this);
            return;
        }
        deadline = NEVER;
        action.run();
    }
}
