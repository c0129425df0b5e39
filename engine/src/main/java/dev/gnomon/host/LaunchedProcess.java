package dev.gnomon.host;

import dev.gnomon.application.Application;
import dev.gnomon.application.ApplicationControl;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.network.HostNetwork;
import java.nio.file.Path;
import java.util.List;

/** A process that the definition names, on its way from start to end. */
public final class LaunchedProcess {
    /** Makes the application of one process. */
    @FunctionalInterface
    public interface ApplicationMaker {
        Application create(HostNetwork network, ApplicationControl control);
    }

    /**
     * What to start, and when.
     *
     * @param mechanism of a program; null for an application
     * @param application runs in place of {@code program}, which, as all that is for it, is not used then; null for none
     */
    public record Plan(
            Mechanism mechanism,
            Path program,
            String programName,
            List<String> arguments,
            List<String> environment,
            ApplicationMaker application,
            long startNanos,
            long shutdownNanos,
            int shutdownSignal) {
        /** {@link #shutdownNanos} where there is none. */
        public static final long NO_SHUTDOWN = -1;
    }

    /** The end of a process that still runs. */
    public static final long NOT_ENDED = -1;

    private final Plan plan;
    private int processId = -1;
    private long endNanos = NOT_ENDED;
    private int waitStatus;
    private String startFailure;

    public LaunchedProcess(Plan plan) {
        this.plan = plan;
    }

    public Plan plan() {
        return plan;
    }

    /** The virtual id; -1 before the start. */
    public int processId() {
        return processId;
    }

    /** Virtual time; {@link #NOT_ENDED} while it runs, or before it started. */
    public long endNanos() {
        return endNanos;
    }

    public boolean hasStarted() {
        return processId >= 0 && startFailure == null;
    }

    public boolean hasEnded() {
        return endNanos != NOT_ENDED;
    }

    /** As {@code wait(2)} gives it. */
    public int waitStatus() {
        return waitStatus;
    }

    /** Why it could not be started; null where it could. */
    public String startFailure() {
        return startFailure;
    }

    LaunchedProcess started(int id) {
        processId = id;
        return this;
    }

    void ended(long nanos, int status) {
        endNanos = nanos;
        waitStatus = status;
    }

    void failedToStart(long nanos, String why) {
        endNanos = nanos;
        startFailure = why;
    }
}
