package dev.gnomon.guest;

import java.nio.file.Path;
import java.util.List;

/** One simulated host's block in the arena, and the way its processes are started. */
public interface GuestHostBlock {
    /** Stores the time that the host's guests see: nanoseconds since the Unix epoch. */
    void setClock(long epochNanos);

    /**
     * Stores the {@link #setClock clock} at which the host's monotonic time was 0. It is 0 from the start: both clocks then
     * show the same.
     */
    void setMonotonicOrigin(long epochNanos);

    /** Stores the host's IPv4 address. */
    void setAddress(int address);

    /**
     * Stores what calls that the guests answer themselves cost in virtual time.
     *
     * @param callNanos of a call
     * @param timeCallNanos of a call that asks for the time
     * @param maximumUnappliedNanos how much of it a thread may owe before it has to cross
     */
    void setCosts(long callNanos, long timeCallNanos, long maximumUnappliedNanos);

    /** The generator of {@code getrandom(2)}; its state must be set before the first guest starts. */
    GuestRandom random();

    /** Stores how many threads of the host wait on futexes of a bucket (0 to {@link HostBlockDescriptor#FUTEX_BUCKETS} - 1). */
    void setFutexWaiters(int bucket, int waiters);

    /** Whether guests answer calls themselves, so that showing them anything is of use. */
    boolean localCalls();

    /**
     * What the definition says of a process that the engine starts.
     *
     * @param preparation what else its start is good for
     * @param copies how many copies there may be of it at most; with {@link Preparation#COPIED}
     */
    record StartRequest(
            Mechanism mechanism,
            Path program,
            List<String> arguments,
            List<String> environment,
            Path workingDirectory,
            Path standardOutput,
            Path standardError,
            Preparation preparation,
            int copies) {
        /** Of a process whose start serves no other. */
        public StartRequest(
                Mechanism mechanism,
                Path program,
                List<String> arguments,
                List<String> environment,
                Path workingDirectory,
                Path standardOutput,
                Path standardError) {
            this(
                    mechanism,
                    program,
                    arguments,
                    environment,
                    workingDirectory,
                    standardOutput,
                    standardError,
                    Preparation.NONE,
                    0);
        }
    }

    /** A process that is to be a copy of one of another host. */
    record Copy(GuestHostBlock host, StartRequest request) {}

    /** How many copies one process is asked for at most: as many children as one thread of the zygote has. */
    int COPIES_LIMIT = 160;

    /**
     * Starts a program: begins to, and leaves it at {@link PendingGuest#await} to wait for the outcome. Until it is let go for
     * the first time a guest only comes as far as its first stop, {@link GuestThreadChannel.Phase#EXEC_START}, got by {@link
     * GuestThreadChannel#await} on the channel of its first thread; so it may be started before its time.
     *
     * @throws GuestStartException where it could not even be begun
     */
    PendingGuest begin(StartRequest request) throws GuestStartException;

    /** Starts a program and waits for the outcome. */
    default StartedGuest start(StartRequest request) throws GuestStartException {
        return begin(request).await();
    }

    /** A guest on its way. */
    interface PendingGuest {
        /** @throws GuestStartException where the kernel refused; then there is nothing left of it */
        StartedGuest await() throws GuestStartException;
    }

    /** A started process with its first thread. */
    record StartedGuest(GuestProcessHandle process, GuestThreadChannel thread) {}
}
