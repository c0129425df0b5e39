package dev.gnomon.run;

import dev.gnomon.call.SystemCallNumber;
import dev.gnomon.definition.Definition;
import dev.gnomon.trace.CallCounters;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the files that say what a run was and what came of it: {@code manifest.json} and {@code summary.json}. */
final class RunRecord {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private RunRecord() {}

    static void writeManifest(RunDirectory directory, Manifest manifest) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("digest", manifest.digest());
        root.put("files", manifest.entries());
        directory.write("manifest.json", JSON.writeValueAsString(root) + "\n");
    }

    static void writeSummary(
            RunDirectory directory, Definition definition, int workers, RunResult result, CallCounters calls)
            throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("experiment", definition.experiment().name());
        root.put("seed", definition.general().seed());
        root.put("succeeded", result.succeeded());
        root.put("cancelled", result.cancelled());
        root.put("digest", result.digest());
        root.put("virtualNanos", result.virtualNanos());
        root.put("wallNanos", result.wallNanos());
        root.put("systemCalls", result.systemCalls());
        root.put("calls", calls.toMap(SystemCallNumber::name));
        root.put("packets", result.packets());
        root.put("hosts", result.hosts());
        root.put("processes", result.processes());
        root.put("warnings", result.warnings());
        root.put("failures", result.failures());
        root.put("record", environment(workers));
        directory.write("summary.json", JSON.writeValueAsString(root) + "\n");
    }

    private static Map<String, Object> environment(int workers) {
        Map<String, Object> record = new LinkedHashMap<>();
        String version = RunRecord.class.getPackage().getImplementationVersion();
        record.put("engine", version == null ? "unpackaged" : version);
        record.put("workers", workers);
        record.put("processors", Runtime.getRuntime().availableProcessors());
        for (String property : List.of("os.name", "os.version", "os.arch", "java.vendor", "java.version")) {
            record.put(property, System.getProperty(property));
        }
        return record;
    }
}
