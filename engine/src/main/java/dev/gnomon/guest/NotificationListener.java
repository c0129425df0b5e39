package dev.gnomon.guest;

import dev.gnomon.jna.DescriptorLibrary;
import dev.gnomon.jna.SwitchCalls;
import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;

/**
 * Where the notifications of a program and of all that it brings to life come ({@code seccomp_unotify(2)}): the way in which
 * guests of {@link Mechanism#NOTIFY} hand over the processor. Belongs to the worker of the guests' host.
 */
final class NotificationListener implements Crossing {
    private final int descriptor;
    private final WorkerWord worker;
    private final int event;
    private final long blockAddress;
    private final long blockPages;
    private int users;

    private NotificationListener(int descriptor, WorkerWord worker, int event, long blockAddress, long blockPages) {
        this.descriptor = descriptor;
        this.worker = worker;
        this.event = event;
        this.blockAddress = blockAddress;
        this.blockPages = blockPages;
    }

    /**
     * Fetches the listener that the zygote has.
     *
     * @param zygoteProcess as {@code /proc} shows it
     * @param zygoteDescriptor in the zygote's table
     * @throws IOException where the kernel refuses
     */
    static NotificationListener fetch(
            int zygoteProcess, int zygoteDescriptor, WorkerWord worker, long blockAddress, long blockPages)
            throws IOException {
        int event = worker.event();
        long process = checked(DescriptorLibrary.syscall(DescriptorLibrary.PIDFD_OPEN, zygoteProcess, 0, 0));
        try {
            long fetched =
                    checked(DescriptorLibrary.syscall(DescriptorLibrary.PIDFD_GETFD, process, zygoteDescriptor, 0));
            NotificationListener listener =
                    new NotificationListener((int) fetched, worker, event, blockAddress, blockPages);
            worker.listeners().add(listener);
            return listener;
        } finally {
            DescriptorLibrary.close((int) process);
        }
    }

    private static long checked(long result) throws IOException {
        if (result < 0) {
            throw new IOException("cannot fetch the listener of notifications: "
                    + SwitchLibrary.errorText(DescriptorLibrary.lastError()));
        }
        return result;
    }

    /** One more process has its notifications here. */
    void retain() {
        users++;
    }

    /** One process less; with the last one the listener is closed. */
    void release() {
        if (--users == 0) {
            close();
        }
    }

    /** Closes it with processes that are still there, at the end of a run. */
    void close() {
        if (worker.listeners().remove(this)) {
            DescriptorLibrary.close(descriptor);
        }
    }

    @Override
    public int letGo(ThreadSlot slot, int seen, long timeoutNanos) {
        return SwitchCalls.letGoNotified(
                slot.address(), worker.address(), seen, timeoutNanos, descriptor, event, blockAddress, blockPages);
    }

    @Override
    public int await(ThreadSlot slot, int seen, long timeoutNanos) {
        return SwitchCalls.awaitNotified(
                slot.address(), worker.address(), seen, timeoutNanos, descriptor, event, blockAddress, blockPages);
    }
}
