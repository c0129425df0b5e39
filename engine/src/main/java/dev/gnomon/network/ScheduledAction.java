package dev.gnomon.network;

/** An action that will run at a virtual time, unless it is cancelled before. */
public interface ScheduledAction {
    /** Has no effect once the action has run. */
    void cancel();
}
