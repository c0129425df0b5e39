package dev.gnomon.guest;

/** How the engine reaches into programs. */
public enum Mechanism {
    /** The shim, loaded by {@code LD_PRELOAD}. */
    PRELOAD,

    /** No shim: a tracer for each program, by {@code ptrace(2)}. Slow; any 64-bit program. */
    PTRACE
}
