package dev.gnomon.run;

/**
 * What became of one process that the definition names.
 *
 * @param host name of its host
 * @param program file name of its program
 * @param pid its number on the host, from 1000
 * @param startNanos virtual time of its start, in nanoseconds
 * @param endNanos virtual time of its end, in nanoseconds; -1 where it was still running at the end of the run
 * @param expected the final state that the definition asks for: {@code "exited 0"}, {@code "signaled 9"}, {@code "running"}
 * @param actual the final state, in the same words
 * @param asExpected whether the two agree
 * @param stdoutPath its standard output, relative to the data directory
 * @param stderrPath its standard error, relative to the data directory
 */
public record ProcessOutcome(
        String host,
        String program,
        int pid,
        long startNanos,
        long endNanos,
        String expected,
        String actual,
        boolean asExpected,
        String stdoutPath,
        String stderrPath) {}
