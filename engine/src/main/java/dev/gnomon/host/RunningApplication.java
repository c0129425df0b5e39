package dev.gnomon.host;

import dev.gnomon.application.Application;
import dev.gnomon.application.ApplicationControl;

/** An application in the place of a process: how it starts, is signalled and ends. */
final class RunningApplication implements ApplicationControl {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int SIGCHLD = 17;
    private static final int SIGCONT = 18;
    private static final int SIGURG = 23;
    private static final int SIGWINCH = 28;

    private final Host host;
    private final LaunchedProcess process;
    /** Null when it has ended: what it had counted is written then. */
    private Application application;

    private final StringBuilder complaints = new StringBuilder(0);

    RunningApplication(Host host, LaunchedProcess process) {
        this.host = host;
        this.process = process;
        this.application = process.plan().application().create(host.network(), this);
    }

    void start() {
        application.start();
    }

    /** {@code signal(7)}: handles what servers handle to end in order; all else does what it does by default. */
    void signal(int signal) {
        if (process.hasEnded()) {
            return;
        }
        switch (signal) {
            case SIGTERM, SIGINT -> end(application.shutDown() << 8);
            case SIGCHLD, SIGCONT, SIGURG, SIGWINCH -> {
                // Ignored by default.
            }
            default -> end(signal);
        }
    }

    @Override
    public void complain(String line) {
        complaints.append(line).append('\n');
    }

    @Override
    public void exit(int status) {
        end(status << 8);
    }

    private void end(int waitStatus) {
        if (!process.hasEnded()) {
            application.close();
            process.ended(host.nowNanos(), waitStatus);
            report();
            application = null;
            host.applicationEnded(process);
        }
    }

    /** The run is over. */
    void finish() {
        if (!process.hasEnded()) {
            report();
        }
    }

    private void report() {
        host.listener().applicationReported(host, process, application.summary(), complaints.toString());
    }
}
