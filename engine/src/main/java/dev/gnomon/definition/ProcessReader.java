package dev.gnomon.definition;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.definition.FileLocations.NoLocationException;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.ProgramFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads processes. Values that aliases bring to many hosts are read once: lookups are by the identity of the node, and
 * never iterated over.
 */
final class ProcessReader {
    private static final int SIGTERM = 15;
    private static final int FIRST_STOP_SIGNAL = 19; // SIGSTOP, SIGTSTP, SIGTTIN and SIGTTOU
    private static final int LAST_STOP_SIGNAL = 22;
    private static final List<String> OF_PROGRAMS = List.of("path", "args", "environment", "mechanism");
    private static final Path UNKNOWN_PROGRAM = Path.of("/");

    private final ApplicationReader applications = new ApplicationReader();
    private final FileLocations locations;
    private final long stopNanos;
    private final Optional<Mechanism> experimentMechanism;
    private final Map<YamlNode, Optional<ProcessDefinition>> processes = new IdentityHashMap<>();
    private final Map<YamlNode, List<String>> arguments = new IdentityHashMap<>();
    private final Map<String, Program> programs = new HashMap<>();

    ProcessReader(FileLocations locations, long stopNanos, Optional<Mechanism> experimentMechanism) {
        this.experimentMechanism = experimentMechanism;
        this.locations = locations;
        this.stopNanos = stopNanos;
    }

    /** Where a program is, and what it is; or why it could not be found. */
    private record Program(Path path, ProgramFile.Verdict verdict, String mistake) {}

    List<ProcessDefinition> read(Value list) {
        List<ProcessDefinition> read = new ArrayList<>();
        for (Value item : list.items()) {
            if (item.isNull()) {
                item.error("must be a mapping with at least a path, or an app");
            }
            Optional<ProcessDefinition> known = processes.get(item.node());
            if (known == null) {
                known = Section.of(item, DefinitionKeys.PROCESS).map(this::process);
                processes.put(item.node(), known);
            }
            known.ifPresent(read::add);
        }
        return read;
    }

    /** Where the file says which hosts an application of {@link #read} sends to. */
    Value targetsOf(TrafficSettings settings) {
        return applications.targetsOf(settings);
    }

    private ProcessDefinition process(Section process) {
        long startNanos = process.value("start_time").nanos(0);
        if (startNanos >= stopNanos) {
            process.value("start_time").error("must be before general.stop_time");
        }
        Value shutdownTime = process.value("shutdown_time");
        OptionalLong shutdownNanos =
                shutdownTime.isPresent() ? OptionalLong.of(shutdownTime.nanos(Long.MAX_VALUE)) : OptionalLong.empty();
        if (shutdownNanos.isPresent() && shutdownNanos.getAsLong() <= startNanos) {
            shutdownTime.error("must be after start_time");
        }
        int shutdownSignal = signal(process.value("shutdown_signal"));
        FinalState expected = finalState(process.value("expected_final_state"));
        Value app = process.value("app");
        if (app.isPresent()) {
            refuseForApplications(process, shutdownSignal);
            Optional<ApplicationSettings> application = applications.read(app);
            String name = application.map(ApplicationSettings::name).orElse("");
            return new ProcessDefinition(
                    name,
                    Path.of(name),
                    application,
                    List.of(),
                    Map.of(),
                    startNanos,
                    shutdownNanos,
                    shutdownSignal,
                    Optional.empty(),
                    expected);
        }
        Optional<Mechanism> own = ExperimentReader.mechanism(process.value("mechanism"));
        Optional<Mechanism> mechanism = own.isPresent() ? own : experimentMechanism;
        Value path = process.required("path", "the program to run, or an application: \"app\"");
        return new ProcessDefinition(
                path.string().orElse(""),
                program(path, mechanism.orElse(Mechanism.INJECT)),
                Optional.empty(),
                arguments(process.value("args")),
                environment(process.value("environment")),
                startNanos,
                shutdownNanos,
                shutdownSignal,
                mechanism,
                expected);
    }

