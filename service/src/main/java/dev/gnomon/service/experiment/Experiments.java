package dev.gnomon.service.experiment;

import dev.gnomon.service.definition.DefinitionFacts;
import dev.gnomon.service.definition.DefinitionFindings;
import dev.gnomon.service.definition.DefinitionText;
import dev.gnomon.service.definition.Definitions;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.storage.Identifiers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Stores experiments and finds them again. */
@Service
public class Experiments {

    private final ExperimentRepository repository;
    private final DefinitionStore store;
    private final Definitions definitions;
    private final Clock clock;

    Experiments(ExperimentRepository repository, DefinitionStore store, Definitions definitions, Clock clock) {
        this.repository = repository;
        this.store = store;
        this.definitions = definitions;
        this.clock = clock;
    }

    /**
     * Stores a definition.
     *
     * @throws ProblemException where it cannot be read or is wrong; carries every mistake
     */
    @Transactional
    public ExperimentView create(DefinitionText text) {
        DefinitionFindings findings = definitions.findings(text);
        DefinitionFacts facts = findings.facts().orElseThrow(() -> refusal(findings));
        Experiment experiment = repository.saveAndFlush(new Experiment(
                Identifiers.fresh(),
                facts,
                text.mediaType(),
                sha256(text.content()),
                text.baseDirectory().toString(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        store.insert(experiment.ordinal(), text.content());
        return ExperimentView.of(experiment, 0);
    }

    private static ProblemException refusal(DefinitionFindings findings) {
        int mistakes = findings.errors().size();
        String count = mistakes == 1 ? "one mistake" : mistakes + " mistakes";
        return findings.readable()
                ? new ProblemException(
                        ProblemType.INVALID_DEFINITION, "The definition has " + count + ".", findings.errors())
                : new ProblemException(
                        ProblemType.MALFORMED_DEFINITION,
                        "The definition is neither YAML nor JSON where the first error is.",
                        findings.errors());
    }

    /** What would be said about a definition if it were to be stored. */
    DefinitionFindings validate(DefinitionText text) {
        return definitions.findings(text);
    }

    /** One page, newest first. */
    @Transactional(readOnly = true)
    ExperimentList list(int page, int size) {
        Page<Experiment> found = repository.findAllByOrderByOrdinalDesc(PageRequest.of(page, size));
        Map<Long, Long> runs =
                store.runs(found.getContent().stream().map(Experiment::ordinal).toList());
        List<ExperimentView> items = found.getContent().stream()
                .map(experiment -> ExperimentView.of(experiment, runs.getOrDefault(experiment.ordinal(), 0L)))
                .toList();
        return new ExperimentList(items, page, size, found.getTotalElements());
    }

    @Transactional(readOnly = true)
    ExperimentView view(String id) {
        Experiment experiment = find(id);
        return ExperimentView.of(
                experiment, store.runs(List.of(experiment.ordinal())).getOrDefault(experiment.ordinal(), 0L));
    }

    /**
     * The experiment of that name.
     *
     * @throws ProblemException where there is none
     */
    @Transactional(readOnly = true)
    public Experiment find(String id) {
        return repository.findNamed(id).orElseThrow(() -> ProblemException.notFound("experiment", id));
    }

    /** The definition as it was given. */
    @Transactional(readOnly = true)
    public DefinitionText definition(String id) {
        Experiment experiment = find(id);
        return new DefinitionText(
                store.content(experiment.ordinal()), experiment.mediaType(), Path.of(experiment.baseDirectory()));
    }

    /** Whether nothing was ever stored. */
    @Transactional(readOnly = true)
    public boolean isEmpty() {
        return repository.count() == 0;
    }

    private static String sha256(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
