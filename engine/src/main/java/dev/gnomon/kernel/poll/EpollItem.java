package dev.gnomon.kernel.poll;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.WaitQueue;
import dev.gnomon.kernel.Waiter;

/** One file that an {@link Epoll} watches under one descriptor number: {@code struct epitem} of {@code fs/eventpoll.c}. */
final class EpollItem implements Waiter {
    private final Epoll epoll;
    final OpenFile file;
    final int descriptor;
    private final WaitQueue queue;
    private final Runnable closeListener;
    /** The next item of the same descriptor number, whose file is still open elsewhere. */
    EpollItem nextOfDescriptor;
    /** Neighbours in the ready list. */
    EpollItem previousReady;

    EpollItem nextReady;
    boolean ready;
    int events;
    long data;

    EpollItem(Epoll epoll, OpenFile file, int descriptor, GuestThread thread) {
        this.epoll = epoll;
        this.file = file;
        this.descriptor = descriptor;
        this.queue = file.waitersFor(thread);
        this.closeListener = () -> epoll.fileClosed(this);
    }

    void attach() {
        queue.add(this, Poll.ALL, (events & Epoll.EPOLLEXCLUSIVE) != 0);
        file.addCloseListener(closeListener);
    }

    void detach() {
        queue.remove(this);
        file.removeCloseListener(closeListener);
    }

    /** The bits asked for that hold now. */
    int readiness(GuestThread thread, int depth) {
        int bits = file instanceof Epoll nested ? nested.readinessFor(thread, depth + 1) : file.readinessFor(thread);
        return bits & events;
    }

    boolean isDisabled() {
        return (events & ~Epoll.PRIVATE_BITS) == 0;
    }

    @Override
    public boolean woken(WaitQueue from, int bits) {
        if (isDisabled() || (bits & events) == 0) {
            return false;
        }
        boolean hasWaiter = !epoll.sleepers().isEmpty();
        epoll.becameReady(this);
        if ((events & Epoll.EPOLLEXCLUSIVE) == 0) {
            return true;
        }
        if (!hasWaiter) {
            return false;
        }
        int direction = bits & (Poll.IN | Poll.OUT);
        return direction == 0 || direction == (Poll.IN | Poll.OUT) || (direction & events) != 0;
    }
}
