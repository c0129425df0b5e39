package dev.gnomon.service.definition;

import java.util.List;

/**
 * What lists show of a definition.
 *
 * @param name {@code experiment.name}, or {@code "untitled"}
 * @param description {@code experiment.description}, or empty
 * @param tags {@code experiment.tags}
 * @param hosts number of hosts
 * @param processes number of processes that it starts
 * @param seed {@code general.seed}
 * @param stopNanos {@code general.stop_time} in nanoseconds
 */
public record DefinitionFacts(
        String name, String description, List<String> tags, int hosts, int processes, long seed, long stopNanos) {

    public DefinitionFacts {
        tags = List.copyOf(tags);
    }
}
