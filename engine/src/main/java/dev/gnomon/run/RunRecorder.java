package dev.gnomon.run;

import dev.gnomon.host.Host;
import dev.gnomon.host.HostListener;
import dev.gnomon.host.LaunchedProcess;
import dev.gnomon.kernel.GuestProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Hears what happens on the hosts and keeps what the result needs. */
final class RunRecorder implements HostListener {
    private final RunDirectory directory;
    private final RunObserver observer;
    private final RunCancellation cancellation;
    private final Outcomes outcomes;
    private final WarningLog warnings = new WarningLog();
    private final TreeSet<String> failures = new TreeSet<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    RunRecorder(RunDirectory directory, RunObserver observer, RunCancellation cancellation, Outcomes outcomes) {
        this.directory = directory;
        this.observer = observer;
        this.cancellation = cancellation;
        this.outcomes = outcomes;
    }

    @Override
    public void processStarted(Host host, LaunchedProcess launched) {
        running.incrementAndGet();
    }

    @Override
    public void processEnded(Host host, LaunchedProcess launched) {
        if (launched.hasStarted()) {
            running.decrementAndGet();
        } else {
            addFailure(host.name() + ": " + launched.plan().programName() + " could not be started: "
                    + launched.startFailure());
        }
        ended.incrementAndGet();
        ProcessOutcome outcome = outcomes.of(host, launched);
        if (!outcome.asExpected()) {
            failed.incrementAndGet();
        }
        observer.processEnded(outcome);
    }

    @Override
    public void applicationReported(Host host, LaunchedProcess launched, String output, String errors) {
        ProcessOutcome outcome = outcomes.of(host, launched);
        try {
            directory.write(outcome.stdoutPath(), output);
            directory.write(outcome.stderrPath(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void warn(Host host, String kind, String program, String subject, String message) {
        warnings.add(kind, program, subject, message);
    }

    @Override
    public void failed(Host host, GuestProcess process, String message) {
        addFailure(host.name() + ": " + process.program() + "." + process.processId() + " " + message);
    }

    @Override
    public boolean isCancelled() {
        return cancellation.isCancelled();
    }

    private void addFailure(String text) {
        synchronized (failures) {
            failures.add(text);
        }
    }

    List<RunWarning> warnings() {
        return warnings.warnings();
    }

    List<String> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    int running() {
        return running.get();
    }

    int ended() {
        return ended.get();
    }

    int failed() {
        return failed.get();
    }
}
