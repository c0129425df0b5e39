package dev.gnomon.kernel;

import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.ScheduledAction;

/** A timer of {@code timer_create(2)} that sends a signal, or does nothing (SIGEV_NONE). */
public final class PosixTimer {
    private final GuestProcess process;
    private final int id;
    private final int signal;
    private final GuestThread thread;
    private final long value;
    private ScheduledAction action;
    private long expiryNanos;
    private long intervalNanos;

    /**
     * @param signal 0 for none
     * @param thread the thread that alone gets the signal; null for the process
     */
    PosixTimer(GuestProcess process, int id, int signal, GuestThread thread, long value) {
        this.process = process;
        this.id = id;
        this.signal = signal;
        this.thread = thread;
        this.value = value;
    }

    public long remainingNanos() {
        return action == null
                ? 0
                : Math.max(1, expiryNanos - process.kernel().environment().nowNanos());
    }

    public long intervalNanos() {
        return intervalNanos;
    }

    /** Arms the timer for a time since the start of the run; 0 disarms it. */
    public void set(long atNanos, long newIntervalNanos) {
        if (action != null) {
            action.cancel();
            action = null;
        }
        intervalNanos = newIntervalNanos;
        if (atNanos > 0) {
            arm(atNanos);
        }
    }

    private void arm(long atNanos) {
        expiryNanos = atNanos;
        action = process.kernel().environment().schedule(atNanos, this::expired);
    }

    private void expired() {
        action = null;
        if (intervalNanos > 0) {
            arm(expiryNanos + intervalNanos);
        }
        if (signal != 0) {
            SignalInformation information = SignalInformation.ofTimer(signal, id, 0, value);
            if (thread != null) {
                thread.send(information);
            } else {
                process.send(information);
            }
        }
    }
}
