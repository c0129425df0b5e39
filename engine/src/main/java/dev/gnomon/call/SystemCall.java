package dev.gnomon.call;

/** The handler of one system call. */
@FunctionalInterface
public interface SystemCall {
    /**
     * Answers a call.
     *
     * @return the result as the kernel returns it (a negative errno for an error), or one of {@link CallOutcome}
     */
    long invoke(CallContext context);
}
