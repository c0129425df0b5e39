package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResolvedDefinitionTest {
    private static final String FULL = """
            experiment: {name: "N\u00e4me \\"x\\"", description: d, tags: [b, a]}
            general:
              stop_time: 90 s
              seed: 9223372036854775807
              parallelism: 2
              bootstrap_end_time: 1500 ms
              heartbeat_interval: null
              log_level: trace
              progress: true
              model_unblocked_syscall_latency: true
              local_calls: off
              prepared_images: off
            network:
              use_shortest_path: false
              graph:
                type: gml
                inline: |
                  graph [
                    directed 1
                    node [ id 5 label "five" host_bandwidth_down "10 Mbit" host_bandwidth_up "1 Kbit" ]
                    edge [ source 5 target 5 latency "7 ns" jitter "1 ns" packet_loss 0.125 ]
                  ]
            host_option_defaults: {pcap_enabled: true, log_level: warning}
            hosts:
              zoe: {network_node_id: 5, ip_addr: 1.2.3.4, processes: [{path: sh, args: "-c 'exit 1'", expected_final_state: {exited: 1}}]}
              adam:
                network_node_id: 5
                bandwidth_up: 3 bit
                processes:
                  - {path: sh, environment: {Z: z, A: a}, start_time: 1 ns, shutdown_time: 2 us, shutdown_signal: 9, expected_final_state: {signaled: 9}}
                  - {path: /bin/sh, expected_final_state: running}
            experimental: {interface_qdisc: round-robin, runahead: 1 ms, strace_logging_mode: standard, use_sched_fifo: true}
            """;

    @Test
    void theTextIsADefinitionThatMeansTheSame() {
        Definition definition = Definitions.right(FULL);
        String json = ResolvedDefinition.toJson(definition);
        DefinitionResult again = Definitions.read(json);

        assertThat(again.errors()).isEmpty();
        assertThat(again.notices()).extracting(DefinitionNotice::pointer).containsExactly("/general/log_level");
        Definition read = again.definition().orElseThrow();
        assertThat(ResolvedDefinition.toJson(read)).isEqualTo(json);
        assertThat(read.general()).isEqualTo(definition.general());
        assertThat(read.experimental()).isEqualTo(definition.experimental());
        assertThat(read.experiment()).isEqualTo(definition.experiment());
        assertThat(read.network().graph().toGml())
                .isEqualTo(definition.network().graph().toGml());
        assertThat(read.host("adam").orElseThrow().processes().get(0).arguments())
                .isEmpty();
        assertThat(read.host("zoe"))
                .isEqualTo(definition
                        .host("zoe")
                        .map(host -> new HostDefinition(
                                host.name(),
                                host.networkNodeId(),
                                host.ipv4Address(),
                                host.bandwidthDownBitsPerSecond(),
                                host.bandwidthUpBitsPerSecond(),
                                host.options(),
                                read.host("zoe").orElseThrow().processes(),
                                host.group())));
        ProcessDefinition zoes = read.host("zoe").orElseThrow().processes().get(0);
        assertThat(zoes.arguments()).containsExactly("-c", "exit 1");
        assertThat(zoes.path()).isEqualTo("/usr/bin/sh");
    }

    @Test
    void countedHostsStayOneDescription() {
        Definition definition = Definitions.right("""
                general: {stop_time: 9 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  b:
                    network_node_id: 0
                    count: 12
                    processes: [{path: sh, args: [-c, "${host} $${index}"], environment: {N: "${index}"}}]
                  b10x: {network_node_id: 0, processes: []}
                  a: {network_node_id: 0, processes: [], ip_addr: 11.0.0.3}
                  c: {network_node_id: 0, processes: [], count: 1, ip_addr: 11.0.0.5}
                """);
        String json = ResolvedDefinition.toJson(definition);
        JsonNode hosts = JsonMapper.builder().build().readTree(json).get("hosts");

        assertThat(hosts.propertyNames()).containsExactly("a", "b", "b10x", "c");
        assertThat(hosts.at("/b/count").asInt()).isEqualTo(12);
        assertThat(hosts.get("b").has("ip_addr")).isFalse();
        assertThat(hosts.at("/c/ip_addr").asString()).isEqualTo("11.0.0.5");
        Definition again = Definitions.right(json);
        assertThat(ResolvedDefinition.toJson(again)).isEqualTo(json);
        assertThat(again.hosts())
                .extracting(HostDefinition::name, HostDefinition::ipv4AddressText)
                .isEqualTo(definition.hosts().stream()
                        .map(host -> tuple(host.name(), host.ipv4AddressText()))
                        .toList());
        ProcessDefinition tenth = again.host("b10").orElseThrow().processes().get(0);
        assertThat(tenth.arguments()).containsExactly("-c", "b10 ${index}");
        assertThat(tenth.environment()).containsEntry("N", "10");
    }

    @Test
    void everythingIsFilledInAndOrdered() {
        String json = ResolvedDefinition.toJson(Definitions.right(FULL));
        JsonNode tree = JsonMapper.builder().build().readTree(json);

        assertThat(json).endsWith("}\n").doesNotContain("\r");
        assertThat(tree.propertyNames()).containsExactly("experiment", "general", "network", "hosts", "experimental");
        assertThat(tree.get("hosts").propertyNames()).containsExactly("adam", "zoe");
        assertThat(tree.at("/hosts/adam/ip_addr").asString()).isEqualTo("11.0.0.1");
        assertThat(tree.at("/hosts/adam/bandwidth_down").asString()).isEqualTo("10 Mbit");
        assertThat(tree.at("/hosts/adam/host_options/pcap_enabled").asBoolean()).isTrue();
        assertThat(tree.at("/hosts/adam/processes/0/shutdown_signal").asString())
                .isEqualTo("SIGKILL");
        assertThat(tree.at("/experimental/socket_recv_buffer").asString()).isEqualTo("174760 B");
        assertThat(tree.at("/general/heartbeat_interval").isNull()).isTrue();
        assertThat(tree.at("/general/stop_time").asString()).isEqualTo("90 s");
    }

    @Test
    void anotherSeedChangesTheSeedAlone() {
        Definition definition = Definitions.right(FULL);
        assertThat(ResolvedDefinition.toJson(definition.withSeed(7)))
                .isEqualTo(ResolvedDefinition.toJson(definition).replace("9223372036854775807", "7"));
        assertThat(definition.withSeed(7).withSeed(Long.MAX_VALUE)).isEqualTo(definition);
    }
}
