package dev.gnomon.kernel;

import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.ScheduledAction;

/**
 * The real-time interval timer of a process, {@code setitimer(2)} with ITIMER_REAL, which {@code alarm(2)} shares, and its
 * POSIX timers.
 */
public final class IntervalTimers {
    private final GuestProcess process;
    private final java.util.TreeMap<Integer, PosixTimer> posixTimers = new java.util.TreeMap<>();
    private ScheduledAction action;
    private long expiryNanos;
    private long intervalNanos;
    private int nextTimerId;

    IntervalTimers(GuestProcess process) {
        this.process = process;
    }

    /** Time until the next SIGALRM; 0 where the timer is not armed. */
    public long remainingNanos() {
        return action == null
                ? 0
                : Math.max(1, expiryNanos - process.kernel().environment().nowNanos());
    }

    public long intervalNanos() {
        return action == null ? 0 : intervalNanos;
    }

    /** Arms the timer; a value of 0 disarms it. */
    public void set(long valueNanos, long newIntervalNanos) {
        if (action != null) {
            action.cancel();
            action = null;
        }
        intervalNanos = newIntervalNanos;
        if (valueNanos > 0) {
            arm(process.kernel().environment().nowNanos() + valueNanos);
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
        process.send(SignalInformation.ofKernel(Signal.ALRM));
    }

    /**
     * {@code timer_create(2)}.
     *
     * @param valueIsId whether the handler gets the timer's id in place of {@code value}
     */
    public int create(int signal, GuestThread thread, long value, boolean valueIsId) {
        int id = nextTimerId++;
        posixTimers.put(id, new PosixTimer(process, id, signal, thread, valueIsId ? id : value));
        return id;
    }

    /** The timer; null where there is none with this id. */
    public PosixTimer posixTimer(int id) {
        return posixTimers.get(id);
    }

    public boolean delete(int id) {
        PosixTimer timer = posixTimers.remove(id);
        if (timer != null) {
            timer.set(0, 0);
        }
        return timer != null;
    }

    /** {@code execve(2)} deletes POSIX timers and keeps the interval timer. */
    public void deletePosixTimers() {
        posixTimers.values().forEach(timer -> timer.set(0, 0));
        posixTimers.clear();
    }

    void cancelAll() {
        set(0, 0);
        deletePosixTimers();
    }
}
