package dev.gnomon.run;

import dev.gnomon.definition.FinalState;
import dev.gnomon.definition.ProcessDefinition;
import dev.gnomon.host.Host;
import dev.gnomon.host.LaunchedProcess;
import java.util.IdentityHashMap;
import java.util.Map;

/** Says of processes whether they came to what the definition expects. Filled before the run, then only read. */
final class Outcomes {
    private final Map<LaunchedProcess.Plan, ProcessDefinition> definitions = new IdentityHashMap<>();

    void expect(LaunchedProcess.Plan plan, ProcessDefinition definition) {
        definitions.put(plan, definition);
    }

    ProcessOutcome of(Host host, LaunchedProcess process) {
        FinalState expected = definitions.get(process.plan()).expectedFinalState();
        String actual = actual(process);
        String output = "hosts/" + host.name() + "/" + process.plan().programName() + "." + process.processId();
        boolean asExpected = process.startFailure() == null && actual.equals(expected.toString());
        return new ProcessOutcome(
                host.name(),
                process.plan().programName(),
                process.processId(),
                process.plan().startNanos(),
                process.endNanos(),
                expected.toString(),
                actual,
                asExpected,
                output + ".stdout",
                output + ".stderr");
    }

    private static String actual(LaunchedProcess process) {
        if (process.startFailure() != null) {
            return "not started";
        }
        if (!process.hasEnded()) {
            return process.hasStarted() ? FinalState.RUNNING.toString() : "not started";
        }
        int status = process.waitStatus();
        int signal = status & 0x7f;
        return (signal != 0 ? FinalState.signaled(signal) : FinalState.exited(status >> 8 & 0xff)).toString();
    }
}
