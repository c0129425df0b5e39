package dev.gnomon.definition;

import java.util.List;
import java.util.Optional;

/**
 * A host.
 *
 * @param name letters, digits, {@code .}, {@code -} and {@code _}; unique, also without regard to case
 * @param networkNodeId identifier of its node in the graph
 * @param ipv4Address its address, most significant byte first: 11.0.0.1 is 0x0b000001
 * @param bandwidthDownBitsPerSecond greater than 0
 * @param bandwidthUpBitsPerSecond greater than 0
 * @param options what to record of it
 * @param processes in the order of the file; may be empty
 * @param group the hosts of the same description, where that has a {@code count}
 */
public record HostDefinition(
        String name,
        long networkNodeId,
        int ipv4Address,
        long bandwidthDownBitsPerSecond,
        long bandwidthUpBitsPerSecond,
        HostOptions options,
        List<ProcessDefinition> processes,
        Optional<HostGroup> group) {

    public HostDefinition {
        processes = List.copyOf(processes);
    }

    /** The address as text, such as {@code 11.0.0.1}. */
    public String ipv4AddressText() {
        return Ipv4Text.format(ipv4Address);
    }

    /** Whether the host starts programs, and not only applications. */
    public boolean startsPrograms() {
        return processes.stream().anyMatch(process -> process.application().isEmpty());
    }
}
