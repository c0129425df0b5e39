package dev.gnomon.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.run.Experiments;
import org.junit.jupiter.api.Test;

class RunNeedsTest {
    private static RunNeeds needs(String mechanism) {
        return RunNeeds.of(Experiments.definition("""
            general: {stop_time: 10 s}
            network: {graph: {type: 1_gbit_switch}}
            hosts:
              one: {network_node_id: 0, processes: [{path: /bin/sh, mechanism: %1$s}, {path: /bin/sh}]}
              two: {network_node_id: 0, processes: [{path: /bin/sh, mechanism: %1$s}]}
            """.formatted(mechanism)), 1);
    }

    @Test
    void aTracerIsOneMoreProcess() {
        assertThat(needs("inject").processes()).isEqualTo(3);
        assertThat(needs("ptrace").processes()).isEqualTo(5);
    }

    @Test
    void aListenerIsOneMoreOpenFile() {
        assertThat(needs("notify").processes()).isEqualTo(3);
        assertThat(needs("notify").openFiles()).isEqualTo(needs("inject").openFiles() + 2);
        assertThat(needs("hybrid").openFiles()).isEqualTo(needs("inject").openFiles() + 2);
    }
}
