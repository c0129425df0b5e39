package dev.gnomon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SwitchBenchCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return new CommandLine(new Gnomon())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void measuresRealRoundTripsBesideTheFutexPair() throws Exception {
        Path json = directory.resolve("switch.json");

        assertThat(execute("bench", "switch", "--rounds", "2000", "--json", json.toString()))
                .as(err.toString())
                .isZero();

        JsonNode series =
                JsonMapper.builder().build().readTree(Files.readAllBytes(json)).get("series");
        assertThat(series).hasSize(6);
        for (JsonNode one : series) {
            assertThat(out.toString()).contains(one.get("title").asString());
            // Even a call answered in the guest takes some nanoseconds, and no median on any machine takes a second.
            assertThat(one.get("medianNanos").asDouble()).as(one.toString()).isBetween(1.0, 1e9);
            assertThat(one.get("p99Nanos").asDouble())
                    .isGreaterThanOrEqualTo(one.get("medianNanos").asDouble());
        }
        assertThat(series.get(0).get("name").asString()).isEqualTo("futex-pair");
        assertThat(series.get(0).get("pinned").asBoolean()).isTrue();
        assertThat(series.get(1).get("name").asString()).isEqualTo("forwarded-call");
        assertThat(series.get(1).get("samples").asLong()).isEqualTo(2000);
        assertThat(series.get(3).get("pinned").asBoolean()).isFalse();
    }

    @Test
    void refusesASeriesTooShortToMean() {
        assertThat(execute("bench", "switch", "--rounds", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds must be from 100 to 10000000: 5");
    }
}
