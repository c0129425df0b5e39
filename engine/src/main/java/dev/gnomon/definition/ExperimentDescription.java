package dev.gnomon.definition;

import java.util.List;

/**
 * What an experiment says of itself.
 *
 * @param name {@code untitled} where none is given
 * @param description empty where none is given
 * @param tags in the order of the file, without repetitions
 */
public record ExperimentDescription(String name, String description, List<String> tags) {
    public static final String DEFAULT_NAME = "untitled";

    public ExperimentDescription {
        tags = List.copyOf(tags);
    }
}
