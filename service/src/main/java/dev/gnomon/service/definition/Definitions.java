package dev.gnomon.service.definition;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionResult;
import dev.gnomon.definition.DefinitionSource;
import dev.gnomon.service.problem.JsonMistake;
import dev.gnomon.service.problem.ProblemError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** Reads definitions with the engine's reader, for which JSON is YAML. */
@Component
public final class Definitions {

    private static final String NAME = "experiment.yaml";

    private final JsonMapper mapper;

    Definitions(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** What there is to say about a definition; never throws for what stands in it. */
    public DefinitionFindings findings(DefinitionText text) {
        if (text.mediaType().equals(DefinitionText.JSON)) {
            Optional<ProblemError> mistake = jsonMistake(text.content());
            if (mistake.isPresent()) {
                return new DefinitionFindings(Optional.empty(), false, List.of(mistake.get()), List.of());
            }
        }
        DefinitionResult result = read(text);
        List<ProblemError> errors = result.errors().stream()
                .map(error ->
                        new ProblemError(error.pointer(), error.line(), error.column(), error.value(), error.message()))
                .toList();
        List<ProblemError> notices = result.notices().stream()
                .map(notice -> new ProblemError(
                        notice.pointer(), notice.line(), notice.column(), notice.value(), notice.message()))
                .toList();
        Optional<DefinitionFacts> facts =
                errors.isEmpty() ? result.definition().map(Definitions::facts) : Optional.empty();
        return new DefinitionFindings(facts, errors.isEmpty() || isYaml(text.content()), errors, notices);
    }

    /** The engine's view of a definition. */
    public DefinitionResult read(DefinitionText text) {
        return DefinitionReader.read(
                text.content(),
                new DefinitionSource(NAME, text.baseDirectory(), Path.of("").toAbsolutePath(), System.getenv()));
    }

    private static DefinitionFacts facts(Definition definition) {
        return new DefinitionFacts(
                definition.experiment().name(),
                definition.experiment().description(),
                definition.experiment().tags(),
                definition.hosts().size(),
                definition.processCount(),
                definition.general().seed(),
                definition.general().stopNanos());
    }

    /** YAML is not enough for what calls itself JSON. */
    private Optional<ProblemError> jsonMistake(String content) {
        try (JsonParser parser = mapper.createParser(content)) {
            if (parser.nextToken() == null) {
                return Optional.of(new ProblemError("", 1, 1, "", "there is nothing"));
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                return Optional.of(new ProblemError(
                        "",
                        parser.currentTokenLocation().getLineNr(),
                        parser.currentTokenLocation().getColumnNr(),
                        "",
                        "something follows the end of the definition"));
            }
            return Optional.empty();
        } catch (JacksonException mistake) {
            return Optional.of(JsonMistake.of(mistake));
        }
    }

    /** Asked only where there are errors: tells broken syntax from wrong contents. */
    private static boolean isYaml(String content) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        boolean[] anything = new boolean[1];
        try {
            new Parse(settings).parseString(content).forEach(event -> anything[0] = true);
            return anything[0];
        } catch (YamlEngineException | IllegalArgumentException | IndexOutOfBoundsException broken) {
            return false;
        }
    }
}
