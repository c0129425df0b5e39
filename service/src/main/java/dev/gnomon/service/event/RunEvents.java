package dev.gnomon.service.event;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The events of all runs. Whoever appends holds the lock on the run's row, so that the identifiers of a run's events
 * become visible in their order and a reader who asks for what came after one of them misses nothing.
 */
@Component
public class RunEvents {

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final ApplicationEventPublisher publisher;

    RunEvents(JdbcClient jdbc, JdbcTemplate batches, ApplicationEventPublisher publisher) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.publisher = publisher;
    }

    /** Adds an event in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(long run, RunEvent.Kind kind, String data) {
        jdbc.sql("insert into run_event (run_ordinal, kind, data) values (?, ?, ?)")
                .params(run, kind.text(), data)
                .update();
        publisher.publishEvent(new RunChanged(run));
    }

    /** The next events after one, oldest first. */
    @Transactional(readOnly = true)
    public List<RunEvent> after(long run, long id, int atMost) {
        return jdbc.sql("select id, kind, data from run_event where run_ordinal = ? and id > ? order by id"
                        + " fetch first " + atMost + " rows only")
                .params(run, id)
                .query((row, number) ->
                        new RunEvent(row.getLong(1), RunEvent.Kind.of(row.getString(2)), row.getString(3)))
                .list();
    }

    /** Identifier of the newest event; 0 where there is none. */
    @Transactional(readOnly = true)
    public long last(long run) {
        return jdbc.sql("select coalesce(max(id), 0) from run_event where run_ordinal = ?")
                .param(run)
                .query(Long.class)
                .single();
    }

    /** Drops progress events, evenly and never the newest, until at most so many are left. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void thin(long run, int keep) {
        List<Long> ids = jdbc.sql("select id from run_event where run_ordinal = ? and kind = 'progress' order by id")
                .param(run)
                .query(Long.class)
                .list();
        batches.batchUpdate(
                "delete from run_event where id = ?",
                superfluous(ids, keep).stream().map(id -> new Object[] {id}).toList());
    }

    /** Those to drop: what is kept lies at even distances and includes the last. */
    static List<Long> superfluous(List<Long> ids, int keep) {
        List<Long> dropped = new ArrayList<>();
        int size = ids.size();
        if (size <= keep) {
            return dropped;
        }
        int kept = 0;
        for (int index = 0; index < size; index++) {
            // Of size events, the one that completes another size/keep is kept.
            if ((long) (index + 1) * keep >= (long) (kept + 1) * size) {
                kept++;
            } else {
                dropped.add(ids.get(index));
            }
        }
        return dropped;
    }

    /** Number of progress events of a run. */
    @Transactional(readOnly = true)
    public int progressEvents(long run) {
        return jdbc.sql("select count(*) from run_event where run_ordinal = ? and kind = 'progress'")
                .param(run)
                .query(Integer.class)
                .single();
    }
}
