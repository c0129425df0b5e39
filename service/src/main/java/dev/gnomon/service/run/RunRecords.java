package dev.gnomon.service.run;

import dev.gnomon.run.ProcessOutcome;
import dev.gnomon.run.RunWarning;
import dev.gnomon.service.storage.StoredText;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Processes and warnings of runs. They are many and only ever added or read in order, so they are no entities. */
@Component
class RunRecords {

    private static final int BATCH = 1000;

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    RunRecords(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    void appendProcesses(long run, List<ProcessOutcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        int position = jdbc.sql("select coalesce(max(position), -1) from run_process where run_ordinal = ?")
                .param(run)
                .query(Integer.class)
                .single();
        List<Object[]> rows = new ArrayList<>(outcomes.size());
        for (ProcessOutcome outcome : outcomes) {
            position++;
            rows.add(new Object[] {
                run,
                position,
                StoredText.of(outcome.host(), 255),
                StoredText.of(outcome.program(), 255),
                outcome.pid(),
                outcome.startNanos(),
                outcome.endNanos() < 0 ? null : outcome.endNanos(),
                StoredText.of(outcome.expected(), 64),
                StoredText.of(outcome.actual(), 64),
                outcome.asExpected(),
                StoredText.of(outcome.stdoutPath(), 1024),
                StoredText.of(outcome.stderrPath(), 1024)
            });
        }
        insert(
                "insert into run_process (run_ordinal, position, host, program, pid, start_nanos, end_nanos,"
                        + " expected, actual, as_expected, stdout_path, stderr_path)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows);
    }

    void replaceProcesses(long run, List<ProcessOutcome> outcomes) {
        deleteProcesses(run);
        appendProcesses(run, outcomes);
    }

    void deleteProcesses(long run) {
        jdbc.sql("delete from run_process where run_ordinal = ?").param(run).update();
    }

    void replaceWarnings(long run, List<RunWarning> warnings) {
        jdbc.sql("delete from run_warning where run_ordinal = ?").param(run).update();
        List<Object[]> rows = new ArrayList<>(warnings.size());
        for (RunWarning warning : warnings) {
            rows.add(new Object[] {
                run,
                rows.size(),
                StoredText.of(warning.kind(), 64),
                StoredText.of(warning.program(), 255),
                StoredText.of(warning.subject(), 255),
                warning.count(),
                StoredText.of(warning.message(), 10_000)
            });
        }
        insert(
                "insert into run_warning (run_ordinal, position, kind, program, subject, occurrences, message)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                rows);
    }

    private void insert(String sql, List<Object[]> rows) {
        for (int from = 0; from < rows.size(); from += BATCH) {
            batches.batchUpdate(sql, rows.subList(from, Math.min(rows.size(), from + BATCH)));
        }
    }

    List<ProcessView> processes(long run) {
        return jdbc.sql("select host, program, pid, start_nanos, end_nanos, expected, actual, as_expected,"
                        + " stdout_path, stderr_path from run_process where run_ordinal = ? order by position")
                .param(run)
                .query((row, number) -> new ProcessView(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getObject(5, Long.class),
                        row.getString(6),
                        row.getString(7),
                        row.getBoolean(8),
                        row.getString(9),
                        row.getString(10)))
                .list();
    }

    List<WarningView> warnings(long run) {
        return jdbc.sql("select kind, program, subject, occurrences, message from run_warning"
                        + " where run_ordinal = ? order by position")
                .param(run)
                .query((row, number) -> new WarningView(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getString(5)))
                .list();
    }
}
