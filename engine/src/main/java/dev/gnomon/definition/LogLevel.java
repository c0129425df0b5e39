package dev.gnomon.definition;

/** How severe a message is, the most severe first. */
public enum LogLevel {
    ERROR,
    WARNING,
    INFO,
    DEBUG,
    TRACE
}
