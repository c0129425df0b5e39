package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.Distribution;
import dev.gnomon.application.Distribution.Shape;
import dev.gnomon.application.EchoSettings;
import dev.gnomon.application.SinkSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.application.Transport;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationReaderTest {
    private static DefinitionResult read(String process) {
        return Definitions.read("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  server: {network_node_id: 0, count: 3, processes: []}
                  other: {network_node_id: 0, processes: []}
                  me:
                    network_node_id: 0
                    processes:
                      - %s
                """.formatted(process));
    }

    private static ProcessDefinition process(String process) {
        DefinitionResult result = read(process);
        assertThat(result.errors()).isEmpty();
        return result.definition()
                .orElseThrow()
                .host("me")
                .orElseThrow()
                .processes()
                .get(0);
    }

    private static ApplicationSettings settings(String app) {
        return process("{app: " + app + "}").application().orElseThrow();
    }

    @Test
    void anApplicationStandsInPlaceOfAProgram() {
        ProcessDefinition process = process("{app: echo, start_time: 1 s, shutdown_time: 2 s, shutdown_signal: KILL,"
                + " expected_final_state: {signaled: KILL}}");
        assertThat(process.programName()).isEqualTo("echo");
        assertThat(process.startNanos()).isEqualTo(1_000_000_000L);
        assertThat(process.shutdownSignal()).isEqualTo(9);
        assertThat(process.application()).contains(new EchoSettings(7, Set.of(Transport.TCP, Transport.UDP)));
    }

    @Test
    void serversHaveTheirPortsAndProtocols() {
        assertThat(settings("sink")).isEqualTo(new SinkSettings(9, Set.of(Transport.TCP, Transport.UDP)));
        assertThat(settings("{sink: }")).isEqualTo(settings("sink"));
        assertThat(settings("{echo: {port: 80, protocol: udp}}"))
                .isEqualTo(new EchoSettings(80, Set.of(Transport.UDP)));
    }

    @Test
    void trafficHasDefaultsForAllButItsTargets() {
        assertThat(settings("{traffic: {to: server}}"))
                .isEqualTo(new TrafficSettings(
                        List.of("server"),
                        9,
                        Transport.TCP,
                        1,
                        0,
                        Distribution.constant(1_000_000_000L),
                        Distribution.constant(1),
                        Distribution.constant(1024),
                        Optional.of(Distribution.constant(0)),
                        Distribution.constant(0),
                        Distribution.constant(0),
                        10_000_000_000L));
    }

    @Test
    void everySettingOfTraffic() {
        assertThat(settings(
                        "{traffic: {to: [server, other, server2], protocol: udp, clients: 2, flows: 3, flow_pause: {exponential:"
                                + " {mean: 1 ms, maximum: 1 s}}, messages: {uniform: {from: 1, to: 9}}, size: {pareto: {minimum: 1 KiB,"
                                + " shape: 1.25}}, response: echo, rate: {lognormal: {median: 1 Mbit, sigma: 2}}, pause: {constant: 5 ms},"
                                + " timeout: 1 s}}"))
                .isEqualTo(new TrafficSettings(
                        List.of("server", "other", "server2"),
                        7,
                        Transport.UDP,
                        2,
                        3,
                        new Distribution(Shape.EXPONENTIAL, 1_000_000, 0, 1_000_000_000L),
                        new Distribution(Shape.UNIFORM, 1, 9, Long.MAX_VALUE),
                        new Distribution(Shape.PARETO, 1024, 1.25, Long.MAX_VALUE),
                        Optional.empty(),
                        new Distribution(Shape.LOGNORMAL, 1_000_000, 2, Long.MAX_VALUE),
                        Distribution.constant(5_000_000),
                        1_000_000_000L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{app: chat}",
                "{app: [echo]}",
                "{app: {}}",
                "{app: {echo: {}, sink: {}}}",
                "{app: {chat: {}}}",
                "{app: echo, path: /bin/sh}",
                "{app: echo, args: x}",
                "{app: echo, environment: {A: b}}",
                "{app: echo, mechanism: preload}",
                "{app: echo, shutdown_signal: SIGSTOP}",
                "{app: echo, shutdown_signal: SIGTTOU}",
                "{app: {echo: {port: 0}}}",
                "{app: {echo: {port: 65536}}}",
                "{app: {echo: {protocol: sctp}}}",
                "{app: {echo: {ports: 7}}}",
                "{app: {echo: 7}}",
                "{app: traffic}",
                "{app: {traffic: {}}}",
                "{app: {traffic: {to: []}}}",
                "{app: {traffic: {to: {a: b}}}}",
                "{app: {traffic: {to: nobody}}}",
                "{app: {traffic: {to: [server, nobody]}}}",
                "{app: {traffic: {to: server4}}}",
                "{app: {traffic: {to: me}}}",
                "{app: {traffic: {to: server, clients: 0}}}",
                "{app: {traffic: {to: server, flows: 0}}}",
                "{app: {traffic: {to: server, timeout: 0}}}",
                "{app: {traffic: {to: server, messages: 0}}}",
                "{app: {traffic: {to: server, rate: 0 bit}}}",
                "{app: {traffic: {to: server, size: {}}}}",
                "{app: {traffic: {to: server, size: {normal: {}}}}}",
                "{app: {traffic: {to: server, size: {constant: 1, uniform: {from: 1, to: 2}}}}}",
                "{app: {traffic: {to: server, size: {uniform: {from: 3, to: 2}}}}}",
                "{app: {traffic: {to: server, size: {uniform: {from: 3}}}}}",
                "{app: {traffic: {to: server, size: {exponential: 5}}}}",
                "{app: {traffic: {to: server, size: {pareto: {minimum: 1, shape: 0}}}}}",
                "{app: {traffic: {to: server, size: {pareto: {minimum: 1, shape: .inf}}}}}",
                "{app: {traffic: {to: server, size: {lognormal: {median: 1, sigma: x}}}}}",
                "{app: {traffic: {to: server, pause: 1 KiB}}}"
            })
    void mistakesAreOneErrorEachAtTheLine(String process) {
        List<DefinitionError> errors = read(process).errors();
        // What is no distribution is an unknown key, and so none of those that are known.
        assertThat(errors).hasSizeBetween(1, process.contains("normal: {}") ? 2 : 1);
        assertThat(errors).allMatch(error -> error.line() == 9);
    }

    @Test
    void targetsOfCountedHostsAreEachHostsOwn() {
        String text = """
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  server: {network_node_id: 0, count: 3, processes: []}
                  client:
                    network_node_id: 0
                    count: %d
                    processes: [{app: {traffic: {to: "server${index}"}}}]
                """;
        Definition definition = Definitions.right(text.formatted(3));
        TrafficSettings second = (TrafficSettings) definition
                .host("client2")
                .orElseThrow()
                .processes()
                .get(0)
                .application()
                .orElseThrow();
        assertThat(second.to()).containsExactly("server2");
        assertThat(Definitions.read(text.formatted(5)).errors())
                .extracting(DefinitionError::line, DefinitionError::message)
                .containsExactly(tuple(8, "there is no host \"server4\""), tuple(8, "there is no host \"server5\""));
    }

    @Test
    void namesStandForTheAddressesOfTheirHosts() {
        Definition definition = read("{app: echo}").definition().orElseThrow();
        HostAddresses addresses = new HostAddresses(definition.hosts());
        int first = 0x0b000001;
        // In alphabetical order: me, other, server1 to server3.
        assertThat(addresses.of(List.of("server"))).containsExactly(first + 2, first + 3, first + 4);
        assertThat(addresses.of(List.of("server2", "me"))).containsExactly(first + 3, first);
        assertThat(addresses.of(List.of("server2", "me"))).isSameAs(addresses.of(List.of("server2", "me")));
        assertThat(addresses.unknown(List.of("me", "you", "they"))).contains("you");
    }

    @Test
    void theResolvedTextMeansTheSame() {
        DefinitionResult result = read(
                "{app: {traffic: {to: server, size: {pareto: {minimum: 1 KiB, shape: 1.1, maximum: 1 MB}}, rate: {uniform:"
                        + " {from: 1 Mbit, to: 2 Mbit}}, response: echo, flows: 5}}}");
        String json = ResolvedDefinition.toJson(result.definition().orElseThrow());
        Definition again = Definitions.right(json);
        assertThat(ResolvedDefinition.toJson(again)).isEqualTo(json);
        assertThat(again.host("me").orElseThrow().processes().get(0).application())
                .isEqualTo(result.definition()
                        .orElseThrow()
                        .host("me")
                        .orElseThrow()
                        .processes()
                        .get(0)
                        .application());
    }
}
