package dev.gnomon.kernel;

import dev.gnomon.guest.HostBlockDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;

/**
 * The futexes of one host that have waiters, {@code futex(2)}. The word itself stays in guest memory; comparing it is the
 * call's work.
 *
 * <p>Private futexes are told apart by process. Shared ones are found by address alone, which is the same in processes
 * that inherited the mapping.
 */
public final class Futexes {
    /** Matches every waiter. */
    public static final int ALL_BITS = -1;

    private record Key(GuestProcess process, long address) {}

    /** One thread's wait. */
    public static final class Wait {
        private final GuestThread thread;
        private final int bits;
        private Key key;
        private boolean woken;

        private Wait(GuestThread thread, Key key, int bits) {
            this.thread = thread;
            this.key = key;
            this.bits = bits;
        }

        /** Whether a wake, and not a signal or the deadline, ended the wait. */
        public boolean isWoken() {
            return woken;
        }
    }

    /** Hears how many threads wait in a bucket, whenever that has changed. */
    @FunctionalInterface
    public interface BucketListener {
        void waitersChanged(int bucket, int waiters);
    }

    /** How many buckets there are. */
    public static final int BUCKETS = HostBlockDescriptor.FUTEX_BUCKETS;

    private final BucketListener bucketListener;
    private final int[] waiters = new int[BUCKETS];
    private final HashMap<Key, ArrayDeque<Wait>> queues = new HashMap<>();

    public Futexes(BucketListener bucketListener) {
        this.bucketListener = bucketListener;
    }

    /** Futexes at addresses of one bucket are counted together. */
    public static int bucket(long address) {
        return (int) (address >>> 2) & BUCKETS - 1;
    }

    private void count(long address, int change) {
        int bucket = bucket(address);
        waiters[bucket] += change;
        bucketListener.waitersChanged(bucket, waiters[bucket]);
    }

    private static Key key(GuestProcess process, long address, boolean isPrivate) {
        return new Key(isPrivate ? process : null, address);
    }

    /** Queues a thread, which then has to block. */
    public Wait enqueue(GuestThread thread, long address, boolean isPrivate, int bits) {
        Key key = key(thread.process(), address, isPrivate);
        Wait wait = new Wait(thread, key, bits);
        queues.computeIfAbsent(key, unused -> new ArrayDeque<>(2)).addLast(wait);
        count(address, 1);
        return wait;
    }

    /** Takes a wait back that a signal or a deadline ended. */
    public void cancel(Wait wait) {
        ArrayDeque<Wait> queue = queues.get(wait.key);
        if (queue != null && queue.remove(wait)) {
            count(wait.key.address(), -1);
            if (queue.isEmpty()) {
                queues.remove(wait.key);
            }
        }
    }

    /** Wakes up to {@code count} waiters, oldest first. Returns how many. */
    public int wake(GuestProcess process, long address, boolean isPrivate, int count, int bits) {
        Key key = key(process, address, isPrivate);
        ArrayDeque<Wait> queue = queues.get(key);
        if (queue == null) {
            return 0;
        }
        int woken = 0;
        for (Iterator<Wait> iterator = queue.iterator(); iterator.hasNext() && woken < count; ) {
            Wait wait = iterator.next();
            if ((wait.bits & bits) == 0) {
                continue;
            }
            iterator.remove();
            count(address, -1);
            if (wait.thread.state() == GuestThread.State.DEAD) {
                continue;
            }
            wait.woken = true;
            wait.thread.wake();
            woken++;
        }
        if (queue.isEmpty()) {
            queues.remove(key);
        }
        return woken;
    }

    /** Moves up to {@code count} waiters from one futex to another. Returns how many. */
    public int requeue(GuestProcess process, long from, long to, boolean isPrivate, int count) {
        Key source = key(process, from, isPrivate);
        ArrayDeque<Wait> queue = queues.get(source);
        if (queue == null) {
            return 0;
        }
        Key target = key(process, to, isPrivate);
        ArrayList<Wait> moved = new ArrayList<>();
        while (moved.size() < count && !queue.isEmpty()) {
            moved.add(queue.removeFirst());
        }
        if (queue.isEmpty()) {
            queues.remove(source);
        }
        for (Wait wait : moved) {
            count(from, -1);
            count(to, 1);
            wait.key = target;
            queues.computeIfAbsent(target, unused -> new ArrayDeque<>(2)).addLast(wait);
        }
        return moved.size();
    }
}
