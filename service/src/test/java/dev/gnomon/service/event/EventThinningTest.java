package dev.gnomon.service.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventThinningTest {

    @Test
    void fewEventsAllStay() {
        assertThat(RunEvents.superfluous(List.of(3L, 5L), 2)).isEmpty();
        assertThat(RunEvents.superfluous(List.of(), 2)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "201, 200", "400, 200", "1999, 1000", "2000, 200", "7, 3"})
    void asManyAsWantedStayEvenlyAndTheNewestAmongThem(int size, int keep) {
        List<Long> ids = LongStream.rangeClosed(1, size).boxed().toList();
        List<Long> kept = new ArrayList<>(ids);
        kept.removeAll(RunEvents.superfluous(ids, keep));

        assertThat(kept).hasSize(keep).endsWith((long) size);
        for (int index = 1; index < kept.size(); index++) {
            assertThat(kept.get(index) - kept.get(index - 1)).isBetween((long) size / keep, (long) size / keep + 1);
        }
    }
}
