package dev.gnomon.run;

/** A request, from any thread, that a run end soon. It cannot be taken back. */
public final class RunCancellation {

    private volatile boolean cancelled;

    /** Asks the run to end; returns at once, and does nothing the second time. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether {@link #cancel()} was called. */
    public boolean isCancelled() {
        return cancelled;
    }
}
