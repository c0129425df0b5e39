package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.NativeTarget;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests answer themselves is what the engine would have answered, whatever they do. */
class LocalCallsTest {
    private static final int CALLS = 4000;

    @TempDir
    Path directory;

    /** Two hosts that make calls at random and talk to each other. */
    private static String experiment(int seed, String general) {
        return """
                general: {stop_time: 100 s, %s}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {pcap_enabled: true}
                hosts:
                  a: {network_node_id: 0, processes: [{path: %2$s, args: '%3$d %4$d b', start_time: 1 s}]}
                  b: {network_node_id: 0, processes: [{path: %2$s, args: '%5$d %4$d a', start_time: 1 s}]}
                """.formatted(general, NativeTarget.guest("random-calls"), seed, CALLS, seed + 1000);
    }

    private RunResult run(String name, int seed, String general, int workers) throws Exception {
        return Experiments.run(
                experiment(seed, general), directory.resolve(name), OptionalLong.empty(), OptionalInt.of(workers));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomCallsGiveTheSameWhoeverAnswersThem(int seed) throws Exception {
        RunResult engine = run("engine", seed, "local_calls: off", 1);
        RunResult guests = run("guests", seed, "local_calls: on", 2);

        assertThat(engine.failures()).isEmpty();
        assertThat(guests.failures()).isEmpty();
        for (String host : new String[] {"a", "b"}) {
            assertThat(Experiments.output(directory.resolve("guests"), host, "random-calls.1000.stdout"))
                    .as("what the calls of %s gave", host)
                    .isEqualTo(Experiments.output(directory.resolve("engine"), host, "random-calls.1000.stdout"));
        }
        assertThat(guests.digest()).isEqualTo(engine.digest());
        assertThat(guests.localCalls())
                .as("without the switch guests only read the time-stamp counter themselves")
                .isGreaterThan(engine.localCalls() + 1000);
    }

    @Test
    void callsCostTheSameVirtualTimeWhoeverAnswersThem() throws Exception {
        String charged = "model_unblocked_syscall_latency: true, local_calls: ";
        RunResult engine = run("engine", 11, charged + "off", 1);
        RunResult guests = run("guests", 11, charged + "on", 1);

        assertThat(guests.failures()).isEmpty();
        assertThat(guests.digest()).isEqualTo(engine.digest());
        assertThat(guests.localCalls()).isGreaterThan(100);
    }
}
