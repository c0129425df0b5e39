package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.DefinitionReader;
import dev.gnomon.definition.DefinitionSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RunCancellationTest {

    private static final String ENDLESS = """
            general: {stop_time: 1000 h}
            network: {graph: {type: 1_gbit_switch}}
            hosts:
              alone:
                network_node_id: 0
                processes:
                  - path: /bin/bash
                    args: [-c, "while :; do /bin/sleep 0.01; done"]
                    expected_final_state: running
            """;

    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    void aRunOfASingleHostThatIsNeverIdleEndsSoonAfterItsCancellation() throws Exception {
        Definition definition = DefinitionReader.read(
                        ENDLESS, new DefinitionSource("endless.yaml", directory, directory, Map.of()))
                .definition()
                .orElseThrow();
        RunCancellation cancellation = new RunCancellation();
        long[] cancelledAtNanos = new long[1];
        RunObserver cancelling = new RunObserver() {
            @Override
            public void progress(RunProgress progress) {
                if (progress.virtualNanos() > 0 && !cancellation.isCancelled()) {
                    cancelledAtNanos[0] = System.nanoTime();
                    cancellation.cancel();
                }
            }
        };

        RunResult result = Simulation.run(
                definition,
                new RunOptions(directory.resolve("data"), OptionalLong.empty(), OptionalInt.of(1), cancellation),
                cancelling);

        assertThat(Duration.ofNanos(System.nanoTime() - cancelledAtNanos[0])).isLessThan(Duration.ofSeconds(20));
        assertThat(result.cancelled()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.digest()).isEmpty();
    }
}
