package dev.gnomon.kernel;

import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.GuestProcessHandle;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.guest.Mechanism;
import java.util.Optional;
import java.util.TreeSet;

/** A process that runs nowhere: remembers which descriptors were said to be emulated. */
public final class TestProcessHandle implements GuestProcessHandle {
    @Override
    public Mechanism mechanism() {
        return Mechanism.PRELOAD;
    }

    private final TreeSet<Integer> emulated = new TreeSet<>();

    public TreeSet<Integer> emulated() {
        return emulated;
    }

    @Override
    public GuestThreadChannel openThread() {
        return null;
    }

    @Override
    public GuestProcessHandle openChild() {
        return null;
    }

    @Override
    public GuestObject openObject() {
        return null;
    }

    @Override
    public void showDescriptor(int descriptor, GuestObject object) {
        emulated.add(descriptor);
    }

    @Override
    public void hideDescriptor(int descriptor) {
        emulated.remove(descriptor);
    }

    @Override
    public void showIdentities(
            int processId, int parentProcessId, int userId, int effectiveUserId, int groupId, int effectiveGroupId) {}

    @Override
    public void showSignalAction(int signal, long handler, long flags, long restorer, long mask) {}

    @Override
    public void markRelativePaths(boolean cross) {}

    @Override
    public void kill() {}

    @Override
    public int waitStatus() {
        return -1;
    }

    @Override
    public boolean awaitDeath(long timeoutNanos) {
        return true;
    }

    @Override
    public Optional<String> misconduct() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
