package dev.gnomon.definition;

/** Whether the system calls of each process are written to a file. */
public enum StraceLoggingMode {
    OFF,
    /** As strace would, with addresses. */
    STANDARD,
    /** Without whatever differs between two runs. */
    DETERMINISTIC
}
