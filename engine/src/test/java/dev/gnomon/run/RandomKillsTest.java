package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.NativeTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guests are killed from outside at random instants: within the shim, while they start, while others wait for them. The run
 * goes on to its end, and hosts that had nothing to do with them come to the same bytes as without.
 */
class RandomKillsTest {
    /** {@code -Dgnomon.kills=N} for another number of them. */
    private static final int KILLS = Integer.getInteger("gnomon.kills", 1000);

    private static final int VICTIMS = 12;
    private static final String MARK = "VICTIM_OF_RANDOM_KILLS=";

    @TempDir
    private Path directory;

    private static String experiment(String victims, String copied) {
        return """
                general: {stop_time: 60 s}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {pcap_enabled: true}
                hosts:
                  a: {network_node_id: 0, processes: [{path: %1$s, args: '1 1500 b', start_time: 1 s}]}
                  b: {network_node_id: 0, processes: [{path: %1$s, args: '2 1500 a', start_time: 1 s}]}
                  victims: {network_node_id: 0, processes: [%2$s]}
                  wounded: {network_node_id: 0, processes: [%2$s]}
                %3$s""".formatted(NativeTarget.guest("random-calls"), victims, copied);
    }

    /** Processes that make all kinds of calls, and shells that execute programs, without end. */
    private static String victims(String mark) {
        List<String> processes = new ArrayList<>();
        String[] mechanisms = {"inject", "hybrid", "preload", "notify", "ptrace"};
        String environment = "environment: {" + MARK.replace("=", "") + ": '" + mark + "', PATH: /usr/bin:/bin}";
        for (int n = 0; n < VICTIMS; n++) {
            String settings = environment + ", mechanism: " + mechanisms[n % mechanisms.length];
            processes.add(
                    n % 3 == 0
                            ? "{path: /bin/sh, args: [-c, 'while :; do /bin/true | cat; sleep 0.01; done'], %s}"
                                    .formatted(settings)
                            : "{path: %s, args: '%d 1000000 wounded', %s}"
                                    .formatted(NativeTarget.guest("random-calls"), n, settings));
        }
        return String.join(", ", processes);
    }

    /** Hosts whose processes are copied from each other, at several times. */
    private static String copied(String mark) {
        StringBuilder hosts = new StringBuilder();
        for (int second : new int[] {1, 5, 15, 30}) {
            hosts.append(
                    "  victim-%1$d-: {count: 24, network_node_id: 0, processes: [{path: %2$s, args: '%1$d 1000000 wounded', "
                            .formatted(second, NativeTarget.guest("random-calls")));
            hosts.append(
                    "start_time: %d s, environment: {%s: '%s'}}]}\n".formatted(second, MARK.replace("=", ""), mark));
        }
        return hosts.toString();
    }

    private RunResult run(String name, String victims, String copied) throws Exception {
        return Experiments.run(
                experiment(victims, copied), directory.resolve(name), OptionalLong.empty(), OptionalInt.of(2));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void theRunGoesOnAndOthersAreUnaffected() throws Exception {
        RunResult reference = run("reference", "", "");
        assertThat(reference.failures()).isEmpty();

        int killed = 0;
        for (int round = 1; killed < KILLS; round++) {
            String name = "round" + round;
            String mark = ProcessHandle.current().pid() + "." + round;
            try (Killer killer = new Killer(mark, round)) {
                RunResult result = run(name, victims(mark), copied(mark));
                assertThat(result.failures())
                        .allMatch(failure -> failure.startsWith("victim") || failure.startsWith("wounded: "));
                killed += killer.killed();
            }
            for (String host : List.of("a", "b")) {
                for (String file : List.of("random-calls.1000.stdout", "eth0.pcap")) {
                    assertThat(output(name, host, file))
                            .as("%s of %s in round %d", file, host, round)
                            .isEqualTo(output("reference", host, file));
                }
            }
            assertThat(processesMarked(mark)).as("left over of round %d", round).isEmpty();
            assertThat(round).as("rounds for %d kills of %d", killed, KILLS).isLessThan(KILLS);
        }
    }

    private byte[] output(String run, String host, String file) throws IOException {
        return Files.readAllBytes(
                directory.resolve(run).resolve("hosts").resolve(host).resolve(file));
    }

    private static List<ProcessHandle> processesMarked(String mark) {
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.forEach(process -> {
                try {
                    Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
                    String text = new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1);
                    if (text.contains(MARK + mark + "\0")) {
                        found.add(process);
                    }
                } catch (IOException gone) {
                    // It ended meanwhile, or is another user's.
                }
            });
        }
        return found;
    }

    /** Kills one guest after another, at intervals that a seed says. */
    private static final class Killer implements AutoCloseable {
        private final String mark;
        private final Random random;
        private final Thread thread;
        private volatile boolean ending;
        private volatile int killed;

        Killer(String mark, long seed) {
            this.mark = mark;
            this.random = new Random(seed);
            this.thread = new Thread(this::work, "killer");
            thread.start();
        }

        int killed() {
            return killed;
        }

        private void work() {
            while (!ending) {
                List<ProcessHandle> living = processesMarked(mark);
                long until = System.nanoTime() + random.nextInt(3_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                if (!living.isEmpty()
                        && living.get(random.nextInt(living.size())).destroyForcibly()) {
                    killed++;
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            ending = true;
            thread.join();
        }
    }
}
