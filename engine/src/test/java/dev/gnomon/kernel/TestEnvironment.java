package dev.gnomon.kernel;

import dev.gnomon.network.ScheduledAction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A machine without a simulation around it: a clock that moves from event to event, and a queue of runnable threads. */
public final class TestEnvironment implements KernelEnvironment {
    private static final class Event implements ScheduledAction {
        final long atNanos;
        final long sequence;
        final Runnable action;
        boolean cancelled;

        Event(long atNanos, long sequence, Runnable action) {
            this.atNanos = atNanos;
            this.sequence = sequence;
            this.action = action;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong((Event event) -> event.atNanos).thenComparingLong(event -> event.sequence));
    private final RandomGenerator random = new SplittableRandom(1);
    private final List<String> warnings = new ArrayList<>();
    private final ArrayDeque<GuestThread> runnable = new ArrayDeque<>();
    private final int[] futexWaiters = new int[Futexes.BUCKETS];
    private long nowNanos;
    private long sequence;

    /** Lets time pass, with all events in it. */
    public void advance(long nanos) {
        long end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos <= end) {
            Event event = events.poll();
            nowNanos = Math.max(nowNanos, event.atNanos);
            if (!event.cancelled) {
                event.action.run();
            }
        }
        nowNanos = end;
    }

    /** Events that are still to come. */
    public int scheduled() {
        return (int) events.stream().filter(event -> !event.cancelled).count();
    }

    /** Takes the threads that were woken, in order. */
    public List<GuestThread> takeRunnable() {
        List<GuestThread> taken = new ArrayList<>(runnable);
        runnable.clear();
        taken.forEach(GuestThread::dequeued);
        return taken;
    }

    public List<String> warnings() {
        return warnings;
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public ScheduledAction schedule(long atNanos, Runnable action) {
        Event event = new Event(Math.max(atNanos, nowNanos), sequence++, action);
        events.add(event);
        return event;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void fillRandom(byte[] destination, int length) {
        for (int i = 0; i < length; i++) {
            destination[i] = (byte) random.nextInt();
        }
    }

    @Override
    public void showFutexWaiters(int bucket, int waiters) {
        futexWaiters[bucket] = waiters;
    }

    /** How many threads wait on futexes of a bucket, as guests are shown it. */
    public int futexWaiters(int bucket) {
        return futexWaiters[bucket];
    }

    @Override
    public void makeRunnable(GuestThread thread) {
        runnable.add(thread);
    }

    @Override
    public void warn(String kind, String program, String subject, String message) {
        warnings.add(kind + " " + program + " " + subject + ": " + message);
    }
}
