package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gnomon.guest.Mechanism;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ExperimentalReaderTest {
    private static final String HEAD = """
            general: {stop_time: 10 s}
            network: {graph: {type: 1_gbit_switch}}
            hosts: {a: {network_node_id: 0, processes: []}}
            """;

    @Test
    void everySettingThatHasAnEffectIsRead() {
        DefinitionResult result = Definitions.read(HEAD + """
                experimental:
                  interface_qdisc: round-robin
                  runahead: 5 ms
                  use_cpu_pinning: false
                  use_worker_spinning: false
                  use_sched_fifo: true
                  socket_send_buffer: 1 KiB
                  socket_send_autotune: false
                  socket_recv_buffer: 2 KiB
                  socket_recv_autotune: false
                  strace_logging_mode: deterministic
                  unblocked_syscall_latency: 2 us
                  unblocked_vdso_latency: 20 ns
                  max_unapplied_cpu_latency: 3 us
                """);
        assertThat(result.notices()).isEmpty();
        assertThat(result.definition().orElseThrow().experimental())
                .isEqualTo(new ExperimentalOptions(
                        QueueDiscipline.ROUND_ROBIN,
                        OptionalLong.of(5_000_000L),
                        false,
                        false,
                        true,
                        1024,
                        false,
                        2048,
                        false,
                        StraceLoggingMode.DETERMINISTIC,
                        2_000,
                        20,
                        3_000));
    }

    @Test
    void whatHasNoMeaningHereIsNamedOnce() {
        DefinitionResult result = Definitions.read(HEAD + """
                experimental:
                  runahead: null
                  use_memory_manager: true
                  scheduler: thread-per-host
                  native_preemption_native_interval: 1 ms
                  use_new_tcp: false
                  edge_bandwidth_burst_ratio: 1.5
                """);
        assertThat(result.errors()).isEmpty();
        assertThat(result.definition().orElseThrow().experimental().runaheadNanos())
                .isEmpty();
        assertThat(result.notices())
                .extracting(DefinitionNotice::line, DefinitionNotice::pointer, DefinitionNotice::value)
                .containsExactly(
                        tuple(6, "/experimental/use_memory_manager", "true"),
                        tuple(7, "/experimental/scheduler", "thread-per-host"),
                        tuple(8, "/experimental/native_preemption_native_interval", "1 ms"),
                        tuple(9, "/experimental/use_new_tcp", "false"),
                        tuple(10, "/experimental/edge_bandwidth_burst_ratio", "1.5"));
        assertThat(result.notices()).allMatch(notice -> notice.message().endsWith("is ignored"));
    }

    @Test
    void whatHasNoEffectYetIsNamedOnce() {
        DefinitionResult result = Definitions.read("""
                general: {stop_time: 10 s, heartbeat_interval: 5 s, log_level: debug}
                network: {graph: {type: 1_gbit_switch}}
                hosts: {a: {network_node_id: 0, processes: [], host_options: {log_level: trace}}}
                """);
        assertThat(result.errors()).isEmpty();
        assertThat(result.notices())
                .extracting(DefinitionNotice::pointer, DefinitionNotice::message)
                .containsExactly(
                        tuple("/general/heartbeat_interval", "\"heartbeat_interval\" has no effect yet"),
                        tuple("/general/log_level", "\"log_level\" has no effect yet"));
        assertThat(Definitions.read(HEAD.replace("10 s", "10 s, heartbeat_interval: null"))
                        .notices())
                .isEmpty();
    }

    @Test
    void ignoredSettingsAreCheckedAllTheSame() {
        DefinitionResult result = Definitions.read(HEAD + """
                experimental:
                  use_sched_fifo: maybe
                  scheduler: random
                  native_preemption_sim_interval: soon
                  edge_bandwidth_limiting_enabled: true
                  edge_bandwidth_burst_ratio: much
                  socket_send_buffer: 0
                  runahead: 0
                  use_something_else: true
                """);
        assertThat(result.errors()).extracting(DefinitionError::line).containsExactly(5, 6, 7, 8, 9, 10, 11, 12);
        // What is refused is not also said to be ignored.
        assertThat(result.notices())
                .extracting(DefinitionNotice::pointer)
                .isNotEmpty()
                .doesNotContain("/experimental/edge_bandwidth_limiting_enabled");
    }

    @Test
    void whatIsNotBuiltYetIsRefused() {
        DefinitionResult result = Definitions.read(HEAD + """
                faults: []
                experiment:
                  name: refused
                  seeds: [1, 2]
                  sweep: {}
                  checks: []
                """);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer)
                .containsExactly(
                        tuple(4, "/faults"),
                        tuple(7, "/experiment/seeds"),
                        tuple(8, "/experiment/sweep"),
                        tuple(9, "/experiment/checks"));
        assertThat(result.errors()).allMatch(error -> error.message().contains("not supported yet"));
    }

    @Test
    void experimentsDescribeThemselves() {
        Definition definition = Definitions.right(HEAD + """
                experiment:
                  name: Lossy transfer
                  description: |
                    two
                    lines
                  tags: [tcp, 2, tcp]
                  mechanism: preload
                """);
        assertThat(definition.experiment())
                .isEqualTo(new ExperimentDescription(
                        "Lossy transfer", "two\nlines\n", List.of("tcp", "2"), Optional.of(Mechanism.PRELOAD)));

        DefinitionResult wrong = Definitions.read(HEAD + """
                experiment:
                  name: "two\\nlines"
                  description: [x]
                  tags: [" ", {}, ~]
                """);
        assertThat(wrong.errors()).extracting(DefinitionError::line).containsExactly(5, 6, 7, 7, 7);
    }
}
