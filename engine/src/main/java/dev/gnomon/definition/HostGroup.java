package dev.gnomon.definition;

import java.util.List;

/**
 * Hosts that one description of the file makes, by {@code count}.
 *
 * @param name as the file has it; a host's own name is this and its number, from 1
 * @param count how many there are, from 1
 * @param processes as the file has them: {@link HostPlaceholders} in them are still there
 */
public record HostGroup(String name, int count, List<ProcessDefinition> processes) {
    /** As many as the arena has room for in 47 bits of addresses. */
    static final int LARGEST_COUNT = 1_000_000;

    public HostGroup {
        processes = List.copyOf(processes);
    }

    String hostName(int number) {
        return name + number;
    }

    List<ProcessDefinition> processesOf(int number) {
        String host = hostName(number);
        return processes.stream().map(process -> process.onHost(host, number)).toList();
    }
}
