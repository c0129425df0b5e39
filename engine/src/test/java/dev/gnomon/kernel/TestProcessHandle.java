package dev.gnomon.kernel;

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
    public void markEmulated(int descriptor, boolean value) {
        if (value) {
            emulated.add(descriptor);
        } else {
            emulated.remove(descriptor);
        }
    }

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
