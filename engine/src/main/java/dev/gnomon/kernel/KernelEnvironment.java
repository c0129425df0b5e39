package dev.gnomon.kernel;

import dev.gnomon.network.ScheduledAction;
import java.util.random.RandomGenerator;

/** What a simulated machine gives its kernel. Times are virtual nanoseconds since the start of the run. */
public interface KernelEnvironment {
    /** The Unix time at which every run starts: 2000-01-01 00:00:00 UTC, in seconds. */
    long START_EPOCH_SECONDS = 946_684_800L;

    long nowNanos();

    /** Runs {@code action} as an event of this host at {@code atNanos}, or now where that has passed. */
    ScheduledAction schedule(long atNanos, Runnable action);

    /** The host's own generator: every random draw of its programs comes from it, but for {@link #fillRandom}. */
    RandomGenerator random();

    /** What {@code getrandom(2)} gives: a generator of its own, which guests may go on with themselves. */
    void fillRandom(byte[] destination, int length);

    /** Shows guests how many threads wait on futexes of a bucket ({@link Futexes#bucket}). */
    void showFutexWaiters(int bucket, int waiters);

    /** Puts a thread, which must be neither running nor queued, at the end of the queue of threads to run. */
    void makeRunnable(GuestThread thread);

    /** Records what makes a run's results questionable, once per cause; shown in the summary with a count. */
    void warn(String kind, String program, String subject, String message);
}
