package dev.gnomon.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gnomon.limits.MachineLimits.Permissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PermissionChecksTest {
    private static final RunNeeds REAL_TIME = new RunNeeds(2, 2, 0, 0, 1, 64, true);

    private static Permissions user(OptionalLong traceScope, Optional<String> realTime, long realTimeMicros) {
        return new Permissions(
                "6.1.0",
                Optional.empty(),
                false,
                traceScope,
                OptionalLong.of(100),
                Optional.of("kernel.unprivileged_userns_clone=1"),
                false,
                OptionalLong.of(1),
                2,
                Optional.empty(),
                realTime,
                OptionalLong.of(realTimeMicros));
    }

    private static List<Finding> lacking(Permissions machine, RunNeeds run) {
        return PermissionChecks.check(machine, run).stream()
                .filter(Finding::lacks)
                .toList();
    }

    @Test
    void tracingDescendantsIsEnough() {
        assertThat(lacking(user(OptionalLong.empty(), Optional.empty(), 950_000), RunNeeds.LEAST))
                .isEmpty();
        assertThat(lacking(user(OptionalLong.of(1), Optional.empty(), 950_000), RunNeeds.LEAST))
                .isEmpty();
        assertThat(lacking(user(OptionalLong.of(2), Optional.empty(), 950_000), RunNeeds.LEAST))
                .extracting(Finding::subject, Finding::remedy)
                .containsExactly(tuple("kernel.yama.ptrace_scope", "sysctl -w kernel.yama.ptrace_scope=1"));
    }

    @Test
    void realTimeIsNeededWhereTheFileAsksForIt() {
        Permissions refused = user(OptionalLong.empty(), Optional.of("refused: EPERM"), -1);
        assertThat(lacking(refused, RunNeeds.LEAST)).isEmpty();
        assertThat(lacking(refused, REAL_TIME))
                .extracting(Finding::subject)
                .containsExactly("SCHED_FIFO", "kernel.sched_rt_runtime_us");
        Permissions permitted = user(OptionalLong.empty(), Optional.empty(), 950_000);
        assertThat(lacking(permitted, REAL_TIME)).isEmpty();
        assertThat(lacking(permitted, new RunNeeds(2, 2, 0, 0, 2, 64, true)))
                .extracting(Finding::subject, Finding::remedy)
                .containsExactly(tuple("SCHED_FIFO", "gnomon run --parallelism=1 ..."));
    }

    @Test
    void whatKeepsNamespacesFromUsersIsNamed() {
        assertThat(PermissionChecks.check(user(OptionalLong.empty(), Optional.empty(), 0), RunNeeds.LEAST))
                .filteredOn(finding -> finding.subject().equals("user namespaces"))
                .extracting(Finding::remedy)
                .containsExactly("sysctl -w kernel.unprivileged_userns_clone=1");
    }

    @Test
    void anOldKernelLacksTheTrap() {
        Permissions old = new Permissions(
                "5.4.0",
                Optional.of("there is none: Invalid argument"),
                true,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                true,
                OptionalLong.empty(),
                1,
                Optional.of("refused"),
                Optional.empty(),
                OptionalLong.empty());
        assertThat(lacking(old, RunNeeds.LEAST))
                .extracting(Finding::subject, Finding::found)
                .containsExactly(tuple("syscall user dispatch", "there is none: Invalid argument (Linux 5.4.0)"));
    }
}
