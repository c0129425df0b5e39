package dev.gnomon.definition;

import dev.gnomon.guest.Mechanism;
import java.util.List;
import java.util.Optional;

/**
 * What an experiment says of itself.
 *
 * @param name {@code untitled} where none is given
 * @param description empty where none is given
 * @param mechanism of its processes, unless they say otherwise; empty where whatever is permitted will do
 * @param tags in the order of the file, without repetitions
 */
public record ExperimentDescription(String name, String description, List<String> tags, Optional<Mechanism> mechanism) {
    public static final String DEFAULT_NAME = "untitled";

    public ExperimentDescription {
        tags = List.copyOf(tags);
    }
}
