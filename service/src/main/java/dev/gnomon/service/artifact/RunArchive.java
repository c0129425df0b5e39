package dev.gnomon.service.artifact;

import dev.gnomon.service.experiment.Experiments;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.run.RunSnapshot;
import dev.gnomon.service.run.Runs;
import dev.gnomon.service.storage.DataDirectory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Packs the files of a run, once, when they are first asked for. Order and times of the entries are fixed: packing
 * again gives the same bytes, so that an interrupted download can be resumed.
 */
@Component
class RunArchive {

    private static final String DEFINITION = "definition.yaml";

    /** The date that programs see at the start of a run. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final Runs runs;
    private final Experiments experiments;
    private final Results results;
    private final ResultFileStore store;
    private final DataDirectory directory;
    private final TransactionTemplate transaction;
    private final List<Lock> locks =
            IntStream.range(0, 16).<Lock>mapToObj(index -> new ReentrantLock()).toList();

    RunArchive(
            Runs runs,
            Experiments experiments,
            Results results,
            ResultFileStore store,
            DataDirectory directory,
            TransactionTemplate transaction) {
        this.runs = runs;
        this.experiments = experiments;
        this.results = results;
        this.store = store;
        this.directory = directory;
        this.transaction = transaction;
    }

    /**
     * The archive of a run, which is built where it is not there yet.
     *
     * @throws ProblemException where there is no such run, or it has not ended
     */
    Results.Located locate(String id) throws IOException {
        RunSnapshot run = runs.snapshot(id);
        if (!run.view().state().ended()) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "The run has not ended: " + run.view().state().text() + ".");
        }
        results.requireHere(run);
        Lock lock = locks.get(Math.floorMod(run.ordinal(), locks.size()));
        lock.lock();
        try {
            Path archive = directory.archive(id);
            Optional<ResultFile> known = store.archive(run.ordinal());
            if (known.isPresent()
                    && Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(archive) == known.get().bytes()) {
                return new Results.Located(archive, known.get());
            }
            return new Results.Located(archive, build(run, archive));
        } finally {
            lock.unlock();
        }
    }

    private ResultFile build(RunSnapshot run, Path archive) throws IOException {
        Path partial = archive.resolveSibling(archive.getFileName() + ".part");
        Files.createDirectories(archive.getParent());
        try {
            pack(run, partial);
            ResultFile packed = new ResultFile("archive.zip", Files.size(partial), Sha256.of(partial), true);
            Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            transaction.executeWithoutResult(
                    status -> store.replaceArchive(run.ordinal(), packed.bytes(), packed.sha256()));
            return packed;
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void pack(RunSnapshot run, Path target) throws IOException {
        List<ResultFile> files = store.files(run.ordinal());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            if (files.stream().noneMatch(file -> file.path().equals(DEFINITION))) {
                // A run that was cancelled in the queue or could not start has written nothing.
                zip.putNextEntry(entry(DEFINITION));
                zip.write(experiments
                        .definition(run.view().experimentId())
                        .content()
                        .getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
            for (ResultFile file : files) {
                zip.putNextEntry(entry(file.path()));
                Files.copy(results.locate(run, file).file(), zip);
                zip.closeEntry();
            }
        }
    }

    private static ZipEntry entry(String path) {
        ZipEntry entry = new ZipEntry(path);
        entry.setTimeLocal(ENTRY_TIME);
        return entry;
    }
}
