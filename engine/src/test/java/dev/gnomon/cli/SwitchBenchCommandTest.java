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

        assertThat(execute(
                        "bench",
                        "switch",
                        "--rounds",
                        "400",
                        "--batches",
                        "2",
                        "--guests",
                        "3",
                        "--kills",
                        "5",
                        "--json",
                        json.toString()))
                .as(err.toString())
                .isZero();

        JsonNode document = JsonMapper.builder().build().readTree(Files.readAllBytes(json));
        JsonNode switches = document.get("switches");
        assertThat(switches.size()).isGreaterThanOrEqualTo(6);
        for (JsonNode one : switches) {
            assertThat(out.toString()).contains(one.get("title").asString());
            // Two switches take some tens of nanoseconds anywhere, and no median on any machine takes a second.
            assertThat(one.get("medianNanos").asDouble()).as(one.toString()).isBetween(10.0, 1e9);
            assertThat(one.get("pairMedianNanos").asDouble()).as(one.toString()).isBetween(10.0, 1e9);
            assertThat(one.get("p99Nanos").asDouble())
                    .isGreaterThanOrEqualTo(one.get("medianNanos").asDouble());
            assertThat(one.get("samples").asInt())
                    .isEqualTo(400 * one.get("workers").asInt());
            assertThat(one.get("batchMediansNanos")).hasSize(2);
        }
        assertThat(switches.get(0).get("caught").asBoolean()).isFalse();
        assertThat(switches.get(1).get("guests").asInt()).isEqualTo(3);
        assertThat(switches.get(2).get("caught").asBoolean()).isTrue();
        assertThat(document.get("callsNotCrossing")).hasSize(3);
        assertThat(document.get("deathNoticed").get("kills").asInt()).isEqualTo(5);
        assertThat(document.get("deathNoticed").get("medianNanos").asDouble()).isBetween(1_000.0, 1e9);
    }

    @Test
    void refusesASeriesTooShortToMean() {
        assertThat(execute("bench", "switch", "--rounds", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds must be from 100 to 10000000: 5");
    }
}
