package dev.gnomon.cli;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunCancellation;
import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunProgress;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.RunWarning;
import dev.gnomon.run.Simulation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gnomon run FILE}: runs one experiment without the service. */
@Command(name = "run", description = "Runs one experiment.", mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    private static final long CLEAN_UP_SECONDS = 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The experiment file.")
    private Path file;

    @Option(
            names = "--data-directory",
            paramLabel = "DIR",
            description = "Where results go; must not exist yet. Default: as the file says, or gnomon.data.")
    private Path dataDirectory;

    @Option(names = "--seed", paramLabel = "N", description = "In place of the file's general.seed.")
    private Long seed;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Workers, in place of the file's general.parallelism; 0 = as many as there are CPUs.")
    private Integer parallelism;

    @Option(names = "--progress", description = "Show progress on standard error.")
    private boolean progress;

    @Option(
            names = "--ignore-limits",
            description = "Begin although the machine seems too small for the run (see gnomon doctor).")
    private boolean ignoreLimits;

    private final RunCancellation cancellation = new RunCancellation();
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Exit status 0 where all went as expected; 1 where the file is wrong, a process ended otherwise, or the run failed. */
    @Override
    public Integer call() throws InterruptedException {
        PrintWriter errors = spec.commandLine().getErr();
        if (seed != null && seed < 0) {
            errors.println("--seed must not be negative: " + seed);
            return 2;
        }
        if (parallelism != null && parallelism < 0) {
            errors.println("--parallelism must not be negative: " + parallelism);
            return 2;
        }
        DefinitionResult result = DefinitionReader.readFile(file);
        CheckCommand.print(file.toString(), result, errors);
        if (result.definition().isEmpty()) {
            return 1;
        }
        Definition definition = result.definition().get();
        Path directory =
                dataDirectory != null ? dataDirectory : definition.general().dataDirectory();
        RunOptions options = new RunOptions(
                directory,
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
                parallelism == null ? OptionalInt.empty() : OptionalInt.of(parallelism),
                cancellation,
                ignoreLimits,
                false);
        Thread onSignal = new Thread(this::cancelAndWait, "cancel on signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            ProgressLine line =
                    new ProgressLine(errors, progress || definition.general().progress());
            RunResult run = Simulation.run(definition, options, line);
            line.end();
            printSummary(run, directory);
            return run.succeeded() ? 0 : 1;
        } catch (RunFailedException e) {
            errors.println("gnomon: " + e.getMessage());
            return 1;
        } finally {
            finished.countDown();
        }
    }

    /** On Ctrl-C: ends the run and lets it clean up before the machine goes down. */
    private void cancelAndWait() {
        cancellation.cancel();
        try {
            if (finished.getCount() > 0 && !finished.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS)) {
                spec.commandLine().getErr().println("gnomon: the run did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void printSummary(RunResult run, Path directory) {
        PrintWriter errors = spec.commandLine().getErr();
        for (RunWarning warning : run.warnings()) {
            errors.printf(
                    "warning: %s: %s%s%n",
                    warning.program(),
                    warning.message(),
                    warning.count() > 1 ? " (" + warning.count() + " times)" : "");
        }
        for (String failure : run.failures()) {
            errors.println("failed: " + failure);
        }
        errors.flush();
        PrintWriter output = spec.commandLine().getOut();
        long asExpected =
                run.processes().stream().filter(ProcessOutcome::asExpected).count();
        output.printf("result     %s%n", run.cancelled() ? "cancelled" : run.succeeded() ? "succeeded" : "failed");
        output.printf("hosts      %d%n", run.hosts());
        output.printf(
                "processes  %d of %d as expected%n", asExpected, run.processes().size());
        output.printf(
                Locale.ROOT, "time       %.3f s virtual in %.3f s%n", run.virtualNanos() / 1e9, run.wallNanos() / 1e9);
        output.printf("calls      %d answered by the engine, %d in the guests%n", run.systemCalls(), run.localCalls());
        output.printf("packets    %d%n", run.packets());
        if (!run.digest().isEmpty()) {
            output.printf("digest     %s%n", run.digest());
        }
        output.printf("results    %s%n", directory);
        output.flush();
    }

    /** Shows progress, where it was asked for. */
    private static final class ProgressLine implements RunObserver {
        private final PrintWriter output;
        private final boolean shown;
        private final boolean updates = System.console() != null;

        ProgressLine(PrintWriter output, boolean shown) {
            this.output = output;
            this.shown = shown;
        }

        @Override
        public void progress(RunProgress progress) {
            if (!shown) {
                return;
            }
            String text = String.format(
                    Locale.ROOT,
                    "%3d%%  %.1f of %.1f s virtual, %.1f s wall, %d running, %d ended, %d failed",
                    progress.virtualNanos() * 100 / Math.max(1, progress.stopNanos()),
                    progress.virtualNanos() / 1e9,
                    progress.stopNanos() / 1e9,
                    progress.wallNanos() / 1e9,
                    progress.processesRunning(),
                    progress.processesEnded(),
                    progress.processesFailed());
            output.print(updates ? "\r\u001b[K" + text : text + System.lineSeparator());
            output.flush();
        }

        void end() {
            if (shown && updates) {
                output.println();
                output.flush();
            }
        }
    }
}
