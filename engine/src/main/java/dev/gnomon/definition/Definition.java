package dev.gnomon.definition;

import java.util.List;
import java.util.Optional;

/**
 * An experiment: everything that its file says, validated, with defaults filled in and addresses assigned. Immutable, and
 * not tied to a run: a run brings its own seed and data directory.
 *
 * @param sourceName the file's name as it stands in messages
 * @param text the file as given
 * @param experiment its name, description and tags
 * @param general seed, times, output
 * @param network the graph and how paths are found in it
 * @param hosts in alphabetical order of their names
 * @param experimental settings of {@code experimental}
 */
public record Definition(
        String sourceName,
        String text,
        ExperimentDescription experiment,
        GeneralOptions general,
        NetworkOptions network,
        List<HostDefinition> hosts,
        ExperimentalOptions experimental) {

    public Definition {
        hosts = List.copyOf(hosts);
    }

    /** The same experiment with another seed. */
    public Definition withSeed(long seed) {
        return new Definition(sourceName, text, experiment, general.withSeed(seed), network, hosts, experimental);
    }

    /** The host of this name. */
    public Optional<HostDefinition> host(String name) {
        int low = 0;
        int high = hosts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = hosts.get(middle).name().compareTo(name);
            if (order == 0) {
                return Optional.of(hosts.get(middle));
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    /** How many processes the file starts, over all hosts. */
    public int processCount() {
        return hosts.stream().mapToInt(host -> host.processes().size()).sum();
    }
}
