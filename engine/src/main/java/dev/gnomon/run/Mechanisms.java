package dev.gnomon.run;

import dev.gnomon.definition.ProcessDefinition;
import dev.gnomon.guest.Mechanism;
import dev.gnomon.guest.ProgramFile;
import dev.gnomon.host.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chooses each process's mechanism: what the definition says, else injection where it is permitted, else preloading. */
final class Mechanisms {
    private final boolean canInject;
    private final Map<Path, ProgramFile.Verdict> verdicts = new HashMap<>();

    Mechanisms(boolean canInject) {
        this.canInject = canInject;
    }

    /** @throws IOException where what the definition says is not possible here */
    Mechanism of(ProcessDefinition process) throws IOException {
        Mechanism mechanism = process.mechanism().orElse(canInject ? Mechanism.INJECT : Mechanism.PRELOAD);
        if (mechanism == Mechanism.INJECT && !canInject) {
            throw new IOException(
                    "the mechanism inject is not permitted here, because the kernel refuses tracing (Yama's"
                            + " ptrace_scope, or a seccomp filter): program=" + process.program());
        }
        if (mechanism == Mechanism.INJECT) {
            return mechanism;
        }
        ProgramFile.Verdict verdict = verdicts.computeIfAbsent(process.program(), ProgramFile::inspect);
        if (verdict.kind() == ProgramFile.Kind.STATIC_PROGRAM) {
            throw new IOException(process.program() + " " + verdict.message() + ", which is not permitted here");
        }
        return mechanism;
    }

    /** Says so where a process falls back to preloading. */
    void warnOfFallback(Host host, List<ProcessDefinition> processes) {
        for (ProcessDefinition process : processes) {
            if (!canInject
                    && process.mechanism().isEmpty()
                    && process.application().isEmpty()) {
                host.warn(
                        "mechanism",
                        process.programName(),
                        "preload",
                        "the shim is preloaded, not injected, because the kernel refuses tracing");
            }
        }
    }
}
