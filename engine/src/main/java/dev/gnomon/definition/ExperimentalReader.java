package dev.gnomon.definition;

import java.util.List;
import java.util.OptionalLong;

/** Reads {@code experimental}: what has an effect here becomes options, the rest is checked and named as ignored. */
final class ExperimentalReader {
    private static final long MICROSECOND = 1_000L;
    private static final List<String> IGNORED_SWITCHES = List.of(
            "use_dynamic_runahead",
            "native_preemption_enabled",
            "use_memory_manager",
            "use_new_tcp",
            "use_preload_libc",
            "use_preload_openssl_rng",
            "use_preload_openssl_crypto",
            "use_object_counters",
            "use_syscall_counters",
            "report_errors_to_stderr");
    private static final List<String> IGNORED_TIMES =
            List.of("native_preemption_native_interval", "native_preemption_sim_interval");

    private ExperimentalReader() {}

    static ExperimentalOptions read(Value value) {
        Section experimental = Section.orEmpty(value, DefinitionKeys.EXPERIMENTAL);
        ignore(experimental);
        return new ExperimentalOptions(
                experimental.value("interface_qdisc").choice(QueueDiscipline.class, QueueDiscipline.FIFO),
                runahead(experimental.value("runahead")),
                experimental.value("use_cpu_pinning").bool(true),
                experimental.value("use_worker_spinning").bool(true),
                experimental.value("use_sched_fifo").bool(false),
                bufferBytes(experimental.value("socket_send_buffer"), 131_072),
                experimental.value("socket_send_autotune").bool(true),
                bufferBytes(experimental.value("socket_recv_buffer"), 174_760),
                experimental.value("socket_recv_autotune").bool(true),
                experimental.value("strace_logging_mode").choice(StraceLoggingMode.class, StraceLoggingMode.OFF),
                experimental.value("unblocked_syscall_latency").nanos(MICROSECOND),
                experimental.value("unblocked_vdso_latency").nanos(10),
                experimental.value("max_unapplied_cpu_latency").nanos(MICROSECOND));
    }

    private static void ignore(Section experimental) {
        for (String key : IGNORED_SWITCHES) {
            experimental.value(key).bool(false);
            experimental.value(key).ignored(key);
        }
        for (String key : IGNORED_TIMES) {
            experimental.value(key).nanos(0);
            experimental.value(key).ignored(key);
        }
        experimental.value("scheduler").oneOf(List.of("thread-per-core", "thread-per-host"));
        experimental.value("scheduler").ignored("scheduler");
        Value limitEdges = experimental.value("edge_bandwidth_limiting_enabled");
        if (limitEdges.bool(false)) {
            limitEdges.error("bandwidth of edges is not supported yet");
        } else {
            limitEdges.ignored("edge_bandwidth_limiting_enabled");
        }
        experimental.value("edge_bandwidth_algorithm").oneOf(List.of("token-bucket"));
        experimental.value("edge_bandwidth_algorithm").ignored("edge_bandwidth_algorithm");
        experimental.value("edge_bandwidth_burst_ratio").number();
        experimental.value("edge_bandwidth_burst_ratio").ignored("edge_bandwidth_burst_ratio");
    }

    private static OptionalLong runahead(Value value) {
        if (!value.isPresent()) {
            return OptionalLong.empty();
        }
        long nanos = value.nanos(1);
        if (nanos == 0) {
            value.error("must be greater than 0; null for the least latency between hosts");
        }
        return OptionalLong.of(nanos);
    }

    private static long bufferBytes(Value value, long defaultBytes) {
        long bytes = value.bytes(defaultBytes);
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            value.error("must be from 1 B to " + Integer.MAX_VALUE + " B");
            return defaultBytes;
        }
        return bytes;
    }
}
