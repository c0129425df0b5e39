package dev.gnomon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.gnomon.network.Packet;
import dev.gnomon.network.ScheduledAction;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {
    private record Expected(long time, int source, long sequence, Object subject) {
        static final Comparator<Expected> ORDER = Comparator.comparingLong(Expected::time)
                .thenComparingInt(Expected::source)
                .thenComparingLong(Expected::sequence);
    }

    /** Notes what it was given; an action it runs. */
    private static final class Notes implements EventQueue.Handler {
        private final List<Object> handled = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();

        @Override
        public void arrive(long timeNanos, Packet packet) {
            handled.add(packet);
            times.add(timeNanos);
        }

        @Override
        public void act(long timeNanos, Runnable action) {
            times.add(timeNanos);
            action.run();
        }
    }

    private final EventQueue queue = new EventQueue();
    private final Notes notes = new Notes();

    /** A time for the next event, given the last one's. */
    private interface Times {
        long next(Random random, long lastNanos);
    }

    static Stream<Named<Times>> times() {
        return Stream.of(
                Named.of("few and the same", (random, last) -> random.nextInt(40)),
                Named.of("always the same", (random, last) -> 7),
                Named.of("anywhere", (random, last) -> random.nextLong() >>> 1),
                Named.of("a little later", (random, last) -> last + (long) (-1e6 * Math.log(1 - random.nextDouble()))),
                Named.of("now or far away", (random, last) -> last + (random.nextInt(20) == 0 ? 1L << 45 : 0)),
                Named.of(
                        "earlier or later",
                        (random, last) -> Math.max(0, last + random.nextInt(2_000_000) - 1_000_000)));
    }

    @ParameterizedTest
    @MethodSource("times")
    void givesEventsByTimeThenSourceThenSequenceWhileOthersAreAdded(Times timesOfEvents) {
        PriorityQueue<Expected> expected = new PriorityQueue<>(Expected.ORDER);
        Random random = new Random(7);
        long last = 0;
        int handled = 0;
        // Grows to some 12,000 events, keeps them for long, and shrinks to none, twice.
        for (int i = 0; i < 200_000; i++) {
            int phase = i % 100_000;
            int addPercent = phase < 30_000 ? 70 : phase < 70_000 ? 50 : 30;
            if (random.nextInt(100) < addPercent) {
                Expected event = new Expected(
                        timesOfEvents.next(random, last), random.nextInt(5), random.nextInt(), new Packet());
                expected.add(event);
                queue.add(event.time, event.source, event.sequence, (Packet) event.subject);
            } else {
                Expected next = expected.poll();
                assertThat(queue.handleNext(notes)).isEqualTo(next != null);
                if (next != null) {
                    assertSame(next, handled++);
                    last = next.time;
                }
            }
            if (queue.size() != expected.size()
                    || queue.nextTimeNanos() != (expected.isEmpty() ? EventQueue.NEVER : expected.peek().time)) {
                fail("size=%d, expected=%d, nextTimeNanos=%d", queue.size(), expected.size(), queue.nextTimeNanos());
            }
        }
        while (queue.handleNext(notes)) {
            assertSame(expected.remove(), handled++);
        }
        assertThat(expected).isEmpty();
        assertThat(queue.nextTimeNanos()).isEqualTo(EventQueue.NEVER);
    }

    private void assertSame(Expected expected, int index) {
        if (notes.handled.get(index) != expected.subject || notes.times.get(index) != expected.time) {
            fail("event %d: expected=%s, time=%d", index, expected, notes.times.get(index));
        }
    }

    @Test
    void dropsCancelledActions() {
        ScheduledAction first = queue.addCancellable(1, 0, 0, () -> notes.handled.add("first"));
        queue.addCancellable(2, 0, 1, () -> notes.handled.add("second"));
        ScheduledAction third = queue.addCancellable(3, 0, 2, () -> notes.handled.add("third"));
        first.cancel();
        assertThat(queue.nextTimeNanos()).isEqualTo(2);
        assertThat(queue.handleNext(notes)).isTrue();
        third.cancel();
        assertThat(queue.handleNext(notes)).isFalse();
        assertThat(notes.handled).containsExactly("second");
        assertThat(queue.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 40})
    void doesNotGrowForActionsThatWereCancelledLongBeforeTheirTime(long someMuchLaterNanos) {
        PriorityQueue<Expected> expected = new PriorityQueue<>(Expected.ORDER);
        Random random = new Random(5);
        for (int i = 0; i < 300_000; i++) {
            // As a poll with a timeout of hours that finds something at once.
            long later = 1_000_000_000L + (i % 10 == 0 ? someMuchLaterNanos : 0);
            queue.addCancellable(i + later + random.nextInt(1000), 0, 3L * i, () -> {})
                    .cancel();
            if (expected.size() < 4000 || random.nextInt(10) == 0) {
                Expected event = new Expected(i + random.nextInt(100_000), 1, 3L * i + 1, new Packet());
                expected.add(event);
                queue.add(event.time, event.source, event.sequence, (Packet) event.subject);
            }
            if (expected.size() > 5000) {
                assertThat(queue.handleNext(notes)).isTrue();
                assertSame(expected.remove(), notes.handled.size() - 1);
            }
            assertThat(queue.size()).isLessThan(4 * 5001);
        }
        while (queue.handleNext(notes)) {
            assertSame(expected.remove(), notes.handled.size() - 1);
        }
        assertThat(expected).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void findsTheNextEventWhenAllBeforeItWereCancelled() {
        List<ScheduledAction> actions = new ArrayList<>();
        for (int i = 1; i <= 5000; i++) {
            actions.add(queue.addCancellable(i, 0, i, () -> {}));
        }
        for (int i = 1; i <= 3000; i++) {
            queue.add(i * 1_000_000L, 1, i, new Packet());
        }
        actions.forEach(ScheduledAction::cancel);
        for (int i = 3001; queue.size() > 7000; i++) {
            assertThat(i).as("never drops what was cancelled").isLessThan(10_000);
            queue.add(i * 1_000_000L, 1, i, new Packet());
        }
        assertThat(queue.nextTimeNanos()).isEqualTo(1_000_000L);
    }

    @Test
    void cancellingAnActionThatHasRunTouchesNoOther() {
        ScheduledAction past = queue.addCancellable(1, 0, 0, () -> notes.handled.add("past"));
        queue.handleNext(notes);
        queue.addCancellable(2, 0, 1, () -> notes.handled.add("later"));
        past.cancel();
        queue.handleNext(notes);
        assertThat(notes.handled).containsExactly("past", "later");
    }

    @Test
    void anActionMayBeAddedAgainWhileItRuns() {
        queue.add(1, 0, 0, new Runnable() {
            @Override
            public void run() {
                notes.handled.add("turn");
                if (notes.handled.size() < 3) {
                    queue.add(5, 0, notes.handled.size(), this);
                }
            }
        });
        while (queue.handleNext(notes)) {
            assertThat(notes.handled).hasSizeLessThan(4);
        }
        assertThat(notes.times).containsExactly(1L, 5L, 5L);
    }

    @Test
    void holdsNothingOfWhatHasHappened() {
        WeakReference<Object> arrived = new WeakReference<>(addPacket());
        WeakReference<Object> held = new WeakReference<>(new byte[1000]);
        ScheduledAction past = addActionHolding(held.get());
        while (queue.handleNext(new EventQueue.Handler() {
            @Override
            public void arrive(long timeNanos, Packet packet) {}

            @Override
            public void act(long timeNanos, Runnable action) {
                action.run();
            }
        })) {
            assertThat(queue.size()).isLessThan(2);
        }
        System.gc();
        assertThat(arrived.refersTo(null)).isTrue();
        assertThat(held.refersTo(null)).isTrue();
        past.cancel();
    }

    private Packet addPacket() {
        Packet packet = new Packet();
        queue.add(1, 0, 0, packet);
        return packet;
    }

    private ScheduledAction addActionHolding(Object object) {
        return queue.addCancellable(2, 0, 1, () -> assertThat(object).isNotNull());
    }

    @Test
    void costsNoObjectAnEvent() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        EventQueue.Handler nothing = new EventQueue.Handler() {
            @Override
            public void arrive(long timeNanos, Packet packet) {
                queue.add(timeNanos + 17, 0, timeNanos, packet);
            }

            @Override
            public void act(long timeNanos, Runnable action) {
                queue.add(timeNanos + 23, 0, timeNanos, action);
            }
        };
        for (int i = 0; i < 500; i++) {
            queue.add(i, 1, i, new Packet());
            queue.add(i, 2, i, () -> {});
        }
        queue.handleNext(nothing); // loads what there is to load
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            queue.handleNext(nothing);
        }
        // An object an event, however small, would be 1,600,000 bytes.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }
}
