package dev.gnomon.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gnomon.limits.Finding.Verdict;
import dev.gnomon.limits.MachineLimits.Capacity;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CapacityChecksTest {
    private static final long GIB = 1L << 30;
    private static final RunNeeds LARGE = new RunNeeds(50_000, 50_000, 0, 0, 2, 64, false);

    private static Capacity machine(long processIds, long memoryBytes, ControlGroupLimit... taskGroups) {
        return new Capacity(
                OptionalLong.of(100),
                OptionalLong.of(processIds),
                OptionalLong.of(200_000),
                OptionalLong.empty(),
                List.of(taskGroups),
                OptionalLong.of(65_530),
                OptionalLong.of(20_000),
                OptionalLong.of(memoryBytes),
                List.of(),
                6 * GIB,
                OptionalLong.of(GIB),
                true);
    }

    private static List<Finding> lacking(Capacity machine, RunNeeds run) {
        return CapacityChecks.check(machine, run).stream()
                .filter(Finding::lacks)
                .toList();
    }

    @Test
    void whatSufficesIsNotHeldAgainstARun() {
        assertThat(lacking(machine(4_194_304, 24 * GIB), LARGE)).isEmpty();
        assertThat(lacking(machine(32_768, 24 * GIB), RunNeeds.LEAST)).isEmpty();
        assertThat(Doctor.refusal(CapacityChecks.check(machine(4_194_304, 24 * GIB), LARGE), LARGE))
                .isEmpty();
    }

    @Test
    void processIdsAreNamedWithTheNumbersAndTheCommand() {
        assertThat(lacking(machine(32_768, 24 * GIB), LARGE))
                .extracting(Finding::subject, Finding::found, Finding::needed, Finding::remedy)
                .containsExactly(tuple(
                        "kernel.pid_max",
                        "32,768, 100 in use",
                        "50,042 more",
                        "sysctl -w kernel.pid_max=65536   # permitted here"));
        assertThat(Doctor.refusal(CapacityChecks.check(machine(32_768, 24 * GIB), LARGE), LARGE))
                .contains(
                        "the run does not fit on this machine (hosts: 50000, processes at once: 50000, applications: 0):\n"
                                + "  kernel.pid_max: 32,768, 100 in use; needed: 50,042 more;"
                                + " to change it: sysctl -w kernel.pid_max=65536   # permitted here");
    }

    @Test
    void oneTaskTooFewIsTooFew() {
        long exactly = 100 + LARGE.tasks();
        assertThat(lacking(machine(exactly, 24 * GIB), LARGE)).hasSize(1);
        assertThat(lacking(machine(exactly + 1, 24 * GIB), LARGE)).isEmpty();
    }

    @Test
    void memoryHoldsProcessesAndTheEngine() {
        // 50,000 of 184 KiB, and of 12 KiB of the engine's heap; as many hosts of 3 KiB.
        assertThat(LARGE.memoryBytes()).isEqualTo(50_000L * (184 + 12 + 3) * 1024 + (184L << 20));
        assertThat(lacking(machine(4_194_304, 8 * GIB), LARGE))
                .extracting(Finding::subject, Finding::found, Finding::needed)
                .containsExactly(tuple("memory", "8,192 MiB available", "9,900 MiB"));
    }

    @Test
    void applicationsTakeHeapAndNoProcess() {
        RunNeeds applications = new RunNeeds(500_000, 0, 500_000, 400_000, 2, 64, false);
        assertThat(applications.heapBytes()).isEqualTo(500_000L * (3 + 2) * 1024 + 400_000L * 10 * 1024 + (24L << 20));
        assertThat(lacking(machine(32_768, 24 * GIB), applications))
                .extracting(Finding::subject, Finding::found, Finding::needed)
                .containsExactly(tuple("heap of the engine", "6,144 MiB", "6,371 MiB"));
        assertThat(applications.tasks()).isEqualTo(RunNeeds.LEAST.tasks());
    }

    @Test
    void everyControlGroupAboveCounts() {
        ControlGroupLimit own = new ControlGroupLimit("/c/own/pids.max", 100_000, 10);
        ControlGroupLimit above = new ControlGroupLimit("/c/pids.max", 50_100, 60);
        assertThat(lacking(machine(4_194_304, 24 * GIB, own, above), LARGE))
                .extracting(Finding::subject, Finding::found, Finding::needed, Finding::remedy)
                .containsExactly(tuple("/c/pids.max", "50,100, 60 in use", "50,042 more", "echo 65536 > /c/pids.max"));
    }

    @Test
    void filesUsersHeapAndMappingsCountToo() {
        Capacity small = new Capacity(
                OptionalLong.of(100),
                OptionalLong.of(4_194_304),
                OptionalLong.of(200_000),
                OptionalLong.of(1_000),
                List.of(),
                OptionalLong.of(1_000),
                OptionalLong.of(63),
                OptionalLong.of(24 * GIB),
                List.of(new ControlGroupLimit("/m/memory.max", 2 * GIB, GIB)),
                GIB / 2,
                OptionalLong.empty(),
                false);
        assertThat(lacking(small, LARGE))
                .extracting(Finding::subject)
                .containsExactly(
                        "processes of a user (ulimit -u)",
                        "open files (ulimit -Hn)",
                        "vm.max_map_count",
                        "/m/memory.max",
                        "heap of the engine");
    }

    @Test
    void whatCannotBeReadIsSaidAndHeldAgainstNobody() {
        OptionalLong none = OptionalLong.empty();
        Capacity unknown =
                new Capacity(none, none, none, none, List.of(), none, none, none, List.of(), 6 * GIB, none, false);
        assertThat(lacking(unknown, LARGE)).isEmpty();
        assertThat(CapacityChecks.check(unknown, LARGE))
                .filteredOn(finding -> finding.verdict() == Verdict.UNKNOWN)
                .extracting(Finding::subject)
                .containsExactly("kernel.pid_max", "kernel.threads-max", "vm.max_map_count", "memory");
    }
}
