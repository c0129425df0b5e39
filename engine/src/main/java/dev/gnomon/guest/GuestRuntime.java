package dev.gnomon.guest;

/**
 * The real side of one run: arena, zygote and channels. Closing it kills every guest and frees everything.
 * Implementations are the mechanisms ({@code preload}, …).
 */
public interface GuestRuntime extends AutoCloseable {
    /** @param workerIndex the worker that runs the host; its guests run on that worker's CPU */
    GuestHostBlock openHost(int hostIndex, int workerIndex);

    /** Pins the calling thread, which becomes worker {@code workerIndex}, to its CPU where pinning is on. */
    void enterWorker(int workerIndex);

    /** Makes a worker that sleeps in a channel return with {@link GuestThreadChannel.Stop#TIMEOUT}; from any thread. */
    void interruptWorkers();

    @Override
    void close();
}
