package dev.gnomon.service.definition;

import dev.gnomon.service.problem.ProblemError;
import java.util.List;
import java.util.Optional;

/**
 * What reading a definition brought to light.
 *
 * @param facts present where the definition is right
 * @param readable whether the text is YAML or JSON at all
 * @param errors every mistake, in the order of the text
 * @param notices what has no effect, once each
 */
public record DefinitionFindings(
        Optional<DefinitionFacts> facts, boolean readable, List<ProblemError> errors, List<ProblemError> notices) {

    public DefinitionFindings {
        errors = List.copyOf(errors);
        notices = List.copyOf(notices);
    }
}
