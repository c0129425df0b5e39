package dev.gnomon.cli;

import picocli.CommandLine.Command;

/** {@code gnomon bench}: measures the engine on this machine. */
@Command(
        name = "bench",
        description = "Measures the engine on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = SwitchBenchCommand.class)
public final class BenchCommand {}
