package dev.gnomon.application;

/**
 * What runs on a host in place of a program. All methods are called by the host's worker; it never blocks, and goes on by
 * readiness listeners of its sockets and by timers.
 */
public interface Application {
    /** Begins. It may end at once, by {@link ApplicationControl#exit}. */
    void start();

    /** It was asked to end, as by {@code SIGTERM}. Answers the exit status that it ends with. */
    int shutDown();

    /** It has ended, or was killed: closes its sockets and does nothing from now on. */
    void close();

    /** What it has done so far: a few lines, the same in every run. */
    String summary();
}
