package dev.gnomon.cli;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionError;
import dev.gnomon.definition.DefinitionNotice;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gnomon check FILE}: validates an experiment file and prints every mistake in it. */
@Command(
        name = "check",
        description = "Validates an experiment file; prints every mistake with its line and column.",
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The experiment file.")
    private Path file;

    /** Exit status 0 where the file is right, 1 where it is not. */
    @Override
    public Integer call() {
        PrintWriter output = spec.commandLine().getOut();
        PrintWriter errors = spec.commandLine().getErr();
        DefinitionResult result = DefinitionReader.readFile(file);
        print(file.toString(), result, errors);
        if (result.definition().isEmpty()) {
            int count = result.errors().size();
            errors.println(count == 1 ? "1 error" : count + " errors");
            errors.flush();
            return 1;
        }
        Definition definition = result.definition().get();
        output.printf(
                "%s: right (hosts: %d, processes: %d)%n",
                file, definition.hosts().size(), definition.processCount());
        output.flush();
        return 0;
    }

    /** Prints errors, then notices, one a line, as compilers do: file, line, column, then what and where in the tree. */
    public static void print(String name, DefinitionResult result, PrintWriter output) {
        for (DefinitionError error : result.errors()) {
            output.println(
                    line(name, "error", error.line(), error.column(), error.pointer(), error.value(), error.message()));
        }
        for (DefinitionNotice notice : result.notices()) {
            output.println(line(
                    name,
                    "notice",
                    notice.line(),
                    notice.column(),
                    notice.pointer(),
                    notice.value(),
                    notice.message()));
        }
        output.flush();
    }

    private static String line(
            String name, String kind, int line, int column, String pointer, String value, String message) {
        String place = name + ":" + line + ":" + column + ": " + kind + ": ";
        String at = pointer.isEmpty() ? "" : pointer + ": ";
        String shown = value.isEmpty() ? "" : " (" + printable(value) + ")";
        return place + at + printable(message) + shown;
    }

    /** Control characters of a hostile file must not reach the terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .forEach(character ->
                        printable.appendCodePoint(Character.isISOControl(character) ? '\ufffd' : character));
        return printable.toString();
    }
}
