package dev.gnomon.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class GnomonSettingsTest {

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(GnomonSettings.class)
    static class Settings {}

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @Test
    void defaults() {
        runner.run(context -> assertThat(context.getBean(GnomonSettings.class))
                .isEqualTo(new GnomonSettings(
                        Path.of("data"),
                        "",
                        List.of(),
                        DataSize.ofMegabytes(16),
                        new GnomonSettings.Executor(1, Duration.ofSeconds(60), 3, Duration.ofSeconds(2)),
                        new GnomonSettings.Events(64, Duration.ofSeconds(15), 200, 1000))));
    }

    @Test
    void everyPropertyIsMapped() {
        runner.withPropertyValues(
                        "gnomon.data-directory=/var/lib/gnomon",
                        "gnomon.example=examples/web/experiment.yaml",
                        "gnomon.hosts=a.example,b.example",
                        "gnomon.definition-limit=1MB",
                        "gnomon.executor.concurrency=4",
                        "gnomon.executor.lease=90s",
                        "gnomon.executor.interruptions=5",
                        "gnomon.executor.poll=100ms",
                        "gnomon.events.streams=8",
                        "gnomon.events.heartbeat=5s",
                        "gnomon.events.kept=20",
                        "gnomon.events.kept-live=30")
                .run(context -> assertThat(context.getBean(GnomonSettings.class))
                        .isEqualTo(new GnomonSettings(
                                Path.of("/var/lib/gnomon"),
                                "examples/web/experiment.yaml",
                                List.of("a.example", "b.example"),
                                DataSize.ofMegabytes(1),
                                new GnomonSettings.Executor(4, Duration.ofSeconds(90), 5, Duration.ofMillis(100)),
                                new GnomonSettings.Events(8, Duration.ofSeconds(5), 20, 30))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gnomon.executor.concurrency=-1", "gnomon.executor.concurrency=65", "gnomon.executor.lease=soon",
                "gnomon.executor.interruptions=0", "gnomon.events.streams=0", "gnomon.events.kept=1",
                "gnomon.definition-limit=large"
            })
    void impossibleValuesEndTheStart(String property) {
        runner.withPropertyValues(property).run(context -> assertThat(context).hasFailed());
    }
}
