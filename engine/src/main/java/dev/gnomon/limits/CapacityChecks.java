package dev.gnomon.limits;

import dev.gnomon.limits.MachineLimits.Capacity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Holds what a run needs against what there is. Pure functions: reading is {@link MachineReader}'s. */
final class CapacityChecks {
    /** {@code PID_MAX_LIMIT} of {@code include/linux/threads.h}. */
    private static final long LARGEST_PROCESS_ID = 4L << 20;

    /** What the kernel lets {@code vm.max_map_count} be by default. */
    private static final long USUAL_MAPPINGS = 65_530;

    private CapacityChecks() {}

    static List<Finding> check(Capacity machine, RunNeeds run) {
        List<Finding> findings = new ArrayList<>();
        findings.add(tasks(
                "kernel.pid_max",
                machine.processIds(),
                machine,
                run,
                setting(machine, "kernel.pid_max=" + Math.min(LARGEST_PROCESS_ID, roundedUp(wanted(machine, run))))));
        findings.add(tasks(
                "kernel.threads-max",
                machine.threads(),
                machine,
                run,
                setting(machine, "kernel.threads-max=" + roundedUp(wanted(machine, run)))));
        if (machine.userTasks().isPresent()) {
            findings.add(tasks(
                    "processes of a user (ulimit -u)",
                    machine.userTasks(),
                    machine,
                    run,
                    "ulimit -u " + roundedUp(wanted(machine, run)) + "   # or nproc in /etc/security/limits.conf"));
        }
        for (ControlGroupLimit group : machine.taskGroups()) {
            findings.add(Finding.of(
                    group.left() >= run.tasks(),
                    group.file(),
                    count(group.limit()) + ", " + count(group.used()) + " in use",
                    count(run.tasks()) + " more",
                    "echo " + roundedUp(group.used() + run.tasks()) + " > " + group.file()));
        }
        findings.add(files(machine, run));
        findings.add(mappings(machine, run));
        findings.add(memory(machine, run));
        for (ControlGroupLimit group : machine.memoryGroups()) {
            findings.add(Finding.of(
                    group.left() >= run.memoryBytes(),
                    group.file(),
                    bytes(group.limit()) + ", " + bytes(group.used()) + " in use",
                    bytes(run.memoryBytes()),
                    "echo " + roundedUp(group.used() + run.memoryBytes()) + " > " + group.file()));
        }
        findings.add(Finding.of(
                machine.heapBytes() >= run.heapBytes(),
                "heap of the engine",
                bytes(machine.heapBytes()),
                bytes(run.heapBytes()),
                "GNOMON_JAVA_OPTIONS=\"-XX:+UseSerialGC -Xmx" + (run.heapBytes() * 3 / 2 >> 20)
                        + "m\" gnomon run ..."));
        machine.sharedMemoryBytes()
                .ifPresent(free -> findings.add(Finding.noted(
                        "/dev/shm",
                        bytes(free) + " free; not used: shared memory of a run belongs to no file system")));
        return findings;
    }

    private static String setting(Capacity machine, String assignment) {
        return "sysctl -w " + assignment
                + (machine.settingsWritable() ? "   # permitted here" : "   # as an administrator");
    }

    private static long wanted(Capacity machine, RunNeeds run) {
        return machine.tasks().orElse(0) + run.tasks();
    }

    private static Finding tasks(String subject, OptionalLong limit, Capacity machine, RunNeeds run, String remedy) {
        String needed = count(run.tasks()) + " more";
        if (limit.isEmpty()) {
            return Finding.unknown(subject, needed);
        }
        return Finding.of(
                limit.getAsLong() > wanted(machine, run),
                subject,
                count(limit.getAsLong()) + ", " + count(machine.tasks().orElse(0)) + " in use",
                needed,
                remedy);
    }

    private static Finding files(Capacity machine, RunNeeds run) {
        String subject = "open files (ulimit -Hn)";
        if (machine.openFiles().isEmpty()) {
            return new Finding(Finding.Verdict.SUFFICES, subject, "unlimited", count(run.openFiles()), "");
        }
        return Finding.of(
                machine.openFiles().getAsLong() >= run.openFiles(),
                subject,
                count(machine.openFiles().getAsLong()),
                count(run.openFiles()),
                "ulimit -Hn " + roundedUp(run.openFiles()) + "   # or nofile in /etc/security/limits.conf");
    }

    private static Finding mappings(Capacity machine, RunNeeds run) {
        if (machine.mappings().isEmpty()) {
            return Finding.unknown("vm.max_map_count", count(run.mappings()));
        }
        return Finding.of(
                machine.mappings().getAsLong() >= run.mappings(),
                "vm.max_map_count",
                count(machine.mappings().getAsLong()),
                count(run.mappings()),
                setting(machine, "vm.max_map_count=" + USUAL_MAPPINGS));
    }

    private static Finding memory(Capacity machine, RunNeeds run) {
        if (machine.memoryBytes().isEmpty()) {
            return Finding.unknown("memory", bytes(run.memoryBytes()));
        }
        return Finding.of(
                machine.memoryBytes().getAsLong() >= run.memoryBytes(),
                "memory",
                bytes(machine.memoryBytes().getAsLong()) + " available",
                bytes(run.memoryBytes()),
                "");
    }

    /** With room to spare: the next power of two. */
    private static long roundedUp(long number) {
        return number <= 1 ? 1 : Long.highestOneBit(number - 1) << 1;
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String bytes(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30))
                : count(bytes >> 20) + " MiB";
    }
}
