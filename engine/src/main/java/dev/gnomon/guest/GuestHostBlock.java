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

    /** What the definition says of a process that the engine starts. */
    record StartRequest(
            Mechanism mechanism,
            Path program,
            List<String> arguments,
            List<String> environment,
            Path workingDirectory,
            Path standardOutput,
            Path standardError) {}

    /**
     * Starts a program. Its first stop, {@link GuestThreadChannel.Phase#EXEC_START}, is got by {@link
     * GuestThreadChannel#await} on the channel of the result's first thread.
     *
     * @throws GuestStartException where the kernel refused
     */
    StartedGuest start(StartRequest request) throws GuestStartException;

    /** A started process with its first thread. */
    record StartedGuest(GuestProcessHandle process, GuestThreadChannel thread) {}
}
