package dev.gnomon.limits;

import dev.gnomon.limits.Finding.Verdict;
import dev.gnomon.limits.MachineLimits.Permissions;
import java.util.List;

/** Says what the machine permits, and what of it a run cannot do without. Pure functions. */
final class PermissionChecks {
    private PermissionChecks() {}

    static List<Finding> check(Permissions machine, RunNeeds run) {
        return List.of(
                Finding.of(
                        machine.userDispatch().isEmpty(),
                        "syscall user dispatch",
                        machine.userDispatch().orElse("there is") + " (Linux " + machine.kernelRelease() + ")",
                        "Linux 5.11 or newer",
                        ""),
                namespaces(machine),
                traceScope(machine),
                Finding.noted("no_new_privs", machine.noNewPrivileges() ? "set" : "not set; guests have it set"),
                Finding.noted(
                        "seccomp filters",
                        machine.seccompFilters().isEmpty()
                                ? "cannot be read"
                                : machine.seccompFilters().getAsLong() == 0
                                        ? "none"
                                        : machine.seccompFilters().getAsLong() + "; they hold guests too"),
                new Finding(
                        Verdict.NOTED,
                        "processors",
                        Integer.toString(machine.processors()),
                        run.workers() + (run.workers() == 1 ? " worker" : " workers"),
                        ""),
                pinning(machine),
                realTime(machine, run),
                throttling(machine, run));
    }

    private static Finding namespaces(Permissions machine) {
        String subject = "user namespaces";
        String without = "; guests of a run then share the machine's processes and network names";
        if (machine.privileged()) {
            return Finding.noted(subject, "not needed: the engine may make the other namespaces without one");
        }
        if (machine.userNamespaces().orElse(0) == 0) {
            return new Finding(
                    Verdict.NOTED, subject, "none" + without, "", "sysctl -w user.max_user_namespaces=16384");
        }
        if (machine.userNamespacesRefusal().isPresent()) {
            String setting = machine.userNamespacesRefusal().get();
            return new Finding(
                    Verdict.NOTED, subject, "kept from users by " + setting + without, "", "sysctl -w " + setting);
        }
        return Finding.noted(subject, "permitted");
    }

    /** {@code Documentation/admin-guide/LSM/Yama.rst}. */
    private static Finding traceScope(Permissions machine) {
        String subject = "kernel.yama.ptrace_scope";
        if (machine.traceScope().isEmpty()) {
            return Finding.noted(subject, "no Yama: a process may trace others of its user");
        }
        long scope = machine.traceScope().getAsLong();
        String meaning = scope == 0
                ? "a process may trace others of its user"
                : scope == 1 ? "only descendants" : scope == 2 ? "only administrators" : "nobody";
        // Guest memory is read across processes: process_vm_readv(2) asks the same as ptrace(2) does.
        boolean suffices = scope <= 1 || scope == 2 && machine.privileged();
        return Finding.of(suffices, subject, scope + ": " + meaning, "0 or 1", "sysctl -w kernel.yama.ptrace_scope=1");
    }

    private static Finding pinning(Permissions machine) {
        return Finding.noted(
                "binding to a processor",
                machine.pinning()
                        .map(why -> why + "; calls that cross cost ten times as much")
                        .orElse("permitted"));
    }

    private static Finding realTime(Permissions machine, RunNeeds run) {
        String subject = "SCHED_FIFO";
        String found = machine.realTime().orElse("permitted");
        if (!run.realTime()) {
            return Finding.noted(subject, found);
        }
        boolean leavesOne = run.workers() < machine.processors();
        return Finding.of(
                machine.realTime().isEmpty() && leavesOne,
                subject,
                machine.realTime().isPresent() || leavesOne ? found : "no processor left to the rest of the engine",
                "use_sched_fifo, and fewer workers than processors",
                machine.realTime().isPresent()
                        ? "ulimit -r 2   # or rtprio in /etc/security/limits.conf"
                        : "gnomon run --parallelism=" + (machine.processors() - 1) + " ...");
    }

    private static Finding throttling(Permissions machine, RunNeeds run) {
        String subject = "kernel.sched_rt_runtime_us";
        if (machine.realTimeMicros().isEmpty()) {
            return Finding.noted(subject, "there is none");
        }
        long micros = machine.realTimeMicros().getAsLong();
        if (!run.realTime()) {
            return Finding.noted(subject, Long.toString(micros));
        }
        return Finding.of(
                micros != -1,
                subject,
                micros == -1 ? "-1: nothing is kept for other programs" : Long.toString(micros),
                "less than the period",
                "sysctl -w kernel.sched_rt_runtime_us=950000");
    }
}
