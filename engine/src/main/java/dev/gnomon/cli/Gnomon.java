package dev.gnomon.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry. */
@Command(
        name = "gnomon",
        description = "Runs experiments with unmodified Linux programs in virtual time.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, CheckCommand.class, DoctorCommand.class, BenchCommand.class})
public final class Gnomon {
    Gnomon() {}

    /** Exits with the status of the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Gnomon()).execute(arguments));
    }
}
