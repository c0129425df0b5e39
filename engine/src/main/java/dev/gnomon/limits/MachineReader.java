package dev.gnomon.limits;

import dev.gnomon.jna.SwitchLibrary;
import dev.gnomon.jna.UserDispatch;
import dev.gnomon.limits.MachineLimits.Capacity;
import dev.gnomon.limits.MachineLimits.Permissions;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntSupplier;

/** Reads what this machine permits this process. Changes nothing. */
final class MachineReader {
    private static final int REAL_TIME_PRIORITY = 1;
    private static final int LONGEST_FILE_BYTES = 16 << 20;

    private MachineReader() {}

    static MachineLimits read() {
        return new MachineLimits(capacity(), permissions());
    }

    static Capacity capacity() {
        String limits = text("/proc/self/limits");
        return new Capacity(
                MachineTexts.tasks(text("/proc/loadavg")),
                number("/proc/sys/kernel/pid_max"),
                number("/proc/sys/kernel/threads-max"),
                // copy_process() in kernel/fork.c: the limit does not hold an administrator.
                isPrivileged() ? OptionalLong.empty() : MachineTexts.resourceLimit(limits, "Max processes", 0),
                groups("pids", "pids.max", "pids.max", MachineReader::tasksOf),
                number("/proc/sys/vm/max_map_count"),
                MachineTexts.resourceLimit(limits, "Max open files", 1),
                MachineTexts.memoryBytes(text("/proc/meminfo"), "MemAvailable"),
                groups("memory", "memory.limit_in_bytes", "memory.max", MachineReader::memoryOf),
                Runtime.getRuntime().maxMemory(),
                sharedMemoryBytes(),
                Files.isWritable(Path.of("/proc/sys/kernel/pid_max")));
    }

    private static Permissions permissions() {
        String status = text("/proc/self/status");
        String dispatch = UserDispatch.refusal();
        return new Permissions(
                System.getProperty("os.version"),
                dispatch.isEmpty() ? Optional.empty() : Optional.of(dispatch),
                isPrivileged(),
                number("/proc/sys/kernel/yama/ptrace_scope"),
                number("/proc/sys/user/max_user_namespaces"),
                namespacesRefusal(
                        number("/proc/sys/kernel/unprivileged_userns_clone"),
                        number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")),
                MachineTexts.status(status, "NoNewPrivs").equals("1"),
                MachineTexts.number(MachineTexts.status(status, "Seccomp_filters")),
                Runtime.getRuntime().availableProcessors(),
                refusalOf(MachineReader::bindToOwnProcessor),
                refusalOf(() -> SwitchLibrary.gnomon_set_priority(REAL_TIME_PRIORITY)),
                number("/proc/sys/kernel/sched_rt_runtime_us"));
    }

    /** The first is Debian's, the second Ubuntu's setting. */
    private static Optional<String> namespacesRefusal(OptionalLong permitted, OptionalLong restricted) {
        if (permitted.orElse(1) == 0) {
            return Optional.of("kernel.unprivileged_userns_clone=1");
        }
        return restricted.orElse(0) == 0
                ? Optional.empty()
                : Optional.of("kernel.apparmor_restrict_unprivileged_userns=0");
    }

    private static boolean isPrivileged() {
        String effective = MachineTexts.status(text("/proc/self/status"), "CapEff");
        return MachineTexts.hasCapability(effective, MachineTexts.CAP_SYS_ADMIN);
    }

    private static int bindToOwnProcessor() {
        String allowed = MachineTexts.status(text("/proc/self/status"), "Cpus_allowed_list");
        return SwitchLibrary.gnomon_pin_thread(MachineTexts.firstProcessor(allowed));
    }

    /** Tries on a thread that ends afterwards, so that nothing of it stays. */
    private static Optional<String> refusalOf(IntSupplier attempt) {
        CompletableFuture<Integer> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> outcome.complete(attempt.getAsInt()), "gnomon-doctor");
        thread.setUncaughtExceptionHandler((failed, why) -> outcome.completeExceptionally(why));
        thread.start();
        try {
            int result = outcome.get();
            return result < 0 ? Optional.of("refused: " + SwitchLibrary.errorText(-result)) : Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot try what is permitted: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("not tried: interrupted");
        }
    }

    @FunctionalInterface
    private interface UsageReader {
        long used(ControlGroups.Directory directory);
    }

    private static List<ControlGroupLimit> groups(
            String controller, String file, String unifiedFile, UsageReader usage) {
        List<ControlGroupLimit> found = new ArrayList<>();
        String mounts = text("/proc/self/mountinfo");
        for (ControlGroups.Directory directory : ControlGroups.of(controller, text("/proc/self/cgroup"), mounts)) {
            Path limitFile = directory.path().resolve(directory.unified() ? unifiedFile : file);
            OptionalLong limit = MachineTexts.number(text(limitFile));
            if (limit.isPresent()) {
                found.add(new ControlGroupLimit(limitFile.toString(), limit.getAsLong(), usage.used(directory)));
            }
        }
        return found;
    }

    private static long tasksOf(ControlGroups.Directory directory) {
        return MachineTexts.number(text(directory.path().resolve("pids.current")))
                .orElse(0);
    }

    private static long memoryOf(ControlGroups.Directory directory) {
        boolean unified = directory.unified();
        Path usage = directory.path().resolve(unified ? "memory.current" : "memory.usage_in_bytes");
        OptionalLong reclaimable = MachineTexts.statistic(
                text(directory.path().resolve("memory.stat")), unified ? "inactive_file" : "total_inactive_file");
        return Math.max(0, MachineTexts.number(text(usage)).orElse(0) - reclaimable.orElse(0));
    }

    private static OptionalLong sharedMemoryBytes() {
        try {
            return OptionalLong.of(Files.getFileStore(Path.of("/dev/shm")).getUsableSpace());
        } catch (IOException none) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong number(String file) {
        return MachineTexts.number(text(file));
    }

    private static String text(String file) {
        return text(Path.of(file));
    }

    /**
     * Empty where the file cannot be read: a kernel may not have it, or keep it to administrators. In large pieces, because a
     * setting of {@code /proc/sys} gives nothing beyond the first read ({@code kernel/sysctl.c}).
     */
    private static String text(Path file) {
        try (InputStream input = new FileInputStream(file.toFile())) {
            return new String(input.readNBytes(LONGEST_FILE_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
