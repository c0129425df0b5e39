package dev.gnomon.host;

import dev.gnomon.kernel.GuestProcess;

/** Told by hosts what a run records. Called by the host's worker. */
public interface HostListener {
    void processStarted(Host host, LaunchedProcess launched);

    /** A process that the definition named has ended, or could not be started. */
    void processEnded(Host host, LaunchedProcess launched);

    /**
     * An application has ended, or the run has while it was at work.
     *
     * @param output what it says of its work
     * @param errors what it complained about; empty for nothing
     */
    void applicationReported(Host host, LaunchedProcess launched, String output, String errors);

    void warn(Host host, String kind, String program, String subject, String message);

    /** The run cannot be trusted any more, though it goes on. */
    void failed(Host host, GuestProcess process, String message);

    /** Whether the run was cancelled: a guest that computes is killed then. */
    boolean isCancelled();
}
