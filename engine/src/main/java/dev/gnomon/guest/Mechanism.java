package dev.gnomon.guest;

/** How the engine reaches into a program. A guest's children have their parent's. */
public enum Mechanism {
    /** The shim, put into any program as it is executed, by the zygote, which traces it for that long; static programs included. */
    INJECT,
    /** The shim, loaded by the dynamic loader ({@code LD_PRELOAD}), for where tracing is not permitted; dynamically linked programs only. */
    PRELOAD,
    /** No shim: a tracer for each program that the engine starts and its children, by {@code ptrace(2)}. Any program; slow. */
    PTRACE,
    /** As {@link #INJECT}, and the shim crosses by {@code seccomp_unotify(2)} in place of futexes. */
    NOTIFY,
    /**
     * As {@link #INJECT}, and a thread whose call the shim could not catch is traced again and sent into the shim, where it would
     * be ended by the others.
     */
    HYBRID;

    /** Whether the kernel has to let the zygote trace its children. */
    public boolean traces() {
        return this != PRELOAD;
    }

    /** Whether the zygote puts the shim into a program. */
    boolean injects() {
        return this == INJECT || this == NOTIFY || this == HYBRID;
    }
}
