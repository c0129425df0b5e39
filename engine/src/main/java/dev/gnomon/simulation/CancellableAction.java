package dev.gnomon.simulation;

import dev.gnomon.network.ScheduledAction;

/** An action of which somebody may think better until it runs. */
final class CancellableAction implements ScheduledAction, Runnable {
    private Runnable action;

    CancellableAction(Runnable action) {
        this.action = action;
    }

    @Override
    public void cancel() {
        action = null;
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
