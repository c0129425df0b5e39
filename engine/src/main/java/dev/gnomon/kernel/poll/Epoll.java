package dev.gnomon.kernel.poll;

import dev.gnomon.guest.EpollTableDescriptor;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.ObjectDescriptor;
import dev.gnomon.guest.ProcessRecordDescriptor;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.WaitQueue;
import dev.gnomon.network.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * An event poll, {@code epoll(7)}: files, and a list of those that may be ready in the order in which they became so. A file
 * is asked only when it stands in that list. Files found ready stay at the list's end while they are level-triggered, so that
 * a caller that takes few events at a time gets round to all. Source of the model: {@code fs/eventpoll.c}.
 */
public final class Epoll extends OpenFile {
    public static final int EPOLLEXCLUSIVE = 1 << 28;
    public static final int EPOLLWAKEUP = 1 << 29;
    public static final int EPOLLONESHOT = 1 << 30;
    public static final int EPOLLET = 1 << 31;
    static final int PRIVATE_BITS = EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE;

    private static final int EXCLUSIVE_OK_BITS =
            Poll.IN | Poll.OUT | Poll.ERR | Poll.HUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE;

    /** How many polls may watch each other in a chain: {@code EP_MAX_NESTS}, and this one. */
    private static final int MAXIMUM_DEPTH = 5;

    private final WaitQueue sleepers = new WaitQueue();
    private final ArrayList<Epoll> watchingThis = new ArrayList<>(0);
    private EpollItem[] items = new EpollItem[16];
    private EpollItem firstReady;
    private EpollItem lastReady;
    /** What guests are shown; null where they are not. */
    private ByteBuffer table;

    /** Takes the events that {@link #collect} finds. */
    @FunctionalInterface
    public interface EventSink {
        /** @return false where the event cannot be stored */
        boolean accept(int index, int events, long data);
    }

    public Epoll() {
        super(2);
    }

    // ---- what is watched

    /** EPOLL_CTL_ADD. */
    public int add(GuestThread thread, OpenFile file, int descriptor, int wanted, long data) {
        if (file == this) {
            return -Errno.EINVAL;
        }
        if ((wanted & EPOLLEXCLUSIVE) != 0 && (file instanceof Epoll || (wanted & ~EXCLUSIVE_OK_BITS) != 0)) {
            return -Errno.EINVAL;
        }
        if (file instanceof Epoll target && (target.reaches(this, 0) || target.depth() + height() > MAXIMUM_DEPTH)) {
            return -Errno.ELOOP;
        }
        if (find(file, descriptor) != null) {
            return -Errno.EEXIST;
        }
        EpollItem item = new EpollItem(this, file, descriptor, thread);
        item.events = wanted | Poll.ERR | Poll.HUP;
        item.data = data;
        if (descriptor >= items.length) {
            items = Arrays.copyOf(items, Math.max(descriptor + 1, items.length * 2));
        }
        item.nextOfDescriptor = items[descriptor];
        items[descriptor] = item;
        showWatched(descriptor);
        item.attach();
        if (file instanceof Epoll target) {
            target.watchedBy(this);
        }
        if (item.readiness(thread, 0) != 0) {
            becameReady(item);
        }
        return 0;
    }

    /** EPOLL_CTL_MOD. */
    public int modify(GuestThread thread, OpenFile file, int descriptor, int wanted, long data) {
        if (file == this || (wanted & EPOLLEXCLUSIVE) != 0) {
            return -Errno.EINVAL;
        }
        EpollItem item = find(file, descriptor);
        if (item == null) {
            return -Errno.ENOENT;
        }
        if ((item.events & EPOLLEXCLUSIVE) != 0) {
            return -Errno.EINVAL;
        }
        item.events = wanted | Poll.ERR | Poll.HUP;
        item.data = data;
        changed();
        if (item.readiness(thread, 0) != 0) {
            becameReady(item);
        }
        return 0;
    }

    /** EPOLL_CTL_DEL. */
    public int remove(OpenFile file, int descriptor) {
        if (file == this) {
            return -Errno.EINVAL;
        }
        EpollItem item = find(file, descriptor);
        if (item == null) {
            return -Errno.ENOENT;
        }
        remove(item);
        return 0;
    }

