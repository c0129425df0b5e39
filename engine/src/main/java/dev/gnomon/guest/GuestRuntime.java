package dev.gnomon.guest;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The real side of one run: arena, zygote and channels. Closing it kills every guest and frees everything.
 */
public interface GuestRuntime extends AutoCloseable {
    /**
     * Whether mechanisms that {@linkplain Mechanism#traces trace} are permitted here.
     *
     * @throws IOException where the real side is gone
     */
    boolean canTrace() throws IOException;

    /** @param workerIndex the worker that runs the host; its guests run on that worker's CPU */
    GuestHostBlock openHost(int hostIndex, int workerIndex);

    /** Says before any guest starts that datagrams can be sent to an address, so that guests need not ask. */
    void addAddress(int ipv4Address);

    /**
     * Where guests find the run's data directory: the same path in every run where the kernel permits it.
     *
     * @throws IOException where the real side is gone
     */
    Path guestDataDirectory() throws IOException;

    /** Pins the calling thread, which becomes worker {@code workerIndex}, to its CPU where pinning is on. */
    void enterWorker(int workerIndex);

    /** Makes a worker that sleeps in a channel return with {@link GuestThreadChannel.Stop#TIMEOUT}; from any thread. */
    void interruptWorkers();

    @Override
    void close();
}
