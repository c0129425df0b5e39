package dev.gnomon.service.artifact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The listings of results, and what is known of their archives. */
@Component
class ResultFileStore {

    private static final int BATCH = 1000;

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    ResultFileStore(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    void replace(long run, List<ResultFile> files) {
        jdbc.sql("delete from run_file where run_ordinal = ?").param(run).update();
        List<Object[]> rows = new ArrayList<>(files.size());
        for (ResultFile file : files) {
            rows.add(new Object[] {run, rows.size(), file.path(), file.bytes(), file.sha256(), file.deterministic()});
        }
        for (int from = 0; from < rows.size(); from += BATCH) {
            batches.batchUpdate(
                    "insert into run_file (run_ordinal, position, path, bytes, sha256, deterministic)"
                            + " values (?, ?, ?, ?, ?, ?)",
                    rows.subList(from, Math.min(rows.size(), from + BATCH)));
        }
    }

    List<ResultFile> files(long run) {
        return jdbc.sql("select path, bytes, sha256, deterministic from run_file where run_ordinal = ?"
                        + " order by position")
                .param(run)
                .query((row, number) ->
                        new ResultFile(row.getString(1), row.getLong(2), row.getString(3), row.getBoolean(4)))
                .list();
    }

    Optional<ResultFile> file(long run, String path) {
        return jdbc.sql("select path, bytes, sha256, deterministic from run_file where run_ordinal = ? and path = ?")
                .params(run, path)
                .query((row, number) ->
                        new ResultFile(row.getString(1), row.getLong(2), row.getString(3), row.getBoolean(4)))
                .optional();
    }

    void replaceArchive(long run, long bytes, String sha256) {
        jdbc.sql("delete from run_archive where run_ordinal = ?").param(run).update();
        jdbc.sql("insert into run_archive (run_ordinal, bytes, sha256) values (?, ?, ?)")
                .params(run, bytes, sha256)
                .update();
    }

    Optional<ResultFile> archive(long run) {
        return jdbc.sql("select bytes, sha256 from run_archive where run_ordinal = ?")
                .param(run)
                .query((row, number) -> new ResultFile("archive.zip", row.getLong(1), row.getString(2), true))
                .optional();
    }
}
