package dev.gnomon.limits;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this machine permits this process, as far as it can be read; empty where it cannot, or where there is no limit.
 *
 * @param capacity what there is a number of
 * @param permissions what is allowed or not
 */
record MachineLimits(Capacity capacity, Permissions permissions) {
    /**
     * @param tasks processes and threads that there are
     * @param processIds {@code kernel.pid_max}
     * @param threads {@code kernel.threads-max}
     * @param userTasks {@code RLIMIT_NPROC}, of a user whom it holds
     * @param taskGroups limits of control groups on tasks
     * @param mappings {@code vm.max_map_count}
     * @param openFiles {@code RLIMIT_NOFILE}, the hard limit
     * @param memoryBytes what can be had without swapping ({@code MemAvailable})
     * @param memoryGroups limits of control groups on memory
     * @param heapBytes how large the engine's heap may become
     * @param sharedMemoryBytes free in {@code /dev/shm}
     * @param settingsWritable whether this process may change {@code /proc/sys/kernel}
     */
    record Capacity(
            OptionalLong tasks,
            OptionalLong processIds,
            OptionalLong threads,
            OptionalLong userTasks,
            List<ControlGroupLimit> taskGroups,
            OptionalLong mappings,
            OptionalLong openFiles,
            OptionalLong memoryBytes,
            List<ControlGroupLimit> memoryGroups,
            long heapBytes,
            OptionalLong sharedMemoryBytes,
            boolean settingsWritable) {}

    /**
     * @param kernelRelease as {@code uname(2)} gives it
     * @param userDispatch why there is no syscall user dispatch; empty where there is
     * @param privileged whether the engine may do what only an administrator may
     * @param traceScope Yama's {@code ptrace_scope}; empty where there is no Yama
     * @param userNamespaces {@code user.max_user_namespaces}; 0 for none
     * @param userNamespacesRefusal the setting that keeps them from users; empty where there is none
     * @param noNewPrivileges whether the engine's process has that flag
     * @param seccompFilters how many hold the engine
     * @param processors that the engine may use
     * @param pinning why a thread cannot be bound to one; empty where it can
     * @param realTime why {@code SCHED_FIFO} cannot be had; empty where it can
     * @param realTimeMicros {@code kernel.sched_rt_runtime_us}
     */
    record Permissions(
            String kernelRelease,
            Optional<String> userDispatch,
            boolean privileged,
            OptionalLong traceScope,
            OptionalLong userNamespaces,
            Optional<String> userNamespacesRefusal,
            boolean noNewPrivileges,
            OptionalLong seccompFilters,
            int processors,
            Optional<String> pinning,
            Optional<String> realTime,
            OptionalLong realTimeMicros) {}
}
