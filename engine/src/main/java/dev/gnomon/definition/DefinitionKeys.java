package dev.gnomon.definition;

import java.util.List;

/** The keys of each section, in the order in which they are documented. The JSON Schema lists the same. */
final class DefinitionKeys {
    /** Top-level keys with this prefix are the author's own; anchors are kept there. */
    static final String FREE_PREFIX = "x-";

    static final List<String> TOP =
            List.of("experiment", "general", "network", "host_option_defaults", "hosts", "experimental", "faults");
    static final List<String> EXPERIMENT =
            List.of("name", "description", "tags", "mechanism", "seeds", "sweep", "checks");
    static final List<String> GENERAL = List.of(
            "stop_time",
            "seed",
            "parallelism",
            "bootstrap_end_time",
            "data_directory",
            "template_directory",
            "heartbeat_interval",
            "log_level",
            "progress",
            "model_unblocked_syscall_latency",
            "local_calls",
            "prepared_images");
    static final List<String> NETWORK = List.of("graph", "use_shortest_path");
    static final List<String> GRAPH = List.of("type", "inline", "file");
    static final List<String> GRAPH_FILE = List.of("path", "compression");
    static final List<String> HOST_OPTIONS =
            List.of("log_level", "pcap_enabled", "pcap_capture_size", "interrupt_interval");
    static final List<String> HOST = List.of(
            "network_node_id", "processes", "ip_addr", "bandwidth_down", "bandwidth_up", "host_options", "count");
    static final List<String> PROCESS = List.of(
            "path",
            "app",
            "args",
            "environment",
            "start_time",
            "shutdown_time",
            "shutdown_signal",
            "expected_final_state",
            "mechanism");
    static final List<String> APPLICATIONS = List.of("echo", "sink", "traffic");
    static final List<String> SERVER = List.of("port", "protocol");
    static final List<String> TRAFFIC = List.of(
            "to",
            "port",
            "protocol",
            "clients",
            "flows",
            "flow_pause",
            "messages",
            "size",
            "response",
            "rate",
            "pause",
            "timeout");
    static final List<String> DISTRIBUTION = List.of("constant", "uniform", "exponential", "pareto", "lognormal");
    static final List<String> UNIFORM = List.of("from", "to");
    static final List<String> EXPONENTIAL = List.of("mean", "maximum");
    static final List<String> PARETO = List.of("minimum", "shape", "maximum");
    static final List<String> LOGNORMAL = List.of("median", "sigma", "maximum");
    static final List<String> FINAL_STATE = List.of("exited", "signaled");
    static final List<String> EXPERIMENTAL = List.of(
            "interface_qdisc",
            "runahead",
            "use_cpu_pinning",
            "socket_send_buffer",
            "socket_send_autotune",
            "socket_recv_buffer",
            "socket_recv_autotune",
            "strace_logging_mode",
            "unblocked_syscall_latency",
            "unblocked_vdso_latency",
            "max_unapplied_cpu_latency",
            "use_dynamic_runahead",
            "scheduler",
            "use_sched_fifo",
            "use_worker_spinning",
            "native_preemption_enabled",
            "native_preemption_native_interval",
            "native_preemption_sim_interval",
            "use_memory_manager",
            "use_new_tcp",
            "use_preload_libc",
            "use_preload_openssl_rng",
            "use_preload_openssl_crypto",
            "use_object_counters",
            "use_syscall_counters",
            "report_errors_to_stderr",
            "edge_bandwidth_limiting_enabled",
            "edge_bandwidth_algorithm",
            "edge_bandwidth_burst_ratio");

    private DefinitionKeys() {}
}
