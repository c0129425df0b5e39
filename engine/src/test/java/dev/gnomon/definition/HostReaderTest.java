package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostReaderTest {
    private static final String HEAD = """
            general: {stop_time: 10 s}
            network:
              graph:
                type: gml
                inline: |
                  graph [
                    node [ id 0 host_bandwidth_down "10 Mbit" host_bandwidth_up "5 Mbit" ]
                    node [ id 4 ]
                    edge [ source 0 target 0 latency "1 ms" ]
                    edge [ source 4 target 4 latency "1 ms" ]
                    edge [ source 0 target 4 latency "1 ms" ]
                  ]
            """;

    private static DefinitionResult hosts(String lines) {
        return Definitions.read(HEAD + "hosts:\n" + lines.indent(2));
    }

    private static String host(String name, String rest) {
        return name + ": {network_node_id: 0, processes: []" + rest + "}\n";
    }

    @Test
    void addressesAreGivenInAlphabeticalOrderAroundThoseThatAreTaken() {
        DefinitionResult result = hosts(host("delta", "")
                + host("alpha", ", ip_addr: 11.0.0.2")
                + host("Zulu", "")
                + host("charlie", "")
                + host("bravo", ", ip_addr: 10.0.0.0"));

        assertThat(result.errors()).isEmpty();
        assertThat(result.definition().orElseThrow().hosts())
                .extracting(HostDefinition::name, HostDefinition::ipv4AddressText)
                .containsExactly(
                        tuple("Zulu", "11.0.0.1"),
                        tuple("alpha", "11.0.0.2"),
                        tuple("bravo", "10.0.0.0"),
                        tuple("charlie", "11.0.0.3"),
                        tuple("delta", "11.0.0.4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "127.0.0.1",
                "127.255.0.3",
                "224.0.0.1",
                "239.1.2.3",
                "255.255.255.255",
                "192.0.2.53",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "::1",
                "host",
                "1..2.3",
                "1234567890"
            })
    void addressesThatAHostCannotHaveAreRefused(String address) {
        DefinitionResult result = hosts(host("a", ", ip_addr: '" + address + "'"));
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer, DefinitionError::value)
                .containsExactly(tuple(14, "/hosts/a/ip_addr", address));
    }

    @Test
    void anAddressIsGivenOnce() {
        DefinitionResult result = hosts(host("a", ", ip_addr: 11.0.0.9") + host("b", ", ip_addr: 11.0.0.9"));
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::message)
                .containsExactly(tuple(15, "host \"a\" has this address already"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-1", "a_b.c-d", "9", "www.example.org", "10.0.0.1.example", "x-host"})
    void namesOfHosts(String name) {
        assertThat(hosts(host("'" + name + "'", "")).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "-a", ".", "..", "_a", "a/b", "../a", "a..b", "a.", "\u00e4", "1.2.3.4", "a:b", "a*"})
    void namesThatNoHostCanHave(String name) {
        assertThat(hosts(host("'" + name + "'", "")).errors())
                .extracting(DefinitionError::line, DefinitionError::column, DefinitionError::value)
                .containsExactly(tuple(14, 3, name));
    }

    @Test
    void namesDifferInMoreThanCase() {
        DefinitionResult result = hosts(host("alice", "") + host("Alice", ""));
        assertThat(result.errors()).extracting(DefinitionError::line).containsExactly(15);
        assertThat(result.errors().get(0).message()).contains("only in case");
        assertThat(hosts(host("a".repeat(64), "")).errors()).hasSize(1);
        assertThat(hosts(host("a.".repeat(127) + "a", "")).errors()).hasSize(1);
        assertThat(hosts(host("a.".repeat(126) + "a", "")).errors()).isEmpty();
    }

    @Test
    void bandwidthIsTheHostsOrElseTheNodes() {
        Definition definition = hosts(host("a", ", bandwidth_down: 1 Mbit")
                        + "b: {network_node_id: 4, processes: [], bandwidth_down: 2 Mbit, bandwidth_up: 3 Mbit}\n")
                .definition()
                .orElseThrow();
        assertThat(definition.hosts())
                .extracting(HostDefinition::bandwidthDownBitsPerSecond, HostDefinition::bandwidthUpBitsPerSecond)
                .containsExactly(tuple(1_000_000L, 5_000_000L), tuple(2_000_000L, 3_000_000L));

        DefinitionResult missing = hosts("b: {network_node_id: 4, processes: [], bandwidth_up: 0}\n");
        assertThat(missing.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer)
                .containsExactlyInAnyOrder(tuple(14, "/hosts/b/bandwidth_down"), tuple(14, "/hosts/b/bandwidth_up"));
    }

    @Test
    void theNodeMustBeInTheGraph() {
        DefinitionResult result = hosts("a: {network_node_id: 3, processes: []}\n");
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::value, DefinitionError::message)
                .containsExactly(tuple(14, "3", "the graph has no node 3"));
    }

    @Test
    void whatIsMissingIsNamedAtTheHost() {
        DefinitionResult result = hosts("a: {}\nb:\nc: 5\n");
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer)
                .containsExactlyInAnyOrder(
                        tuple(14, "/hosts/a/network_node_id"),
                        tuple(14, "/hosts/a/processes"),
                        tuple(15, "/hosts/b"),
                        tuple(16, "/hosts/c"));
        assertThat(Definitions.read(HEAD + "hosts: {}\n").errors())
                .extracting(DefinitionError::message)
                .containsExactly("must name at least one host");
        assertThat(Definitions.read(HEAD).errors())
                .extracting(DefinitionError::pointer)
                .containsExactly("/hosts");
    }

    @Test
    void hostOptionsStandOverTheDefaults() {
        Definition definition = Definitions.right(HEAD + """
                host_option_defaults: {pcap_enabled: true, pcap_capture_size: 96 B, log_level: debug, interrupt_interval: 50 us}
                hosts:
                  a: {network_node_id: 0, processes: []}
                  b: {network_node_id: 0, processes: [], host_options: {pcap_enabled: false, log_level: null, interrupt_interval: 0 s}}
                  c: {network_node_id: 0, processes: [], host_options: {pcap_capture_size: 1 KiB, log_level: trace}}
                """);
        assertThat(definition.hosts())
                .extracting(HostDefinition::options)
                .containsExactly(
                        new HostOptions(Optional.of(LogLevel.DEBUG), true, 96, 50_000),
                        new HostOptions(Optional.empty(), false, 96, 0),
                        new HostOptions(Optional.of(LogLevel.TRACE), true, 1024, 50_000));
    }

    @Test
    void interruptsAreNoFurtherApartThanDriversPermit() {
        assertThat(hosts(host("a", ", host_options: {interrupt_interval: 10 ms}"))
                        .errors())
                .isEmpty();
        assertThat(hosts(host("a", ", host_options: {interrupt_interval: 10001 us}"))
                        .errors())
                .extracting(DefinitionError::pointer, DefinitionError::message)
                .containsExactly(tuple("/hosts/a/host_options/interrupt_interval", "must be from 0 s to 10 ms"));
    }

    @Test
    void countedHostsAreNumberedFromOne() {
        Definition definition = hosts(
                        host("b", ", count: 11") + host("a", ", count: 1, ip_addr: 11.0.0.2") + host("c", ", count: ~"))
                .definition()
                .orElseThrow();
        assertThat(definition.hosts())
                .extracting(HostDefinition::name, HostDefinition::ipv4AddressText)
                .containsExactly(
                        tuple("a1", "11.0.0.2"),
                        tuple("b1", "11.0.0.1"),
                        tuple("b10", "11.0.0.3"),
                        tuple("b11", "11.0.0.4"),
                        tuple("b2", "11.0.0.5"),
                        tuple("b3", "11.0.0.6"),
                        tuple("b4", "11.0.0.7"),
                        tuple("b5", "11.0.0.8"),
                        tuple("b6", "11.0.0.9"),
                        tuple("b7", "11.0.0.10"),
                        tuple("b8", "11.0.0.11"),
                        tuple("b9", "11.0.0.12"),
                        tuple("c", "11.0.0.13"));
        assertThat(definition.host("b7")).contains(definition.hosts().get(9));
        assertThat(definition.host("b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "many", "[]", "1000001"})
    void countsThatCannotBe(String count) {
        assertThat(hosts(host("a", ", count: " + count)).errors())
                .extracting(DefinitionError::line, DefinitionError::pointer, DefinitionError::message)
                .containsExactly(tuple(14, "/hosts/a/count", "must be a whole number from 1 to 1000000"));
    }

    @Test
    void severalHostsCannotShareAnAddress() {
        assertThat(hosts(host("a", ", count: 2, ip_addr: 11.0.0.9") + host("b", ", ip_addr: 11.0.0.9"))
                        .errors())
                .extracting(DefinitionError::line, DefinitionError::pointer, DefinitionError::message)
                .containsExactly(tuple(
                        14,
                        "/hosts/a/ip_addr",
                        "must not be given together with a count: only one host can have an address"));
    }

    @Test
    void generatedNamesAreTheHostsOwn() {
        assertThat(hosts(host("a", ", count: 3") + host("A2", "") + host("b1", "") + host("b", ", count: 2"))
                        .errors())
                .extracting(DefinitionError::line, DefinitionError::value, DefinitionError::message)
                .containsExactly(
                        tuple(
                                15,
                                "A2",
                                "the name of a host differs from host \"a2\" only in case, which names on a network do not"),
                        tuple(17, "b1", "the name of a host is given to another host already"));
        assertThat(hosts(host("'1.2.3.4x'", ", count: 2")).errors()).isEmpty();
        assertThat(hosts(host("1.2.3", ", count: 2")).errors()).isEmpty();
        assertThat(hosts(host("a".repeat(62), ", count: 10")).errors())
                .extracting(DefinitionError::line, DefinitionError::message)
                .containsExactly(
                        tuple(14, "the name of a host must have 1 to 63 characters in each part between dots"));
        assertThat(hosts(host("b.-", ", count: 900000") + host("c", ", count: 200000"))
                        .errors())
                .extracting(DefinitionError::line, DefinitionError::message)
                .containsExactly(tuple(15, "there would be more than 1000000 hosts"));
    }

    @Test
    void placeholdersStandForTheHostWhereHostsAreCounted() {
        String processes =
                "a: {network_node_id: 0, %s processes: [{path: sh, args: [-c, '${host}:${index}', '$${host}$', "
                        + "'${other}$$'], environment: {V: 'x${index}'}}]}\n";
        ProcessDefinition counted = hosts(processes.formatted("count: 2,"))
                .definition()
                .orElseThrow()
                .host("a2")
                .orElseThrow()
                .processes()
                .get(0);
        assertThat(counted.arguments()).containsExactly("-c", "a2:2", "${host}$", "${other}$$");
        assertThat(counted.environment()).containsEntry("V", "x2");
        ProcessDefinition alone = hosts(processes.formatted(""))
                .definition()
                .orElseThrow()
                .host("a")
                .orElseThrow()
                .processes()
                .get(0);
        assertThat(alone.arguments()).containsExactly("-c", "${host}:${index}", "$${host}$", "${other}$$");
        assertThat(alone.environment()).containsEntry("V", "x${index}");
    }

    @Test
    void aHundredThousandHostsShareWhatIsAlike() {
        Definition definition = hosts("h: {network_node_id: 0, count: 100000, processes: [{path: sh, args: hello}]}\n")
                .definition()
                .orElseThrow();
        assertThat(definition.hosts()).hasSize(100_000);
        assertThat(definition.processCount()).isEqualTo(100_000);
        HostDefinition first = definition.hosts().get(0);
        assertThat(definition.hosts())
                .allMatch(host ->
                        host.processes().get(0) == first.processes().get(0) && host.options() == first.options());
        assertThat(definition.hosts().stream()
                        .mapToInt(HostDefinition::ipv4Address)
                        .distinct())
                .hasSize(100_000);
        assertThat(definition.hosts().get(99_999).ipv4AddressText()).isEqualTo("11.1.137.178");
        assertThat(ResolvedDefinition.toJson(definition)).hasSizeLessThan(5_000);
    }
}
