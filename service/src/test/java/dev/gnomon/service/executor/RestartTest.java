package dev.gnomon.service.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gnomon.service.GnomonService;
import dev.gnomon.service.ScriptedExecutor;
import dev.gnomon.service.run.RunState;
import dev.gnomon.service.run.RunView;
import dev.gnomon.service.run.Runs;
import dev.gnomon.service.storage.DataDirectory;
import dev.gnomon.service.storage.DataDirectoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whole lives of the service, one after another, on one data directory. */
class RestartTest {

    @TempDir
    Path temporary;

    @Configuration(proxyBeanMethods = false)
    static class Scripted {
        static ScriptedExecutor executor;

        @Bean
        @Primary
        ScriptedExecutor scriptedExecutor() {
            return executor;
        }
    }

    private ConfigurableApplicationContext start(ScriptedExecutor executor, String example) {
        Scripted.executor = executor;
        return new SpringApplicationBuilder(GnomonService.class, Scripted.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.register-shutdown-hook=false")
                .run("--gnomon.data-directory=" + temporary.resolve("data"), "--gnomon.example=" + example);
    }

    private Path example() throws Exception {
        return Files.writeString(temporary.resolve("example.yaml"), """
                experiment:
                  name: example
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts: {alone: {network_node_id: 0, processes: [{path: /bin/true}]}}
                """);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static String onlyRun(ConfigurableApplicationContext context) {
        return context.getBean(JdbcClient.class)
                .sql("select id from run")
                .query(String.class)
                .single();
    }

    @Test
    void aRunThatWasGoingIsQueuedAgainAndExecutedInTheNextLife() throws Exception {
        ScriptedExecutor endless = new ScriptedExecutor();
        endless.on("example", (options, observer) -> {
            ScriptedExecutor.write(options.dataDirectory(), Map.of("half", "done"), false);
            while (!options.cancellation().isCancelled()) {
                Thread.sleep(5);
            }
            return ScriptedExecutor.cancelled();
        });
        String run;
        Path written;
        try (ConfigurableApplicationContext first = start(endless, example().toString())) {
            run = onlyRun(first);
            written = first.getBean(DataDirectory.class).run(run).resolve("half");
            await(() -> Files.exists(written));

            assertThatThrownBy(() -> start(endless, ""))
                    .rootCause()
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("in use by another Gnomon service, process "
                            + ProcessHandle.current().pid());
        }
        assertThat(written.getParent()).doesNotExist();

        try (ConfigurableApplicationContext second =
                start(new ScriptedExecutor(), example().toString())) {
            // The example is not queued a second time.
            assertThat(onlyRun(second)).isEqualTo(run);
            Runs runs = second.getBean(Runs.class);
            await(() -> runs.view(run).state().ended());
            RunView ended = runs.view(run);
            assertThat(ended.state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(ended.attempts()).isEqualTo(2);
            assertThat(second.getBean(JdbcClient.class)
                            .sql("select count(*) from run_event where kind = 'state'")
                            .query(Integer.class)
                            .single())
                    .as("queued, running, queued, running, succeeded")
                    .isEqualTo(5);
            assertThat(second.getBean(JdbcClient.class)
                            .sql("select interruptions from run")
                            .query(Integer.class)
                            .single())
                    .as("being stopped in good order is no interruption")
                    .isZero();
        }
    }

    @Test
    void aRunUnderWhichTheServiceDiedIsQueuedAgainAtTheStart() throws Exception {
        String run;
        Path half;
        try (ConfigurableApplicationContext first =
                start(new ScriptedExecutor(), example().toString())) {
            run = onlyRun(first);
            Runs runs = first.getBean(Runs.class);
            await(() -> runs.view(run).state().ended());
            half = first.getBean(DataDirectory.class).run(run).resolve("half");
            Files.writeString(half, "done");
            // What a service that is killed in the middle of a run leaves behind.
            first.getBean(JdbcClient.class)
                    .sql("update run set state = 'running', ended_at = null, digest = null")
                    .update();
        }
        try (ConfigurableApplicationContext second = start(new ScriptedExecutor(), "")) {
            Runs runs = second.getBean(Runs.class);
            await(() -> runs.view(run).state().ended());
            assertThat(runs.view(run).state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(runs.view(run).attempts()).isEqualTo(2);
            assertThat(half).doesNotExist();
        }
    }

    @Test
    void anExampleThatIsWrongOrMissingDoesNotEndTheStart() throws Exception {
        Path wrong = Files.writeString(temporary.resolve("wrong.yaml"), "general: 1\n");
        for (String example : new String[] {
            wrong.toString(), temporary.resolve("missing.yaml").toString()
        }) {
            try (ConfigurableApplicationContext context = start(new ScriptedExecutor(), example)) {
                assertThat(context.getBean(JdbcClient.class)
                                .sql("select count(*) from experiment")
                                .query(Integer.class)
                                .single())
                        .isZero();
            }
        }
    }
}
