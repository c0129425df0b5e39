package dev.gnomon.guest;

/** How the shim comes into a program. A guest's children have their parent's. */
public enum Mechanism {
    /** Put into any program as it is executed, by the zygote, which traces it for that long; static programs included. */
    INJECT,
    /** Loaded by the dynamic loader ({@code LD_PRELOAD}), for where tracing is not permitted; dynamically linked programs only. */
    PRELOAD
}
