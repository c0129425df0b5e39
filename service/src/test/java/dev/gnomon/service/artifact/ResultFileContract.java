package dev.gnomon.service.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.transaction.annotation.Transactional;

/** What must hold for the store of files on each database. */
@TestComponent
public class ResultFileContract {

    private final ResultFileStore store;

    public ResultFileContract(ResultFileStore store) {
        this.store = store;
    }

    /** Stores, replaces and finds more files than go into one batch. */
    @Transactional
    public void keepsManyFiles(long run) {
        List<ResultFile> files = new ArrayList<>();
        for (int number = 0; number < 2500; number++) {
            files.add(new ResultFile("hosts/%05d/a".formatted(number), number, "a".repeat(64), number % 2 == 0));
        }
        files.add(new ResultFile("ä😀".repeat(170), 1L << 40, "b".repeat(64), true));
        store.replace(run, files.subList(0, 10));
        store.replace(run, files);
        assertThat(store.files(run)).isEqualTo(files);
        assertThat(store.file(run, "hosts/01234/a")).hasValue(files.get(1234));
        assertThat(store.file(run, "hosts/01234/A")).isEmpty();
        assertThat(store.file(run, "hosts/01234/%")).isEmpty();

        store.replaceArchive(run, 5, "c".repeat(64));
        store.replaceArchive(run, 6, "d".repeat(64));
        assertThat(store.archive(run).orElseThrow().bytes()).isEqualTo(6);
    }
}
