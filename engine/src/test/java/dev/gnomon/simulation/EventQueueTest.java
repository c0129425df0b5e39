package dev.gnomon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private static final Runnable NOTHING = () -> {};

    @Test
    void givesEventsByTimeThenSourceThenSequence() {
        EventQueue queue = new EventQueue();
        List<Event> events = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            events.add(Event.action(random.nextInt(20), random.nextInt(5), i, NOTHING));
        }
        events.forEach(queue::add);
        events.sort(Comparator.comparingLong((Event event) -> event.timeNanos)
                .thenComparingInt(event -> event.sourceHost)
                .thenComparingLong(event -> event.sequence));
        List<Event> taken = new ArrayList<>();
        for (Event event = queue.poll(); event != null; event = queue.poll()) {
            taken.add(event);
        }
        assertThat(taken).containsExactlyElementsOf(events);
        assertThat(queue.nextTimeNanos()).isEqualTo(EventQueue.NEVER);
    }

    @Test
    void dropsCancelledEvents() {
        EventQueue queue = new EventQueue();
        Event first = Event.action(1, 0, 0, NOTHING);
        Event second = Event.action(2, 0, 1, NOTHING);
        queue.add(first);
        queue.add(second);
        first.cancel();
        assertThat(queue.nextTimeNanos()).isEqualTo(2);
        assertThat(queue.poll()).isSameAs(second);
        assertThat(queue.poll()).isNull();
    }
}
