package dev.gnomon.definition;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses a name stands for: of a host its own; of counted hosts, by the name that they have in common, those of all of
 * them. A host's name comes before theirs.
 */
public final class HostAddresses {
    private static final int[] NONE = {};

    private final Map<String, int[]> addresses = new HashMap<>();
    private final Map<List<String>, int[]> ofSeveral = new HashMap<>();

    public HostAddresses(List<HostDefinition> hosts) {
        Map<String, Integer> filled = new HashMap<>();
        for (HostDefinition host : hosts) {
            if (host.group().isPresent()) {
                HostGroup group = host.group().get();
                int[] all = addresses.computeIfAbsent(group.name(), name -> new int[group.count()]);
                all[filled.merge(group.name(), 1, Integer::sum) - 1] = host.ipv4Address();
            }
        }
        for (HostDefinition host : hosts) {
            addresses.put(host.name(), new int[] {host.ipv4Address()});
        }
    }

    /** The first name that stands for nothing. */
    Optional<String> unknown(List<String> names) {
        return names.stream().filter(name -> !addresses.containsKey(name)).findFirst();
    }

    /** All addresses, in the order of the names; of one name in that of the hosts. Not to be modified. */
    public int[] of(List<String> names) {
        if (names.size() == 1) {
            return addresses.getOrDefault(names.get(0), NONE);
        }
        // Hosts of one description ask for the same names.
        return ofSeveral.computeIfAbsent(names, this::joined);
    }

    private int[] joined(List<String> names) {
        return names.stream()
                .map(name -> addresses.getOrDefault(name, NONE))
                .flatMapToInt(Arrays::stream)
                .toArray();
    }
}