    private EpollItem find(OpenFile file, int descriptor) {
        EpollItem item = descriptor < items.length ? items[descriptor] : null;
        while (item != null && item.file != file) {
            item = item.nextOfDescriptor;
        }
        return item;
    }

    private void remove(EpollItem item) {
        EpollItem before = null;
        for (EpollItem i = items[item.descriptor]; i != item; i = i.nextOfDescriptor) {
            before = i;
        }
        if (before == null) {
            items[item.descriptor] = item.nextOfDescriptor;
        } else {
            before.nextOfDescriptor = item.nextOfDescriptor;
        }
        showWatched(item.descriptor);
        item.detach();
        unlinkReady(item);
        if (item.file instanceof Epoll target) {
            target.unwatchedBy(this);
        }
    }

    void fileClosed(EpollItem item) {
        remove(item);
    }

    // ---- shown to guests

    @Override
    protected boolean isShowable() {
        return true;
    }

    @Override
    protected void show(GuestObject object) {
        if (table == null) {
            table = object.table();
            for (int descriptor = 0; table != null && descriptor < items.length; descriptor++) {
                showWatched(descriptor);
            }
        }
        object.kind(
                table != null ? ObjectDescriptor.KIND_EPOLL : ObjectDescriptor.KIND_OPAQUE,
                ObjectDescriptor.COMPLETE,
                statusFlags());
        if (table != null) {
            int count = showReady();
            // Another descriptor, perhaps of another process, can change what is watched; another poll may watch this
            // one.
            boolean crosses = references() > 1 || !watchingThis.isEmpty() || count > EpollTableDescriptor.READY_LIMIT;
            table.putInt(EpollTableDescriptor.FLAGS_OFFSET, crosses ? EpollTableDescriptor.CROSSES : 0);
            table.putInt(EpollTableDescriptor.READY_COUNT_OFFSET, crosses ? 0 : count);
        }
    }

    /** Writes down what may be ready. Returns how many, one more than the limit where they are too many. */
    private int showReady() {
        int count = 0;
        for (EpollItem item = firstReady; item != null; item = item.nextReady) {
            if (count == EpollTableDescriptor.READY_LIMIT) {
                return count + 1;
            }
            int at = EpollTableDescriptor.READY_OFFSET + count++ * EpollTableDescriptor.READY_BYTES;
            GuestObject watched = item.file.guestObject();
            table.putLong(at + EpollTableDescriptor.READY_DATA_OFFSET, item.data);
            table.putInt(at + EpollTableDescriptor.READY_OBJECT_OFFSET, watched != null ? watched.unit() : 0);
            table.putInt(at + EpollTableDescriptor.READY_EVENTS_OFFSET, item.events);
            table.putInt(at + EpollTableDescriptor.READY_DESCRIPTOR_OFFSET, item.descriptor);
        }
        return count;
    }

    private void showWatched(int descriptor) {
        changed();
        if (table == null || descriptor >= EpollTableDescriptor.DESCRIPTOR_LIMIT) {
            return;
        }
        EpollItem item = items[descriptor];
        int watched = ProcessRecordDescriptor.DESCRIPTOR_NATIVE;
        if (item != null) {
            boolean plain = item.nextOfDescriptor == null
                    && item.file.guestObject() != null
                    && (item.events & EPOLLEXCLUSIVE) == 0;
            watched = plain ? item.file.guestObject().unit() : ProcessRecordDescriptor.DESCRIPTOR_OPAQUE;
        }
        table.putInt(EpollTableDescriptor.WATCHED_OFFSET + descriptor * Integer.BYTES, watched);
    }

    // ---- polls that watch polls

    private void watchedBy(Epoll outer) {
        watchingThis.add(outer);
    }

    private void unwatchedBy(Epoll outer) {
        watchingThis.remove(outer);
    }

