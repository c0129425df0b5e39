package dev.gnomon.run;

/**
 * Something that the reader of a result must know, once a cause.
 *
 * @param kind what sort of cause, for example {@code "unsupported-call"}
 * @param program the program that met it; empty where none did
 * @param subject what it is about, for example the name of a system call
 * @param count how often it was met
 * @param message one sentence for people
 */
public record RunWarning(String kind, String program, String subject, long count, String message) {}
