package dev.gnomon.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.gnomon.run.RunProgress;
import dev.gnomon.service.ScriptedExecutor;
import dev.gnomon.service.artifact.ResultFileContract;
import dev.gnomon.service.definition.DefinitionText;
import dev.gnomon.service.event.RunEvent;
import dev.gnomon.service.event.RunEvents;
import dev.gnomon.service.experiment.Experiments;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.storage.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What must hold on each of the databases. That the context starts shows that the entities fit the migrated schema. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"gnomon.executor.concurrency=0", "gnomon.events.kept=5", "gnomon.events.kept-live=10"})
@Import({DatabaseTest.Scripted.class, ResultFileContract.class})
abstract class DatabaseTest {

    @TestConfiguration
    static class Scripted {
        @Bean
        @Primary
        ScriptedExecutor scriptedExecutor() {
            return new ScriptedExecutor();
        }
    }

    @DynamicPropertySource
    static void data(DynamicPropertyRegistry registry) throws Exception {
        Path directory = Files.createTempDirectory("gnomon-database-test");
        registry.add("gnomon.data-directory", () -> directory.resolve("data").toString());
    }

    @Autowired
    private Flyway flyway;

    @Autowired
    private HikariDataSource connections;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Experiments experiments;

    @Autowired
    private Runs runs;

    @Autowired
    private RunQueue queue;

    @Autowired
    private RunEvents events;

    @Autowired
    private DataDirectory directory;

    @Autowired
    private ResultFileContract files;

    private String experiment;

    @BeforeEach
    void nothingButAnExperiment() {
        for (String table : List.of(
                "run_archive",
                "run_file",
                "run_warning",
                "run_process",
                "run_event",
                "run",
                "experiment_tag",
                "experiment_definition",
                "experiment")) {
            jdbc.sql("delete from " + table).update();
        }
        experiment = experiments.create(text("")).id();
    }

    private static DefinitionText text(String comment) {
        return new DefinitionText(comment + """
                        experiment: {name: 'Grüße 😀', tags: [b, a]}
                        general: {stop_time: 10 s}
                        network: {graph: {type: 1_gbit_switch}}
                        hosts: {alone: {network_node_id: 0, processes: [{path: /bin/true}]}}
                        """, DefinitionText.YAML, Path.of("/"));
    }

    private String submit() {
        return runs.submit(experiment, OptionalLong.empty()).id();
    }

    private List<String> states(String run) {
        return events.after(runs.snapshot(run).ordinal(), 0, 100).stream()
                .filter(event -> event.kind() == RunEvent.Kind.STATE)
                .map(event -> event.data().replaceAll(".*\"state\":\"(\\w+)\".*", "$1"))
                .toList();
    }

    private void ownerDiedLongAgo(String run, String instance) {
        jdbc.sql("update run set instance = ?, lease_until = ? where id = ?")
                .params(instance, OffsetDateTime.ofInstant(Instant.now().minusSeconds(1), ZoneOffset.UTC), run)
                .update();
    }

    private static RunProgress progress(long virtualNanos) {
        return new RunProgress(virtualNanos, 10_000_000_000L, 1, 1, 1, 0, 0);
    }

    @Test
    void allMigrationsAreAppliedAndNothingIsLeftToDo() {
        assertThat(flyway.info().applied())
                .isNotEmpty()
                .hasSameSizeAs(flyway.info().all());
        assertThat(flyway.migrate().migrationsExecuted).isZero();
        assertThat(flyway.validateWithResult().validationSuccessful).isTrue();
    }

    @Test
    void theConnectionThatMigratedMayGo() {
        submit();
        connections.getHikariPoolMXBean().softEvictConnections();
        submit();
        ClaimedRun claim = queue.claim().orElseThrow();
        assertThat(queue.progress(claim, Optional.of(progress(1)), List.of())).isEqualTo(Continuation.GO_ON);
    }

    @Test
    void textsComeBackAsTheyWere() {
        String comment = "# ä 😀 \u2028 " + "x".repeat(2_000_000) + "\n";
        String id = experiments.create(text(comment)).id();
        assertThat(experiments.definition(id).content()).isEqualTo(text(comment).content());
        assertThat(experiments.find(id).name()).isEqualTo("Grüße 😀");
    }

    @Test
    void theOldestIsClaimedFirstAndARequeuedRunKeepsItsPlace() {
        String first = submit();
        String second = submit();
        ClaimedRun claim = queue.claim().orElseThrow();
        assertThat(claim.id()).isEqualTo(first);
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(queue.requeue(claim)).isTrue();
        assertThat(runs.view(first).queuePosition()).isEqualTo(1);
        assertThat(runs.view(first).startedAt()).isNull();

        ClaimedRun again = queue.claim().orElseThrow();
        assertThat(again.id()).isEqualTo(first);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(queue.claim().orElseThrow().id()).isEqualTo(second);
        assertThat(queue.claim()).isEmpty();
        assertThat(states(first)).containsExactly("queued", "running", "queued", "running");
    }

