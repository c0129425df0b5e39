package dev.gnomon.service.experiment;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The texts of definitions, and how often each was run: what lists of experiments need beside their own rows. */
@Component
class DefinitionStore {

    private final JdbcClient jdbc;

    DefinitionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(long experiment, String content) {
        jdbc.sql("insert into experiment_definition (experiment_ordinal, content) values (?, ?)")
                .params(experiment, content)
                .update();
    }

    String content(long experiment) {
        return jdbc.sql("select content from experiment_definition where experiment_ordinal = ?")
                .param(experiment)
                .query((row, number) -> row.getString(1))
                .single();
    }

    /** Number of runs of each of the experiments; those without runs are absent. */
    Map<Long, Long> runs(Collection<Long> experiments) {
        Map<Long, Long> runs = new HashMap<>();
        if (!experiments.isEmpty()) {
            jdbc.sql("select experiment_ordinal, count(*) from run where experiment_ordinal in (:experiments)"
                            + " group by experiment_ordinal")
                    .param("experiments", experiments)
                    .query(row -> {
                        runs.put(row.getLong(1), row.getLong(2));
                    });
        }
        return runs;
    }
}
