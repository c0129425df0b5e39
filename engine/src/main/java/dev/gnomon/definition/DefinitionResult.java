package dev.gnomon.definition;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading an experiment file.
 *
 * @param definition present where there is no error
 * @param errors every mistake, in the order of the file
 * @param notices what was accepted but is ignored, each once, in the order of the file
 */
public record DefinitionResult(
        Optional<Definition> definition, List<DefinitionError> errors, List<DefinitionNotice> notices) {

    /** The file's {@code experiment.name}, or {@code untitled}; empty where the definition has errors. */
    public Optional<String> name() {
        return definition.map(read -> read.experiment().name());
    }
}
