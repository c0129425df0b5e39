package dev.gnomon.definition;

import dev.gnomon.application.TrafficSettings;
import dev.gnomon.graph.NetworkGraph;
import dev.gnomon.host.Internet;
import dev.gnomon.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Reads {@code hosts} and gives addresses to those that ask for none. */
final class HostReader {
    /** 11.0.0.0; the first address given is the next one. */
    private static final int BEFORE_FIRST_ADDRESS = 11 << 24;

    private static final int NAME_SERVER =
            Ipv4Text.parse(Internet.NAME_SERVER_TEXT).orElseThrow();

    private static final long MAXIMUM_NODE_ID = 0xffff_ffffL;

    private final ProcessReader processReader;
    private final HostOptions defaults;
    private final Optional<NetworkGraph> graph;
    private final HostNames names = new HostNames();
    private final Map<Integer, String> owners = new HashMap<>();
    private final TreeMap<String, Member> hosts = new TreeMap<>();

    /** @param graph empty where it is wrong, so that nothing is held against the hosts that depends on it */
    HostReader(ProcessReader processReader, HostOptions defaults, Optional<NetworkGraph> graph) {
        this.processReader = processReader;
        this.defaults = defaults;
        this.graph = graph;
    }

    /** What describes a host, or several, before addresses are given out. */
    private record Host(
            long node,
            OptionalInt address,
            long bandwidthDown,
            long bandwidthUp,
            HostOptions options,
            List<ProcessDefinition> processes,
            Optional<HostGroup> group) {}

    /** A host by its description. @param number of a counted host, from 1; otherwise 0 */
    private record Member(Host host, int number) {}

    /** The hosts in alphabetical order. */
    List<HostDefinition> read(Value value) {
        Map<String, Value> entries = value.entries();
        if (value.node() instanceof YamlMapping && entries.isEmpty()) {
            value.error("must name at least one host");
        }
        entries.forEach((name, host) -> {
            HostNames.mistake(name).ifPresent(mistake -> nameError(host, name, mistake));
            if (host.isNull()) {
                host.error("must be a mapping with at least network_node_id and processes");
            }
            Optional<Section> section = Section.of(host, DefinitionKeys.HOST);
            if (section.isPresent()) {
                add(name, host, section.get());
            } else {
                names.take(name).ifPresent(mistake -> nameError(host, name, mistake));
            }
        });
        List<HostDefinition> definitions = assignAddresses();
        checkTargets(definitions);
        return definitions;
    }

    /** Applications send to hosts that there are, and to others than their own. */
    private void checkTargets(List<HostDefinition> definitions) {
        HostAddresses addresses = new HostAddresses(definitions);
        for (HostDefinition definition : definitions) {
            // In the same order, as the file has them.
            List<ProcessDefinition> described =
                    definition.group().map(HostGroup::processes).orElse(definition.processes());
            for (int index = 0; index < described.size(); index++) {
                if (definition.processes().get(index).application().orElse(null) instanceof TrafficSettings traffic) {
                    TrafficSettings written =
                            (TrafficSettings) described.get(index).application().orElseThrow();
                    checkTargets(definition, traffic, processReader.targetsOf(written), addresses);
                }
            }
        }
    }

    private static void checkTargets(
            HostDefinition host, TrafficSettings traffic, Value place, HostAddresses addresses) {
        Optional<String> unknown = addresses.unknown(traffic.to());
        if (unknown.isPresent()) {
            place.error("there is no host \"" + Problems.shortened(unknown.get()) + "\"");
        } else if (!traffic.to().isEmpty()) {
            for (int address : addresses.of(traffic.to())) {
                if (address != host.ipv4Address()) {
                    return;
                }
            }
            place.error("names no other host than \"" + host.name() + "\" itself");
        }
    }

    private void add(String name, Value place, Section section) {
        Value count = section.value("count");
        if (!count.isPresent()) {
            names.take(name).ifPresent(mistake -> nameError(place, name, mistake));
            hosts.put(name, new Member(host(name, place, section, 0), 0));
            return;
        }
        int wanted = (int) count.integer(1, HostGroup.LARGEST_COUNT, 1);
        Host host = host(name, place, section, wanted);
        if (hosts.size() + wanted > HostGroup.LARGEST_COUNT) {
            count.error("there would be more than " + HostGroup.LARGEST_COUNT + " hosts");
            return;
        }
        boolean right = HostNames.mistake(name).isEmpty();
        for (int number = 1; number <= wanted; number++) {
            String own = host.group.orElseThrow().hostName(number);
            Optional<String> mistake = right ? HostNames.mistake(own) : Optional.empty();
            if (mistake.isEmpty()) {
                mistake = names.take(own);
            }
            if (mistake.isPresent()) {
                nameError(place, own, mistake.get());
                return;
            }
            hosts.put(own, new Member(host, number));
        }
    }

    private static void nameError(Value host, String name, String mistake) {
        host.problems().error(host.pointer(), host.line(), host.column(), name, "the name of a host " + mistake);
    }

