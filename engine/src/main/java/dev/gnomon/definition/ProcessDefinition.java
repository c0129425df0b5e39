package dev.gnomon.definition;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.guest.Mechanism;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A process that a host starts.
 *
 * @param path the program as the file writes it; of an application its name
 * @param program the program's file: absolute, checked to be runnable when the file was read; of an application its name alone
 * @param application what runs inside the engine in place of a program
 * @param arguments what follows the program's name
 * @param environment the only variables passed, in the order of the file
 * @param startNanos virtual time of its start, before the run's end
 * @param shutdownNanos virtual time at which it gets {@code shutdownSignal}, after its start
 * @param shutdownSignal number of the signal, 1 to 64
 * @param mechanism how the shim comes into it; empty where whatever is permitted will do
 * @param expectedFinalState what it must have come to when the run ends
 */
public record ProcessDefinition(
        String path,
        Path program,
        Optional<ApplicationSettings> application,
        List<String> arguments,
        Map<String, String> environment,
        long startNanos,
        OptionalLong shutdownNanos,
        int shutdownSignal,
        Optional<Mechanism> mechanism,
        FinalState expectedFinalState) {

    public ProcessDefinition {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** The program's name in the names of its output files: the last part of its path. */
    public String programName() {
        return program.getFileName().toString();
    }

    /** The process on one of several hosts of one description: {@link HostPlaceholders} are replaced. */
    ProcessDefinition onHost(String host, int number) {
        List<String> ownArguments = arguments.stream()
                .map(argument -> HostPlaceholders.replace(argument, host, number))
                .toList();
        Map<String, String> ownEnvironment = new LinkedHashMap<>(environment);
        ownEnvironment.replaceAll((name, value) -> HostPlaceholders.replace(value, host, number));
        Optional<ApplicationSettings> ownApplication =
                application.map(settings -> settings instanceof TrafficSettings traffic
                        ? traffic.withTargets(traffic.to().stream()
                                .map(name -> HostPlaceholders.replace(name, host, number))
                                .toList())
                        : settings);
        if (ownArguments.equals(arguments)
                && ownEnvironment.equals(environment)
                && ownApplication.equals(application)) {
            return this;
        }
        return new ProcessDefinition(
                path,
                program,
                ownApplication,
                ownArguments,
                ownEnvironment,
                startNanos,
                shutdownNanos,
                shutdownSignal,
                mechanism,
                expectedFinalState);
    }
}
