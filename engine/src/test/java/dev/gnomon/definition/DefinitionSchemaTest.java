package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The published schema says what the reader does: the same keys, the same defaults, the same answer to values. */
class DefinitionSchemaTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final String SMALLEST = """
            {"general": {"stop_time": "10 s"},
             "network": {"graph": {"type": "1_gbit_switch"}},
             "hosts": {"alice": {"network_node_id": 0, "processes": [{"path": "sh"}]}}}
            """;

    /** Every key that takes a value, so that values can be put in its place. */
    private static final String FULL = """
            {"experiment": {"name": "n", "description": "d", "tags": ["t"], "mechanism": "preload"},
             "general": {"stop_time": "10 s", "seed": 1, "parallelism": 1, "bootstrap_end_time": "1 s",
               "data_directory": "d", "template_directory": "/", "heartbeat_interval": "1 s", "log_level": "info",
               "progress": true, "model_unblocked_syscall_latency": true, "local_calls": "off", "prepared_images": "off"},
             "network": {"graph": {"type": "1_gbit_switch", "inline": null, "file": null}, "use_shortest_path": true},
             "host_option_defaults": {"log_level": "info", "pcap_enabled": true, "pcap_capture_size": "1 KiB",
               "interrupt_interval": "20 us"},
             "hosts": {"alice": {"network_node_id": 0, "ip_addr": "11.0.0.1", "bandwidth_down": "1 Mbit",
               "bandwidth_up": "1 Mbit", "host_options": {"log_level": "info", "pcap_enabled": true,
               "pcap_capture_size": 1, "interrupt_interval": null}, "count": 1, "processes": [{"path": "sh", "app": null, "args": ["a"], "environment": {"A": "b"},
               "start_time": "1 s", "shutdown_time": "2 s", "shutdown_signal": "SIGTERM",
               "expected_final_state": {"exited": 0}, "mechanism": "preload"}]},
               "bob": {"network_node_id": 0, "processes": [{"app": {"traffic": {"to": ["alice"], "port": 80,
               "protocol": "udp", "clients": 2, "flows": 3, "flow_pause": {"exponential": {"mean": "1 s",
               "maximum": "5 s"}}, "messages": {"uniform": {"from": 1, "to": 65}}, "size": {"pareto": {
               "minimum": "1 KiB", "shape": 1.5, "maximum": 65}}, "response": {"lognormal": {"median": 1,
               "sigma": 1, "maximum": null}}, "rate": {"constant": "10 Mbit"}, "pause": "1 ms",
               "timeout": "1 s"}}}]},
               "carol": {"network_node_id": 0, "processes": [{"app": {"echo": {"port": 7, "protocol": "tcp"}}}]},
               "dave": {"network_node_id": 0, "processes": [{"app": {"sink": {"port": 9, "protocol": null}}}]}},
             "experimental": {"interface_qdisc": "fifo", "runahead": "1 ms", "use_cpu_pinning": true,
               "socket_send_buffer": 1, "socket_send_autotune": true, "socket_recv_buffer": 1,
               "socket_recv_autotune": true, "strace_logging_mode": "off", "unblocked_syscall_latency": 1,
               "unblocked_vdso_latency": 1, "max_unapplied_cpu_latency": 1, "use_dynamic_runahead": true,
               "scheduler": "thread-per-core", "use_sched_fifo": true, "use_worker_spinning": true,
               "native_preemption_enabled": true, "native_preemption_native_interval": 1,
               "native_preemption_sim_interval": 1, "use_memory_manager": true, "use_new_tcp": true,
               "use_preload_libc": true, "use_preload_openssl_rng": true, "use_preload_openssl_crypto": true,
               "use_object_counters": true, "use_syscall_counters": true, "report_errors_to_stderr": true,
               "edge_bandwidth_limiting_enabled": false, "edge_bandwidth_algorithm": "token-bucket",
               "edge_bandwidth_burst_ratio": 1.5}}
            """;

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1",
            "65",
            "256",
            "1.5",
            "99999999999",
            "\"\"",
            "\"sh\"",
            "\"10 s\"",
            "\"10 S\"",
            "\"0 ms\"",
            "\"10 h\"",
            "\"-1 s\"",
            "\"64 KiB\"",
            "\"10 mbit\"",
            "\"10 Mbit\"",
            "\"0 bit\"",
            "\"running\"",
            "\"SIGKILL\"",
            "\"9\"",
            "\"fifo\"",
            "\"round-robin\"",
            "\"info\"",
            "\"loud\"",
            "\"gml\"",
            "\"preload\"",
            "\"inject\"",
            "\"standard\"",
            "\"1.2.3.4\"",
            "\"1.2.3\"",
            "\"01.2.3.4\"",
            "\"thread-per-host\"",
            "\"token-bucket\"",
            "[]",
            "[\"a\", 1]",
            "[null]",
            "[[]]",
            "{}",
            "{\"exited\": 1}",
            "{\"exited\": 999}",
            "{\"signaled\": 9}",
            "{\"unknown\": 1}");

    private final JsonNode tree = schemaTree();
    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(tree.toString(), InputFormat.JSON);

    private static JsonNode schemaTree() {
        try (InputStream input = Definition.class.getResourceAsStream("schema.json")) {
            return MAPPER.readTree(input);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private List<String> keys(String pointer) {
        return List.copyOf(tree.at(pointer).get("properties").propertyNames());
    }

    @Test
    void theSchemaListsTheKeysThatTheReaderKnows() {
        assertThat(keys(""))
                .containsExactlyElementsOf(DefinitionKeys.TOP.stream()
                        .sorted(Comparator.comparingInt(keys("")::indexOf))
                        .toList());
        assertThat(keys("/properties/experiment")).isEqualTo(DefinitionKeys.EXPERIMENT);
        assertThat(keys("/properties/general")).isEqualTo(DefinitionKeys.GENERAL);
        assertThat(keys("/properties/network")).isEqualTo(DefinitionKeys.NETWORK);
        assertThat(keys("/properties/network/properties/graph")).isEqualTo(DefinitionKeys.GRAPH);
        assertThat(keys("/properties/network/properties/graph/properties/file")).isEqualTo(DefinitionKeys.GRAPH_FILE);
        assertThat(keys("/properties/experimental")).isEqualTo(DefinitionKeys.EXPERIMENTAL);
        assertThat(keys("/$defs/host_options")).isEqualTo(DefinitionKeys.HOST_OPTIONS);
        assertThat(keys("/$defs/host")).isEqualTo(DefinitionKeys.HOST);
        assertThat(keys("/$defs/process")).isEqualTo(DefinitionKeys.PROCESS);
        assertThat(keys("/$defs/process/properties/app/anyOf/1")).isEqualTo(DefinitionKeys.APPLICATIONS);
        assertThat(keys("/$defs/echo")).isEqualTo(DefinitionKeys.SERVER);
        assertThat(keys("/$defs/sink")).isEqualTo(DefinitionKeys.SERVER);
        assertThat(keys("/$defs/traffic")).isEqualTo(DefinitionKeys.TRAFFIC);
        for (String unit : List.of("time", "size", "rate", "count")) {
            String shapes = "/$defs/" + unit + "_distribution/anyOf/1";
            assertThat(keys(shapes)).isEqualTo(DefinitionKeys.DISTRIBUTION);
            assertThat(keys(shapes + "/properties/uniform")).isEqualTo(DefinitionKeys.UNIFORM);
            assertThat(keys(shapes + "/properties/exponential")).isEqualTo(DefinitionKeys.EXPONENTIAL);
            assertThat(keys(shapes + "/properties/pareto")).isEqualTo(DefinitionKeys.PARETO);
            assertThat(keys(shapes + "/properties/lognormal")).isEqualTo(DefinitionKeys.LOGNORMAL);
        }
    }

    @Test
    void everyKeyIsDescribed() {
        List<String> bare = new ArrayList<>();
        collectUndescribed(tree, "", bare);
        assertThat(bare).isEmpty();
    }

    @Test
    void theManualNamesEveryKey() throws IOException {
        String manual = Files.readString(Path.of("../docs/definition.md"));
        List<String> unnamed = Stream.of(
                        DefinitionKeys.TOP,
                        DefinitionKeys.EXPERIMENT,
                        DefinitionKeys.GENERAL,
                        DefinitionKeys.NETWORK,
                        DefinitionKeys.GRAPH,
                        DefinitionKeys.GRAPH_FILE,
                        DefinitionKeys.HOST_OPTIONS,
                        DefinitionKeys.HOST,
                        DefinitionKeys.PROCESS,
                        DefinitionKeys.APPLICATIONS,
                        DefinitionKeys.SERVER,
                        DefinitionKeys.TRAFFIC,
                        DefinitionKeys.DISTRIBUTION,
                        DefinitionKeys.UNIFORM,
                        DefinitionKeys.EXPONENTIAL,
                        DefinitionKeys.PARETO,
                        DefinitionKeys.LOGNORMAL,
                        DefinitionKeys.EXPERIMENTAL)
                .flatMap(List::stream)
                .filter(key -> !manual.contains("`" + key + "`"))
                .toList();
        assertThat(unnamed).isEmpty();
    }

    private static void collectUndescribed(JsonNode node, String path, List<String> bare) {
        if (node.isObject()) {
            JsonNode properties = node.get("properties");
            if (properties != null && !path.endsWith("/if") && !path.contains("/then") && !path.endsWith("/else")) {
                properties.propertyStream().forEach(property -> {
                    if (!property.getValue().has("description")) {
                        bare.add(path + "/" + property.getKey());
                    }
                });
            }
            node.propertyStream()
                    .forEach(child -> collectUndescribed(child.getValue(), path + "/" + child.getKey(), bare));
        }
    }

    @Test
    void theDefaultsOfTheSchemaAreThoseOfTheReader() {
        ObjectNode document = (ObjectNode) MAPPER.readTree(SMALLEST);
        putDefaults(document.withObject("/experiment"), "/properties/experiment");
        putDefaults(document.withObject("/general"), "/properties/general");
        putDefaults(document.withObject("/network"), "/properties/network");
        putDefaults(document.withObject("/host_option_defaults"), "/$defs/host_options");
        putDefaults(document.withObject("/experimental"), "/properties/experimental");
        putDefaults((ObjectNode) document.at("/hosts/alice/processes/0"), "/$defs/process");

        String withDefaults = ResolvedDefinition.toJson(Definitions.right(document.toString()));
        assertThat(withDefaults).isEqualTo(ResolvedDefinition.toJson(Definitions.right(SMALLEST)));
        assertThat(document.at("/general/log_level").asString()).isEqualTo("info");
        assertThat(document.at("/hosts/alice/processes/0").size()).isEqualTo(8);
    }

    private void putDefaults(ObjectNode section, String pointer) {
        tree.at(pointer).get("properties").propertyStream().forEach(property -> {
            JsonNode value = property.getValue().get("default");
            if (value != null) {
                section.set(property.getKey(), value);
            }
        });
    }

    @Test
    void completeFilesAreRightForBoth() {
        assertThat(schema.validate(SMALLEST, InputFormat.JSON)).isEmpty();
        assertThat(schema.validate(FULL, InputFormat.JSON)).isEmpty();
        assertThat(Definitions.read(FULL).errors()).isEmpty();
        String resolved = ResolvedDefinition.toJson(Definitions.right(FULL));
        assertThat(schema.validate(resolved, InputFormat.JSON)).isEmpty();
    }

    @Test
    void theFullFileHasEveryKeyThatTakesAValue() {
        JsonNode full = MAPPER.readTree(FULL);
        assertThat(full.get("general").propertyNames()).containsExactlyElementsOf(DefinitionKeys.GENERAL);
        assertThat(full.get("experimental").propertyNames()).containsExactlyElementsOf(DefinitionKeys.EXPERIMENTAL);
        assertThat(full.at("/hosts/alice/processes/0").propertyNames())
                .containsExactlyElementsOf(DefinitionKeys.PROCESS);
    }

    @Test
    void removedRequiredKeysAreMissedByBoth() {
        for (String pointer : List.of(
                "/general",
                "/network",
                "/hosts",
                "/general/stop_time",
                "/network/graph",
                "/network/graph/type",
                "/hosts/alice/network_node_id",
                "/hosts/alice/processes",
                "/hosts/alice/processes/0/path",
                "/hosts/bob/processes/0/app",
                "/hosts/bob/processes/0/app/traffic",
                "/hosts/bob/processes/0/app/traffic/to",
                "/hosts/bob/processes/0/app/traffic/messages/uniform/to",
                "/hosts/bob/processes/0/app/traffic/size/pareto/shape",
                "/hosts/carol/processes/0/app/echo")) {
            ObjectNode document = (ObjectNode) MAPPER.readTree(FULL);
            int slash = pointer.lastIndexOf('/');
            ((ObjectNode) document.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));
            assertThat(schema.validate(document.toString(), InputFormat.JSON))
                    .as(pointer)
                    .isNotEmpty();
            assertThat(Definitions.read(document.toString()).errors())
                    .as(pointer)
                    .isNotEmpty();
        }
    }

    /** Puts every value in the place of every other and compares the answers. */
    @Test
    void schemaAndReaderAgreeOnEveryValueInEveryPlace() {
        List<String> schemaAlone = new ArrayList<>();
        Set<String> readerAlone = new TreeSet<>();
        int right = 0;
        for (String pointer : pointers(MAPPER.readTree(FULL), "")) {
            for (String value : VALUES) {
                JsonNode document = MAPPER.readTree(FULL);
                put(document, pointer, MAPPER.readTree(value));
                String text = document.toString();
                boolean schemaRefuses = !schema.validate(text, InputFormat.JSON).isEmpty();
                List<DefinitionError> errors = Definitions.read(text).errors();
                if (schemaRefuses && errors.isEmpty()) {
                    schemaAlone.add(pointer + "=" + value);
                } else if (!schemaRefuses && errors.isEmpty()) {
                    right++;
                } else if (!schemaRefuses) {
                    errors.forEach(error -> readerAlone.add(error.message()
                            .replaceAll("there is no host .*", "there is no host")
                            .replaceAll("[0-9]+", "N")));
                }
            }
        }
        assertThat(schemaAlone).isEmpty();
        assertThat(right).isGreaterThan(300);
        // What only the reader can know: files, programs, other keys, the graph, and limits of quantities.
        assertThat(readerAlone)
                .containsExactly(
                        "is not a signal: expected a name such as SIGTERM, or a number from N to N",
                        "is too large for a time",
                        "must be after start_time",
                        "must be before general.stop_time",
                        "must be from N B to N B",
                        "must be from N s to N ms",
                        "must be greater than N",
                        "must be greater than N; null for none",
                        "must be greater than N; null for the least latency between hosts",
                        "must not be empty",
                        "must not be given together with a count: only one host can have an address",
                        "must not be less than from",
                        "the graph has no node N",
                        "there is no host",
                        "there is no program of this name in the directories of PATH",
                        "there is no such directory");
    }

    private static List<String> pointers(JsonNode node, String pointer) {
        List<String> pointers = new ArrayList<>();
        if (!pointer.isEmpty()) {
            pointers.add(pointer);
        }
        if (node instanceof ObjectNode object) {
            object.propertyStream()
                    .forEach(child -> pointers.addAll(pointers(child.getValue(), pointer + "/" + child.getKey())));
        } else if (node instanceof ArrayNode array) {
            pointers.addAll(pointers(array.get(0), pointer + "/0"));
        }
        return pointers;
    }

    private static void put(JsonNode document, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = document.at(pointer.substring(0, slash));
        if (parent instanceof ArrayNode array) {
            array.set(0, value);
        } else {
            ((ObjectNode) parent).set(pointer.substring(slash + 1), value);
        }
    }
}
