package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DefinitionReaderTest {
    private static final String SMALLEST = """
            general: {stop_time: 10 s}
            network: {graph: {type: 1_gbit_switch}}
            hosts: {alice: {network_node_id: 0, processes: [{path: sh}]}}
            """;

    @Test
    void localCallsAreOnUnlessSwitchedOff() {
        String rest = "}\nnetwork: {graph: {type: 1_gbit_switch}}\nhosts: {a: {network_node_id: 0, processes: []}}\n";
        assertThat(Definitions.right("general: {stop_time: 1 s" + rest)
                        .general()
                        .localCalls())
                .isTrue();
        for (String off : new String[] {"off", "false", "OFF", "'off'"}) {
            Definition definition = Definitions.right("general: {stop_time: 1 s, local_calls: " + off + rest);
            assertThat(definition.general().localCalls()).as(off).isFalse();
        }
        assertThat(Definitions.read("general: {stop_time: 1 s, local_calls: perhaps" + rest)
                        .errors())
                .singleElement()
                .satisfies(error -> assertThat(error.toString()).contains("true, false, on or off"));
    }

    @Test
    void theSmallestFileGetsEveryDefault() {
        Definition definition = Definitions.right(SMALLEST);

        assertThat(definition.experiment())
                .isEqualTo(new ExperimentDescription("untitled", "", List.of(), Optional.empty()));
        assertThat(definition.general())
                .isEqualTo(new GeneralOptions(
                        10_000_000_000L,
                        1,
                        0,
                        0,
                        Path.of("/nonexistent/here/gnomon.data"),
                        Optional.empty(),
                        OptionalLong.of(1_000_000_000L),
                        LogLevel.INFO,
                        false,
                        false,
                        true,
                        true));
        assertThat(definition.network().useShortestPath()).isTrue();
        assertThat(definition.experimental())
                .isEqualTo(new ExperimentalOptions(
                        QueueDiscipline.FIFO,
                        OptionalLong.empty(),
                        true,
                        true,
                        false,
                        131_072,
                        true,
                        174_760,
                        true,
                        StraceLoggingMode.OFF,
                        1_000,
                        10,
                        1_000));
        assertThat(definition.hosts()).hasSize(1);
        HostDefinition alice = definition.hosts().get(0);
        assertThat(alice.ipv4AddressText()).isEqualTo("11.0.0.1");
        assertThat(alice.bandwidthDownBitsPerSecond()).isEqualTo(1_000_000_000L);
        assertThat(alice.bandwidthUpBitsPerSecond()).isEqualTo(1_000_000_000L);
        assertThat(alice.options()).isEqualTo(new HostOptions(Optional.empty(), false, 65535, 0));
        assertThat(alice.processes())
                .containsExactly(new ProcessDefinition(
                        "sh",
                        Path.of("/usr/bin/sh"),
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        0,
                        OptionalLong.empty(),
                        15,
                        Optional.empty(),
                        FinalState.exited(0)));
        assertThat(definition.text()).isEqualTo(SMALLEST);
        assertThat(definition.sourceName()).isEqualTo("test.yaml");
    }

    @Test
    void tenMistakesAreTenErrorsEachAtItsLine() {
        DefinitionResult result = Definitions.read("""
                general:
                  stop_tme: 10 s
                  stop_time: 10 parsecs
                  seed: -1
                network:
                  graph: {type: 2_gbit_switch}
                hosts:
                  alice:
                    network_node_id: 0
                    ip_addr: 127.0.0.1
                    processes:
                      - path: /nonexistent/program
                        args: 'an "open quote'
                      - {path: /bin/sh, shutdown_signal: SIGNOTHING}
                  bob_!:
                    network_node_id: zero
                    processes: []
                experimental:
                  interface_qdisc: lifo
                """);

        assertThat(result.definition()).isEmpty();
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer, DefinitionError::value)
                .containsExactly(
                        tuple(2, "/general/stop_tme", "stop_tme"),
                        tuple(3, "/general/stop_time", "10 parsecs"),
                        tuple(4, "/general/seed", "-1"),
                        tuple(6, "/network/graph/type", "2_gbit_switch"),
                        tuple(10, "/hosts/alice/ip_addr", "127.0.0.1"),
                        tuple(12, "/hosts/alice/processes/0/path", "/nonexistent/program"),
                        tuple(13, "/hosts/alice/processes/0/args", "an \"open quote"),
                        tuple(14, "/hosts/alice/processes/1/shutdown_signal", "SIGNOTHING"),
                        tuple(15, "/hosts/bob_!", "bob_!"),
                        tuple(16, "/hosts/bob_!/network_node_id", "zero"),
                        tuple(19, "/experimental/interface_qdisc", "lifo"));
        assertThat(result.errors()).extracting(DefinitionError::column).startsWith(3, 14, 9, 17);
        assertThat(result.errors().get(0).message()).contains("did you mean \"stop_time\"?");
    }
}
