package dev.gnomon.definition;

import dev.gnomon.quantity.Quantity;
import java.nio.file.Path;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a definition as JSON with everything resolved: defaults filled in, addresses assigned, programs found, units
 * plain. The same definition gives the same text, and the text is itself an experiment file that means the same.
 */
public final class ResolvedDefinition {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private ResolvedDefinition() {}

    /** The JSON text, with a newline at its end. */
    public static String toJson(Definition definition) {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode experiment = root.putObject("experiment");
        experiment.put("name", definition.experiment().name());
        experiment.put("description", definition.experiment().description());
        ArrayNode tags = experiment.putArray("tags");
        definition.experiment().tags().forEach(tags::add);
        experiment.put(
                "mechanism",
                definition.experiment().mechanism().map(Value::written).orElse(null));
        general(root.putObject("general"), definition.general());
        ObjectNode network = root.putObject("network");
        ObjectNode graph = network.putObject("graph");
        graph.put("type", "gml");
        graph.put("inline", definition.network().graph().toGml());
        network.put("use_shortest_path", definition.network().useShortestPath());
        ObjectNode hosts = root.putObject("hosts");
        for (HostDefinition host : definition.hosts()) {
            String name = host.group().map(HostGroup::name).orElse(host.name());
            if (!hosts.has(name)) {
                host(hosts.putObject(name), host);
            }
        }
        experimental(root.putObject("experimental"), definition.experimental());
        // Jackson ends lines as the platform does; the text must not depend on it.
        return MAPPER.writeValueAsString(root).replace(System.lineSeparator(), "\n") + "\n";
    }

    private static void general(ObjectNode node, GeneralOptions general) {
        node.put("stop_time", Quantity.formatNanos(general.stopNanos()));
        node.put("seed", general.seed());
        node.put("parallelism", general.parallelism());
        node.put("bootstrap_end_time", Quantity.formatNanos(general.bootstrapEndNanos()));
        node.put("data_directory", general.dataDirectory().toString());
        node.put(
                "template_directory",
                general.templateDirectory().map(Path::toString).orElse(null));
        if (general.heartbeatIntervalNanos().isPresent()) {
            node.put(
                    "heartbeat_interval",
                    Quantity.formatNanos(general.heartbeatIntervalNanos().getAsLong()));
        } else {
            node.putNull("heartbeat_interval");
        }
        node.put("log_level", Value.written(general.logLevel()));
        node.put("progress", general.progress());
        node.put("model_unblocked_syscall_latency", general.modelUnblockedSyscallLatency());
        node.put("local_calls", general.localCalls());
        node.put("prepared_images", general.preparedImages());
    }

    private static void host(ObjectNode node, HostDefinition host) {
        node.put("network_node_id", host.networkNodeId());
        host.group().ifPresent(group -> node.put("count", group.count()));
        // The automatic addresses of counted hosts come out the same again: what others have is written here.
        if (host.group().map(HostGroup::count).orElse(1) == 1) {
            node.put("ip_addr", host.ipv4AddressText());
        }
        node.put("bandwidth_down", Quantity.formatBitsPerSecond(host.bandwidthDownBitsPerSecond()));
        node.put("bandwidth_up", Quantity.formatBitsPerSecond(host.bandwidthUpBitsPerSecond()));
        ObjectNode options = node.putObject("host_options");
        options.put("log_level", host.options().logLevel().map(Value::written).orElse(null));
        options.put("pcap_enabled", host.options().pcapEnabled());
        options.put("pcap_capture_size", host.options().pcapCaptureSizeBytes() + " B");
        options.put("interrupt_interval", Quantity.formatNanos(host.options().interruptIntervalNanos()));
        ArrayNode processes = node.putArray("processes");
        for (ProcessDefinition process : host.group().map(HostGroup::processes).orElse(host.processes())) {
            process(processes.addObject(), process);
        }
    }

    private static void process(ObjectNode node, ProcessDefinition process) {
        if (process.application().isPresent()) {
            ApplicationJson.write(node, process.application().get());
        } else {
            node.put("path", process.program().toString());
            ArrayNode arguments = node.putArray("args");
            process.arguments().forEach(arguments::add);
            ObjectNode environment = node.putObject("environment");
            process.environment().forEach(environment::put);
            node.put("mechanism", process.mechanism().map(Value::written).orElse(null));
        }
        node.put("start_time", Quantity.formatNanos(process.startNanos()));
        if (process.shutdownNanos().isPresent()) {
            node.put(
                    "shutdown_time",
                    Quantity.formatNanos(process.shutdownNanos().getAsLong()));
        } else {
            node.putNull("shutdown_time");
        }
        node.put("shutdown_signal", SignalNames.name(process.shutdownSignal()));
        FinalState expected = process.expectedFinalState();
        switch (expected.kind()) {
            case EXITED -> node.putObject("expected_final_state").put("exited", expected.value());
            case SIGNALED -> node.putObject("expected_final_state").put("signaled", SignalNames.name(expected.value()));
            case RUNNING -> node.put("expected_final_state", "running");
        }
    }

    private static void experimental(ObjectNode node, ExperimentalOptions options) {
        node.put("interface_qdisc", Value.written(options.interfaceQueueDiscipline()));
        if (options.runaheadNanos().isPresent()) {
            node.put("runahead", Quantity.formatNanos(options.runaheadNanos().getAsLong()));
        } else {
            node.putNull("runahead");
        }
        node.put("use_cpu_pinning", options.useCpuPinning());
        node.put("use_worker_spinning", options.useWorkerSpinning());
        node.put("use_sched_fifo", options.useSchedFifo());
        node.put("socket_send_buffer", options.socketSendBufferBytes() + " B");
        node.put("socket_send_autotune", options.socketSendAutotune());
        node.put("socket_recv_buffer", options.socketReceiveBufferBytes() + " B");
        node.put("socket_recv_autotune", options.socketReceiveAutotune());
        node.put("strace_logging_mode", Value.written(options.straceLoggingMode()));
        node.put("unblocked_syscall_latency", Quantity.formatNanos(options.unblockedSyscallLatencyNanos()));
        node.put("unblocked_vdso_latency", Quantity.formatNanos(options.unblockedVdsoLatencyNanos()));
        node.put("max_unapplied_cpu_latency", Quantity.formatNanos(options.maxUnappliedCpuLatencyNanos()));
    }
}
