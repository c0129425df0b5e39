package dev.gnomon.service.executor;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionError;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.Simulation;
import dev.gnomon.service.definition.DefinitionText;
import dev.gnomon.service.definition.Definitions;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The engine in this process. */
@Component
class EmbeddedExecutor implements ExperimentExecutor {

    private final Definitions definitions;

    EmbeddedExecutor(Definitions definitions) {
        this.definitions = definitions;
    }

    @Override
    public RunResult execute(DefinitionText text, RunOptions options, RunObserver observer)
            throws RunFailedException, InterruptedException {
        return Simulation.run(definition(text), options, observer);
    }

    /** Read again for each run: what it names outside itself may have changed since it was stored. */
    private Definition definition(DefinitionText text) throws RunFailedException {
        DefinitionResult result = definitions.read(text);
        if (result.errors().isEmpty() && result.definition().isPresent()) {
            return result.definition().get();
        }
        throw new RunFailedException("The definition is no longer right:\n"
                + result.errors().stream().map(EmbeddedExecutor::line).collect(Collectors.joining("\n")));
    }

    private static String line(DefinitionError error) {
        return error.line() + ":" + error.column() + ": " + error.message();
    }
}
