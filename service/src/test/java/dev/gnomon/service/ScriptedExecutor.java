package dev.gnomon.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunFailedException;
import dev.gnomon.run.RunObserver;
import dev.gnomon.run.RunOptions;
import dev.gnomon.run.RunProgress;
import dev.gnomon.run.RunResult;
import dev.gnomon.run.RunWarning;
import dev.gnomon.service.definition.DefinitionText;
import dev.gnomon.service.executor.ExperimentExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Executes nothing: does what a test has laid down for the experiment of a name, and otherwise writes a small result at
 * once. The tests of the service are about everything around the engine.
 */
public final class ScriptedExecutor implements ExperimentExecutor {

    /** What a test lets happen in place of an execution. */
    public interface Script {
        RunResult execute(RunOptions options, RunObserver observer) throws RunFailedException, InterruptedException;
    }

    public static final String DIGEST = "d".repeat(64);

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    /** Seeds of all executions, in their order. */
    public final ConcurrentLinkedQueue<Long> seeds = new ConcurrentLinkedQueue<>();

    /** Lays down what happens to the experiment of this name. */
    public void on(String experimentName, Script script) {
        scripts.put(experimentName, script);
    }

    @Override
    public RunResult execute(DefinitionText definition, RunOptions options, RunObserver observer)
            throws RunFailedException, InterruptedException {
        assertThat(options.dataDirectory()).doesNotExist();
        seeds.add(options.seed().orElseThrow());
        for (Map.Entry<String, Script> script : scripts.entrySet()) {
            if (definition.content().contains("name: " + script.getKey() + "\n")) {
                return script.getValue().execute(options, observer);
            }
        }
        observer.progress(new RunProgress(5_000_000_000L, 10_000_000_000L, 2_000_000_000L, 2, 2, 0, 0));
        observer.processEnded(outcome("client", true));
        write(options.dataDirectory(), Map.of("definition.yaml", definition.content()), true);
        return succeeded(outcome("client", true), outcome("server", true));
    }

    /** The end of a run in which these processes ended. */
    public static RunResult succeeded(ProcessOutcome... processes) {
        return new RunResult(
                true,
                false,
                DIGEST,
                10_000_000_000L,
                4_000_000_000L,
                1234,
                4321,
                56,
                2,
                List.of(processes),
                List.of(new RunWarning(
                        "unsupported-call", "curl", "io_uring_setup", 3, "io_uring_setup is not supported")),
                List.of());
    }

    /** The end of a run that was cancelled. */
    public static RunResult cancelled() {
        return new RunResult(
                false, true, "", 1_000_000_000L, 500_000_000L, 1, 0, 0, 2, List.of(), List.of(), List.of());
    }

    /** A process that exited with 0, or with 1 where that was not expected. */
    public static ProcessOutcome outcome(String host, boolean asExpected) {
        return new ProcessOutcome(
                host,
                "curl",
                1000,
                1_000_000_000L,
                2_000_000_000L,
                "exited 0",
                asExpected ? "exited 0" : "exited 1",
                asExpected,
                "hosts/" + host + "/curl.1000.stdout",
                "hosts/" + host + "/curl.1000.stderr");
    }

    /** Writes a result as the engine lays it out: two hosts' output, further files, and the manifest of all of them. */
    public static void write(Path directory, Map<String, String> further, boolean manifest) {
        Map<String, String> files = new TreeMap<>(further);
        files.put("hosts/client/curl.1000.stdout", "0123456789".repeat(1000));
        files.put("hosts/client/curl.1000.stderr", "");
        files.put("hosts/client/eth0.pcap", "\u00a1\u00b2\u00c3");
        files.put("hosts/client/grüße & co;1.txt", "hello\n");
        files.put("hosts/server/<b>page</b>.html", "<script>alert(1)</script>");
        try {
            StringBuilder entries = new StringBuilder();
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                Files.write(path, content);
                entries.append(entries.isEmpty() ? "" : ",")
                        .append("{\"path\":\"")
                        .append(file.getKey())
                        .append("\",\"bytes\":")
                        .append(content.length)
                        .append(",\"sha256\":\"")
                        .append(sha256(content))
                        .append("\"}");
            }
            if (manifest) {
                Files.writeString(
                        directory.resolve("manifest.json"),
                        "{\"digest\":\"" + DIGEST + "\",\"files\":[" + entries + "]}");
            }
            Files.writeString(directory.resolve("summary.json"), "{\"wallNanos\":1}");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
