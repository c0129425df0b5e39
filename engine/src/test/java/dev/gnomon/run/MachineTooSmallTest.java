package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gnomon.definition.Definition;
import dev.gnomon.limits.RunNeeds;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTooSmallTest {
    @TempDir
    Path directory;

    /** No kernel gives out more than 4,194,304 process ids. */
    @Test
    void aRunThatCannotFitIsRefusedBeforeAnythingIsThere() {
        String text = """
                general: {stop_time: 1 s}
                network: {graph: {type: 1_gbit_switch}}
                x-process: &p {path: /bin/true}
                hosts:
                  h: {network_node_id: 0, count: 4200, processes: [%s]}
                """.formatted("*p, ".repeat(1000));
        Path data = directory.resolve("data");
        assertThatThrownBy(() -> Experiments.run(text, data))
                .isInstanceOf(RunFailedException.class)
                .hasMessageStartingWith("the run does not fit on this machine"
                        + " (hosts: 4200, processes at once: 4200000, applications: 0):\n")
                .hasMessageContaining("kernel.pid_max: ")
                .hasMessageContaining("needed: 4,221,9");
        assertThat(data).doesNotExist();
    }

    @Test
    void processesThatNeverMeetDoNotAddUp() {
        Definition definition = Experiments.definition("""
                general: {stop_time: 1 h}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {pcap_enabled: true}
                hosts:
                  a:
                    network_node_id: 0
                    processes:
                    - {path: /bin/true, shutdown_time: 10 s}
                    - {path: /bin/true, start_time: 5 s, shutdown_time: 20 s}
                  b:
                    network_node_id: 0
                    count: 3
                    processes: [{path: /bin/true, start_time: 15 s}]
                experimental: {strace_logging_mode: standard, use_sched_fifo: true}
                """);
        RunNeeds needs = RunNeeds.of(definition, 2);
        assertThat(needs.processes()).isEqualTo(4);
        assertThat(needs.hosts()).isEqualTo(4);
        assertThat(needs.openFiles()).isEqualTo(64 + 2 * 4 + 4);
        assertThat(needs.realTime()).isTrue();
    }

    @Test
    void applicationsTakeMemoryAndNoProcess() {
        Definition definition = Experiments.definition("""
                general: {stop_time: 1 h}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  server: {network_node_id: 0, processes: [{app: sink}, {path: /bin/true}]}
                  client: {network_node_id: 0, count: 200, processes: [{app: {traffic: {to: server, clients: 5}}}]}
                """);
        RunNeeds needs = RunNeeds.of(definition, 2);
        assertThat(needs.processes()).isEqualTo(1);
        assertThat(needs.applications()).isEqualTo(201);
        assertThat(needs.clients()).isEqualTo(1_000);
    }
}
