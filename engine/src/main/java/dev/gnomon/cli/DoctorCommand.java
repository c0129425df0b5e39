package dev.gnomon.cli;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.limits.Doctor;
import dev.gnomon.limits.Finding;
import dev.gnomon.limits.RunNeeds;
import dev.gnomon.run.Simulation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gnomon doctor [FILE]}: says what this machine permits, and whether that suffices. */
@Command(
        name = "doctor",
        description = "Looks at this machine's limits, and whether they suffice for an experiment. Changes nothing.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The experiment file.")
    private Path file;

    @Option(names = "--parallelism", paramLabel = "N", description = "Workers that the run will have.")
    private Integer parallelism;

    /** Exit status 0 where everything suffices, 1 where something does not. */
    @Override
    public Integer call() {
        PrintWriter errors = spec.commandLine().getErr();
        if (parallelism != null && parallelism < 0) {
            errors.println("--parallelism must not be negative: " + parallelism);
            return 2;
        }
        RunNeeds needs = RunNeeds.LEAST;
        if (file != null) {
            DefinitionResult result = DefinitionReader.readFile(file);
            CheckCommand.print(file.toString(), result, errors);
            if (result.definition().isEmpty()) {
                return 1;
            }
            Definition definition = result.definition().get();
            needs = RunNeeds.of(
                    definition,
                    Simulation.workers(
                            definition, parallelism == null ? OptionalInt.empty() : OptionalInt.of(parallelism)));
        }
        List<Finding> findings = Doctor.examine(needs);
        print(spec.commandLine().getOut(), needs, findings);
        return findings.stream().anyMatch(Finding::lacks) ? 1 : 0;
    }

    private void print(PrintWriter output, RunNeeds needs, List<Finding> findings) {
        if (file != null) {
            output.printf(
                    Locale.ROOT,
                    "%s: %,d hosts, %,d processes at once, %,d applications, %d workers%n",
                    file,
                    needs.hosts(),
                    needs.processes(),
                    needs.applications(),
                    needs.workers());
        }
        for (Finding finding : findings) {
            String needed = finding.needed().isEmpty() ? "" : "; needed: " + finding.needed();
            output.printf("%-8s %-32s %s%s%n", word(finding), finding.subject(), finding.found(), needed);
            if (!finding.remedy().isEmpty()) {
                output.printf("%-8s %-32s to change it: %s%n", "", "", finding.remedy());
            }
        }
        long lacking = findings.stream().filter(Finding::lacks).count();
        output.println(lacking == 0 ? "everything suffices" : lacking + " of these do not suffice");
        output.flush();
    }

    private static String word(Finding finding) {
        return switch (finding.verdict()) {
            case SUFFICES -> "ok";
            case LACKS -> "LACKS";
            case NOTED -> "-";
            case UNKNOWN -> "?";
        };
    }
}
