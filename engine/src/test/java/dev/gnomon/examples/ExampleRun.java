package dev.gnomon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What one run of an example gave. */
record ExampleRun(RunResult result, Path dataDirectory) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The run ended as its definition expects, without a warning that would put its result in doubt. */
    void assertSucceeded() {
        assertThat(result.failures()).as("failures").isEmpty();
        assertThat(result.succeeded()).as("succeeded").isTrue();
        assertThat(result.digest()).matches("[0-9a-f]{64}");
        assertThat(result.processes()).isNotEmpty().allMatch(ProcessOutcome::asExpected);
    }

    /** The standard output of the host's processes of that program, in the order of their starts. */
    List<String> standardOutputs(String host, String program) throws IOException {
        List<ProcessOutcome> found = result.processes().stream()
                .filter(process ->
                        process.host().equals(host) && process.program().equals(program))
                .toList();
        assertThat(found).as("processes %s of host %s", program, host).isNotEmpty();
        List<String> texts = new ArrayList<>();
        for (ProcessOutcome process : found) {
            texts.add(Files.readString(dataDirectory.resolve(process.stdoutPath())));
        }
        return texts;
    }

    /** The standard output of the only such process. */
    String standardOutput(String host, String program) throws IOException {
        List<String> texts = standardOutputs(host, program);
        assertThat(texts).hasSize(1);
        return texts.get(0);
    }

    /** The standard error of the host's only process of that program. */
    String standardError(String host, String program) throws IOException {
        List<ProcessOutcome> found = result.processes().stream()
                .filter(process ->
                        process.host().equals(host) && process.program().equals(program))
                .toList();
        assertThat(found).hasSize(1);
        return Files.readString(dataDirectory.resolve(found.get(0).stderrPath()));
    }

    Path hostFile(String host, String name) {
        return dataDirectory.resolve("hosts").resolve(host).resolve(name);
    }

    /** Path to SHA-256 of every file that must come out the same again, as the run's manifest has them. */
    Map<String, String> deterministicFiles() throws IOException {
        JsonNode manifest = JSON.readTree(Files.readString(dataDirectory.resolve("manifest.json")));
        assertThat(manifest.get("digest").asString()).isEqualTo(result.digest());
        Map<String, String> files = new TreeMap<>();
        for (JsonNode file : manifest.get("files")) {
            files.put(file.get("path").asString(), file.get("sha256").asString());
        }
        return files;
    }

    /** Compares the files first, so that a difference is named. */
    void assertSameResultAs(ExampleRun other, String circumstances) throws IOException {
        assertThat(deterministicFiles()).as("files %s", circumstances).isEqualTo(other.deterministicFiles());
        assertThat(result.digest()).as("digest %s", circumstances).isEqualTo(other.result.digest());
        assertThat(result.processes())
                .as("final states %s", circumstances)
                .isEqualTo(other.result().processes());
    }
}
