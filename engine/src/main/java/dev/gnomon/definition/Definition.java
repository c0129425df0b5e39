package dev.gnomon.definition;

import dev.gnomon.guest.Mechanism;
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

    /** The same experiment with all its processes reached by this mechanism. */
    public Definition withMechanism(Mechanism mechanism) {
        List<HostDefinition> reached =
                hosts.stream().map(host -> host.with(mechanism)).toList();
        return new Definition(sourceName, text, experiment, general, network, reached, experimental);
    }

    /** The host of this name. */
    public Optional<HostDefinition> host(String name) {
        return hosts.stream().filter(host -> host.name().equals(name)).findFirst();
    }

    /** How many processes the file starts, over all hosts. */
    public int processCount() {
        return hosts.stream().mapToInt(host -> host.processes().size()).sum();
    }
}
