package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.NativeTarget;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs at interfaces that gather what they receive: {@code host_options.interrupt_interval}. */
class InterruptIntervalTest {
    @TempDir
    Path directory;

    /** A host sends another all it can for a second: a segment of 1500 bytes takes 120 us. */
    private RunResult run(String name, String interval, String general, String mechanism, int workers)
            throws Exception {
        return Experiments.run(
                """
                general: {stop_time: 20 s, %s}
                experiment: {mechanism: %s}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {pcap_enabled: true, pcap_capture_size: 100 B, interrupt_interval: %s}
                hosts:
                  receiver: {network_node_id: 0, bandwidth_down: 100 Mbit, bandwidth_up: 100 Mbit, processes: [{path: %4$s, args: 'receive 4000'}]}
                  sender: {network_node_id: 0, bandwidth_down: 100 Mbit, bandwidth_up: 100 Mbit, processes: [{path: %4$s, args: 'send receiver 4000 1', start_time: 1 s}]}
                """.formatted(general, mechanism, interval, NativeTarget.shipped("gnomon-bench-flow")),
                directory.resolve(name),
                OptionalLong.empty(),
                OptionalInt.of(workers));
    }

    @Test
    void theResultIsTheSameWhoeverAnswersAndHoweverManyWork() throws Exception {
        RunResult first = run("first", "500 us", "local_calls: on", "inject", 1);
        assertThat(first.failures()).isEmpty();
        assertThat(run("workers", "500 us", "local_calls: on", "inject", 3).digest())
                .isEqualTo(first.digest());
        assertThat(run("crossing", "500 us", "local_calls: off", "inject", 2).digest())
                .isEqualTo(first.digest());
        assertThat(run("preloaded", "500 us", "local_calls: on", "preload", 2).digest())
                .isEqualTo(first.digest());
        assertThat(run("traced", "500 us", "local_calls: on", "ptrace", 2).digest())
                .isEqualTo(first.digest());
    }

    @Test
    void whoReadsIsWokenOnceForABatch() throws Exception {
        RunResult alone = run("alone", "0 s", "local_calls: on", "inject", 1);
        RunResult gathered = run("gathered", "2 ms", "local_calls: on", "inject", 1);
        assertThat(alone.failures()).isEmpty();
        assertThat(gathered.failures()).isEmpty();
        assertThat(Experiments.output(directory.resolve("gathered"), "receiver", "gnomon-bench-flow.1000.stdout"))
                .isEqualTo(
                        Experiments.output(directory.resolve("gathered"), "sender", "gnomon-bench-flow.1000.stdout"));
        assertThat(gathered.systemCalls())
                .as("calls that crossed, of which each wakes nearly one")
                .isLessThan(alone.systemCalls() / 4);
    }
}