    static HostOptions options(Value value, HostOptions defaults) {
        Section section = Section.orEmpty(value, DefinitionKeys.HOST_OPTIONS);
        Value logLevel = section.value("log_level");
        logLevel.withoutEffect("log_level");
        Optional<LogLevel> level = defaults.logLevel();
        if (logLevel.isNull()) {
            level = Optional.empty();
        } else if (logLevel.isPresent()) {
            level = Optional.of(logLevel.choice(LogLevel.class, LogLevel.INFO));
        }
        Value captureSize = section.value("pcap_capture_size");
        long captureBytes = captureSize.bytes(defaults.pcapCaptureSizeBytes());
        if (captureBytes < 1 || captureBytes > Integer.MAX_VALUE) {
            captureSize.error("must be from 1 B to " + Integer.MAX_VALUE + " B");
            captureBytes = defaults.pcapCaptureSizeBytes();
        }
        return new HostOptions(
                level,
                section.value("pcap_enabled").bool(defaults.pcapEnabled()),
                (int) captureBytes,
                interruptInterval(section.value("interrupt_interval"), defaults));
    }

    private static long interruptInterval(Value value, HostOptions defaults) {
        long nanos = value.nanos(defaults.interruptIntervalNanos());
        if (nanos < 0 || nanos > HostOptions.LONGEST_INTERRUPT_INTERVAL_NANOS) {
            value.error("must be from 0 s to " + Quantity.formatNanos(HostOptions.LONGEST_INTERRUPT_INTERVAL_NANOS));
            return defaults.interruptIntervalNanos();
        }
        return nanos;
    }

    /** @param count 0 where the section has none */
    private Host host(String name, Value place, Section section, int count) {
        Value nodeId = section.required("network_node_id", "the node of the graph that the host is at");
        long node = nodeId.integer(0, MAXIMUM_NODE_ID, -1);
        int index = -1;
        if (graph.isPresent() && node >= 0) {
            index = graph.get().nodeIndex(node);
            if (index < 0) {
                nodeId.error("the graph has no node " + node);
                node = -1;
            }
        }
        long down = bandwidth(
                place,
                section.value("bandwidth_down"),
                "host_bandwidth_down",
                index < 0 ? -1 : graph.orElseThrow().bandwidthDownBitsPerSecond(index),
                node);
        long up = bandwidth(
                place,
                section.value("bandwidth_up"),
                "host_bandwidth_up",
                index < 0 ? -1 : graph.orElseThrow().bandwidthUpBitsPerSecond(index),
                node);
        List<ProcessDefinition> processes =
                processReader.read(section.required("processes", "what the host runs; [] for nothing"));
        Value address = section.value("ip_addr");
        if (count > 1 && address.isPresent()) {
            address.error("must not be given together with a count: only one host can have an address");
            address = address.absent();
        }
        return new Host(
                node,
                address(name, address),
                down,
                up,
                options(section.value("host_options"), defaults),
                processes,
                count == 0 ? Optional.empty() : Optional.of(new HostGroup(name, count, processes)));
    }

    /** @param ofNode bits per second; 0 where the node has none, -1 where the node is not known */
    private static long bandwidth(Value host, Value value, String nodeKey, long ofNode, long node) {
        if (value.isPresent()) {
            long own = value.bitsPerSecond(1);
            if (own == 0) {
                value.error("must be greater than 0");
            }
            return own;
        }
        if (ofNode == 0) {
            value.problems()
                    .error(
                            value.pointer(),
                            host.line(),
                            host.column(),
                            "",
                            "neither this host nor its node " + node + " has a bandwidth: set it here, or " + nodeKey
                                    + " at the node");
        }
        return ofNode;
    }

    private OptionalInt address(String name, Value value) {
        Optional<String> text = value.string();
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        OptionalInt address = Ipv4Text.parse(text.get());
        if (address.isEmpty()) {
            value.error("must be an IPv4 address such as 11.0.0.1");
            return address;
        }
        int bits = address.getAsInt();
        String mistake = null;
        if (bits == 0) {
            mistake = "must not be the unspecified address";
        } else if (bits >>> 24 == 127) {
            mistake = "must not be a loopback address (127.0.0.0/8)";
        } else if (bits >>> 28 == 14) {
            mistake = "must not be a multicast address (224.0.0.0/4)";
        } else if (bits == -1) {
            mistake = "must not be the broadcast address";
        } else if (bits == NAME_SERVER) {
            mistake = "is the address of the simulated network's name server";
        } else {
            String other = owners.putIfAbsent(bits, name);
            if (other != null) {
                mistake = "host \"" + other + "\" has this address already";
            }
        }
        if (mistake != null) {
            value.error(mistake);
        }
        return address;
    }

    /** As Shadow does: upwards from 11.0.0.1, without those that end in 0 or 255 and those that are taken. */
    private List<HostDefinition> assignAddresses() {
        List<HostDefinition> definitions = new ArrayList<>(hosts.size());
        int last = BEFORE_FIRST_ADDRESS;
        for (Map.Entry<String, Member> entry : hosts.entrySet()) {
            Host host = entry.getValue().host;
            int number = entry.getValue().number;
            int address;
            if (host.address.isPresent()) {
                address = host.address.getAsInt();
            } else {
                do {
                    last++;
                } while ((last & 255) == 0 || (last & 255) == 255 || owners.containsKey(last));
                address = last;
            }
            definitions.add(new HostDefinition(
                    entry.getKey(),
                    host.node,
                    address,
                    host.bandwidthDown,
                    host.bandwidthUp,
                    host.options,
                    host.group.map(group -> group.processesOf(number)).orElse(host.processes),
                    host.group));
        }
        return definitions;
    }
}
