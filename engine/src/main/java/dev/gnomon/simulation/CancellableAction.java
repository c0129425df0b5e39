package dev.gnomon.simulation;

import dev.gnomon.network.ScheduledAction;

/** An action of which somebody may think better until it runs. */
final class CancellableAction implements ScheduledAction, Runnable {
    private final EventSlots events;
    private Runnable action;

    CancellableAction(EventSlots events, Runnable action) {
        this.events = events;
        this.action = action;
    }

    @Override
    public void cancel() {
        if (action != null) {
            action = null;
            events.cancelled();
        }
    }

    boolean isCancelled() {
        return action == null;
    }

    @Override
    public void run() {
        Runnable due = action;
        action = null; // who still holds this shall not hold what the action refers to
        due.run();
    }
}
