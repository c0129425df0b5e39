package dev.gnomon.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at this machine for a run. */
public final class Doctor {
    private Doctor() {}

    /** Everything that was looked at. */
    public static List<Finding> examine(RunNeeds run) {
        MachineLimits machine = MachineReader.read();
        List<Finding> findings = new ArrayList<>(CapacityChecks.check(machine.capacity(), run));
        findings.addAll(PermissionChecks.check(machine.permissions(), run));
        return findings;
    }

    /** Why a run cannot fit on this machine, with the numbers; empty where it may. */
    public static Optional<String> refusal(RunNeeds run) {
        return refusal(CapacityChecks.check(MachineReader.capacity(), run), run);
    }

    static Optional<String> refusal(List<Finding> findings, RunNeeds run) {
        List<Finding> lacking = findings.stream().filter(Finding::lacks).toList();
        if (lacking.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("the run does not fit on this machine (hosts: " + run.hosts() + ", processes at once: "
                + run.processes() + ", applications: " + run.applications() + "):\n"
                + lacking.stream().map(Doctor::line).collect(Collectors.joining("\n")));
    }

    private static String line(Finding finding) {
        return "  " + finding.subject() + ": " + finding.found() + "; needed: " + finding.needed()
                + (finding.remedy().isEmpty() ? "" : "; to change it: " + finding.remedy());
    }
}