    /** Whether {@code wanted} is watched by this poll, directly or through others. */
    private boolean reaches(Epoll wanted, int depth) {
        if (this == wanted) {
            return true;
        }
        if (depth > MAXIMUM_DEPTH) {
            return true;
        }
        for (EpollItem head : items) {
            for (EpollItem item = head; item != null; item = item.nextOfDescriptor) {
                if (item.file instanceof Epoll inner && inner.reaches(wanted, depth + 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Polls in the longest chain from this one down. */
    private int depth() {
        int deepest = 0;
        for (EpollItem head : items) {
            for (EpollItem item = head; item != null; item = item.nextOfDescriptor) {
                if (item.file instanceof Epoll inner) {
                    deepest = Math.max(deepest, inner.depth());
                }
            }
        }
        return 1 + deepest;
    }

    /** Polls in the longest chain from this one up. */
    private int height() {
        int highest = 0;
        for (Epoll outer : watchingThis) {
            highest = Math.max(highest, outer.height());
        }
        return 1 + highest;
    }

    // ---- what is ready

    /** Where threads wait in {@code epoll_wait(2)}; those that poll this object itself wait on {@link #waiters}. */
    public WaitQueue sleepers() {
        return sleepers;
    }

    void becameReady(EpollItem item) {
        changed();
        if (!item.ready) {
            linkLast(item);
        }
        sleepers.wake(Poll.IN);
        waiters().wake(Poll.IN | Poll.RDNORM);
    }

    private void linkLast(EpollItem item) {
        changed();
        item.ready = true;
        item.previousReady = lastReady;
        item.nextReady = null;
        if (lastReady == null) {
            firstReady = item;
        } else {
            lastReady.nextReady = item;
        }
        lastReady = item;
    }

    private void unlinkReady(EpollItem item) {
        if (!item.ready) {
            return;
        }
        changed();
        item.ready = false;
        if (item.previousReady == null) {
            firstReady = item.nextReady;
        } else {
            item.previousReady.nextReady = item.nextReady;
        }
        if (item.nextReady == null) {
            lastReady = item.previousReady;
        } else {
            item.nextReady.previousReady = item.previousReady;
        }
        item.previousReady = null;
        item.nextReady = null;
    }

    /** Whether {@link #collect} would have something to look at. */
    public boolean mayBeReady() {
        return firstReady != null;
    }

    /**
     * Hands out what is ready.
     *
     * @param thread in whose name the files are asked
     * @param limit the most events to hand out
     * @return how many; {@code -EFAULT} where the first could not be stored
     */
    public int collect(GuestThread thread, int limit, EventSink sink) {
        int count = 0;
        // Level-triggered items return to the end of the list; the walk stops at what was last when it began.
        EpollItem last = lastReady;
        EpollItem item = firstReady;
        while (item != null && count < limit) {
            EpollItem next = item == last ? null : item.nextReady;
            int bits = item.readiness(thread, 0);
            if (bits == 0) {
                unlinkReady(item);
            } else {
                if (!sink.accept(count, bits, item.data)) {
                    return count > 0 ? count : -Errno.EFAULT;
                }
                count++;
                unlinkReady(item);
                if ((item.events & EPOLLONESHOT) != 0) {
                    item.events &= PRIVATE_BITS;
                } else if ((item.events & EPOLLET) == 0) {
                    linkLast(item);
                }
            }
            item = next;
        }
        if (firstReady != null) {
            sleepers.wake(Poll.IN);
        }
        return count;
    }

    @Override
    public int readiness() {
        throw new IllegalStateException("a poll is asked in the name of a thread");
    }

    @Override
    public int readinessFor(GuestThread thread) {
        return readinessFor(thread, 0);
    }

    int readinessFor(GuestThread thread, int depth) {
        while (firstReady != null) {
            if (depth > MAXIMUM_DEPTH || firstReady.readiness(thread, depth) != 0) {
                return Poll.IN | Poll.RDNORM;
            }
            unlinkReady(firstReady);
        }
        return 0;
    }

    @Override
    protected void closed() {
        table = null;
        for (int descriptor = 0; descriptor < items.length; descriptor++) {
            while (items[descriptor] != null) {
                remove(items[descriptor]);
            }
        }
    }

    /** Seeking is accepted and does nothing: {@code noop_llseek()}. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public String description() {
        return "anon_inode:[eventpoll]";
    }

    @Override
    public int mode() {
        return 0600;
    }
}