    private static void refuseForApplications(Section process, int shutdownSignal) {
        for (String key : OF_PROGRAMS) {
            Value value = process.value(key);
            if (value.isPresent()) {
                value.error("has no meaning for an application");
            }
        }
        if (shutdownSignal >= FIRST_STOP_SIGNAL && shutdownSignal <= LAST_STOP_SIGNAL) {
            process.value("shutdown_signal").error("an application cannot be stopped, only ended");
        }
    }

    private Path program(Value value, Mechanism mechanism) {
        Optional<String> text = value.string();
        if (text.isEmpty()) {
            return UNKNOWN_PROGRAM;
        }
        Program program = programs.computeIfAbsent(text.get(), this::find);
        if (!program.mistake.isEmpty()) {
            value.error(program.mistake);
        } else if (!program.verdict.isRunnable(mechanism)) {
            value.error(program.path + ": " + program.verdict.message());
        }
        return program.path;
    }

    private Program find(String text) {
        try {
            Optional<Path> found = locations.program(text);
            if (found.isEmpty()) {
                return new Program(
                        UNKNOWN_PROGRAM, null, "there is no program of this name in the directories of PATH");
            }
            Path path = found.get();
            return new Program(path, ProgramFile.inspect(path), "");
        } catch (NoLocationException wrong) {
            return new Program(UNKNOWN_PROGRAM, null, wrong.getMessage());
        }
    }

    private List<String> arguments(Value value) {
        if (!value.isPresent()) {
            return List.of();
        }
        List<String> known = arguments.get(value.node());
        if (known == null) {
            known = value.node() instanceof YamlSequence ? argumentList(value) : argumentLine(value);
            arguments.put(value.node(), known);
        }
        return known;
    }

    private static List<String> argumentList(Value value) {
        List<String> words = new ArrayList<>();
        for (Value item : value.items()) {
            if (item.isNull()) {
                item.error("must be a string; write \"\" for an empty argument");
            }
            item.string().ifPresent(words::add);
        }
        return List.copyOf(words);
    }

    private static List<String> argumentLine(Value value) {
        if (!(value.node() instanceof YamlScalar)) {
            value.error("must be a string or a list of strings");
            return List.of();
        }
        Optional<String> line = value.string();
        try {
            return line.isEmpty() ? List.of() : ArgumentSplitter.split(line.get());
        } catch (ArgumentSplitter.UnfinishedException unfinished) {
            value.error(unfinished.getMessage());
            return List.of();
        }
    }

    private static Map<String, String> environment(Value value) {
        Map<String, String> variables = new LinkedHashMap<>();
        value.entries().forEach((name, variable) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                variable.error("the name of a variable must not be empty or contain \"=\" or NUL: \"" + name + "\"");
            } else if (variable.isNull()) {
                variable.error("must be a string; write \"\" for an empty variable");
            } else {
                variable.string().ifPresent(text -> variables.put(name, text));
            }
        });
        return variables;
    }

    private static int signal(Value value) {
        Optional<String> text = value.string();
        if (text.isEmpty()) {
            return SIGTERM;
        }
        OptionalInt number = SignalNames.number(text.get());
        if (number.isEmpty()) {
            value.error("is not a signal: expected a name such as SIGTERM, or a number from 1 to 64");
        }
        return number.orElse(SIGTERM);
    }

    private static FinalState finalState(Value value) {
        if (!value.isPresent()) {
            return FinalState.exited(0);
        }
        if (value.node() instanceof YamlScalar) {
            if (!value.string().equals(Optional.of("running"))) {
                value.error("must be {exited: 0 to 255}, {signaled: signal} or running");
            }
            return FinalState.RUNNING;
        }
        Optional<Section> section = Section.of(value, DefinitionKeys.FINAL_STATE);
        if (section.isEmpty()) {
            return FinalState.exited(0);
        }
        boolean exited = section.get().has("exited");
        if (exited == section.get().has("signaled")) {
            value.error("must have exactly one of exited and signaled");
            return FinalState.exited(0);
        }
        if (exited) {
            return FinalState.exited((int) section.get().value("exited").integer(0, 255, 0));
        }
        return FinalState.signaled(signal(section.get().value("signaled")));
    }
}
