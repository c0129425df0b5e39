package dev.gnomon.definition;

import dev.gnomon.guest.Mechanism;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Reads {@code experiment}. */
final class ExperimentReader {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_DESCRIPTION = 10_000;
    private static final int LONGEST_TAG = 100;
    private static final int MOST_TAGS = 100;

    private ExperimentReader() {}

    static ExperimentDescription read(Value value) {
        Section experiment = Section.orEmpty(value, DefinitionKeys.EXPERIMENT);
        experiment.refuse("seeds");
        experiment.refuse("sweep");
        experiment.refuse("checks");
        Optional<Mechanism> mechanism = mechanism(experiment.value("mechanism"));
        String name = line(experiment.value("name"), LONGEST_NAME).orElse(ExperimentDescription.DEFAULT_NAME);
        Value description = experiment.value("description");
        String text = description.string().orElse("");
        if (text.length() > LONGEST_DESCRIPTION) {
            description.error("must be no longer than " + LONGEST_DESCRIPTION + " characters");
        }
        Set<String> tags = new LinkedHashSet<>();
        for (Value tag : experiment.value("tags").items()) {
            if (tag.isNull()) {
                tag.error("must not be empty");
            }
            line(tag, LONGEST_TAG).ifPresent(tags::add);
        }
        if (tags.size() > MOST_TAGS) {
            experiment.value("tags").error("must be no more than " + MOST_TAGS);
        }
        return new ExperimentDescription(name, text, new ArrayList<>(tags), mechanism);
    }

    /** How the shim comes into programs: for an experiment, or for one process. */
    static Optional<Mechanism> mechanism(Value value) {
        return Optional.ofNullable(value.choice(Mechanism.class, null));
    }

    private static Optional<String> line(Value value, int longest) {
        Optional<String> text = value.string();
        if (text.isPresent() && (text.get().isBlank() || text.get().length() > longest)) {
            value.error("must be 1 to " + longest + " characters long");
        } else if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
            value.error("must be a single line without control characters");
        }
        return text;
    }
}