    @Test
    void noRunIsClaimedTwice() throws Exception {
        int threads = 8;
        List<String> queued = new ArrayList<>();
        for (int number = 0; number < 40; number++) {
            queued.add(submit());
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            Callable<List<String>> claiming = () -> {
                List<String> claimed = new ArrayList<>();
                start.await();
                int empty = 0;
                // One look that finds nothing may have been while others held the last rows.
                while (empty < 5) {
                    Optional<ClaimedRun> claim = queue.claim();
                    claim.ifPresent(run -> claimed.add(run.id()));
                    empty = claim.isPresent() ? 0 : empty + 1;
                }
                return claimed;
            };
            List<Future<List<String>>> results = new ArrayList<>();
            for (int number = 0; number < threads; number++) {
                results.add(pool.submit(claiming));
            }
            List<String> claimed = new ArrayList<>();
            for (Future<List<String>> result : results) {
                claimed.addAll(result.get());
            }
            assertThat(claimed).containsExactlyInAnyOrderElementsOf(queued);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void ownRunsOfAnEarlierLifeAreQueuedAgainUntilThatHappenedTooOften() {
        String run = submit();
        for (int life = 1; life <= 3; life++) {
            ClaimedRun claim = queue.claim().orElseThrow();
            assertThat(claim.attempt()).isEqualTo(life);
            queue.progress(claim, Optional.of(progress(life)), List.of(ScriptedExecutor.outcome("alone", true)));
            assertThat(queue.recover(Set.of())).containsExactly(run);
            assertThat(runs.processes(run)).isEmpty();
        }
        RunView given = runs.view(run);
        assertThat(given.state()).isEqualTo(RunState.INTERRUPTED);
        assertThat(given.attempts()).isEqualTo(3);
        assertThat(given.failure()).contains("3 times");
        assertThat(given.endedAt()).isNotNull();
        assertThat(states(run))
                .containsExactly("queued", "running", "queued", "running", "queued", "running", "interrupted");
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void aRunThatWasToBeCancelledIsNotStartedAgain() {
        String run = submit();
        assertThat(queue.claim()).isPresent();
        runs.cancel(run);
        queue.recover(Set.of());
        assertThat(runs.view(run).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void whatIsBeingExecutedIsNotRecovered() {
        submit();
        ClaimedRun claim = queue.claim().orElseThrow();
        assertThat(queue.recover(Set.of(claim.ordinal()))).isEmpty();
        assertThat(runs.view(claim.id()).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void anotherServicesRunIsRecoveredOnlyWhenItsLeaseHasEnded() {
        String run = submit();
        ClaimedRun claim = queue.claim().orElseThrow();
        jdbc.sql("update run set instance = 'other' where id = ?").param(run).update();
        assertThat(queue.recover(Set.of())).isEmpty();
        assertThat(queue.progress(claim, Optional.empty(), List.of())).isEqualTo(Continuation.LOST);
        assertThat(queue.finish(claim, RunEnding.failed("late", List.of(), List.of())))
                .isFalse();

        ownerDiedLongAgo(run, "other");
        assertThat(queue.recover(Set.of())).containsExactly(run);
        assertThat(runs.view(run).state()).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aSignOfLifeExtendsTheLease() {
        String run = submit();
        ClaimedRun claim = queue.claim().orElseThrow();
        ownerDiedLongAgo(run, directory.instance());
        assertThat(queue.progress(claim, Optional.empty(), List.of())).isEqualTo(Continuation.GO_ON);
        assertThat(jdbc.sql("select lease_until from run where id = ?")
                        .param(run)
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant())
                .isAfter(Instant.now().plusSeconds(30));
    }

    @Test
    void anEarlierAttemptMayNoLongerWrite() {
        submit();
        ClaimedRun first = queue.claim().orElseThrow();
        queue.recover(Set.of());
        ClaimedRun second = queue.claim().orElseThrow();
        assertThat(queue.progress(first, Optional.of(progress(5)), List.of())).isEqualTo(Continuation.LOST);
        assertThat(queue.finish(first, RunEnding.of(ScriptedExecutor.succeeded(), List.of())))
                .isFalse();
        assertThat(queue.requeue(first)).isFalse();
        assertThat(queue.progress(second, Optional.of(progress(5)), List.of())).isEqualTo(Continuation.GO_ON);
    }

    @Test
    void cancellingIsToldToTheExecutorAndIsRefusedAfterTheEnd() {
        String queued = submit();
        assertThat(runs.cancel(queued).state()).isEqualTo(RunState.CANCELLED);
        assertThatThrownBy(() -> runs.cancel(queued)).isInstanceOf(ProblemException.class);

        String going = submit();
        ClaimedRun claim = queue.claim().orElseThrow();
        assertThat(queue.progress(claim, Optional.empty(), List.of())).isEqualTo(Continuation.GO_ON);
        assertThat(runs.cancel(going).state()).isEqualTo(RunState.RUNNING);
        assertThat(runs.cancel(going).state()).isEqualTo(RunState.RUNNING);
        assertThat(queue.progress(claim, Optional.empty(), List.of())).isEqualTo(Continuation.CANCEL);
        assertThat(queue.finish(claim, RunEnding.of(ScriptedExecutor.cancelled(), List.of())))
                .isTrue();
        assertThat(runs.view(going).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void progressIsThinnedWhileItRunsAndMoreAfterwards() {
        String run = submit();
        long ordinal = runs.snapshot(run).ordinal();
        ClaimedRun claim = queue.claim().orElseThrow();
        int most = 0;
        for (int step = 1; step <= 50; step++) {
            queue.progress(claim, Optional.of(progress(step)), List.of());
            most = Math.max(most, events.progressEvents(ordinal));
        }
        assertThat(most).isBetween(10, 20);
        queue.finish(claim, RunEnding.of(ScriptedExecutor.succeeded(), List.of()));
        assertThat(events.progressEvents(ordinal)).isEqualTo(5);
        List<RunEvent> kept = events.after(ordinal, 0, 100);
        assertThat(kept.get(kept.size() - 1).data()).contains("\"succeeded\"");
        assertThat(kept.get(kept.size() - 2).data()).contains("\"virtualNanos\":10000000000");
    }

    @Test
    void theFilesOfARunAreKeptInTheirOrder() {
        String run = submit();
        files.keepsManyFiles(runs.snapshot(run).ordinal());
    }
}
