package dev.gnomon.service.artifact;

import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.run.RunSnapshot;
import dev.gnomon.service.run.Runs;
import dev.gnomon.service.storage.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The results of runs. */
@Service
public class Results {

    private final DataDirectory directory;
    private final ResultFileStore store;
    private final Runs runs;
    private final JsonMapper mapper;

    Results(DataDirectory directory, ResultFileStore store, Runs runs, JsonMapper mapper) {
        this.directory = directory;
        this.store = store;
        this.runs = runs;
        this.mapper = mapper;
    }

    /** Looks through what a run has written. */
    public ResultListing list(String run) throws IOException {
        return new ResultDirectory(directory.run(run), mapper).list();
    }

    /** Keeps a listing, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void keep(long run, ResultListing listing) {
        store.replace(run, listing.files());
    }

    @Transactional(readOnly = true)
    List<ResultFile> files(String run) {
        return store.files(runs.snapshot(run).ordinal());
    }

    /**
     * A listed file.
     *
     * @throws ProblemException where nothing is listed under this path, or it is no longer what it was
     */
    Located locate(String run, String path) throws IOException {
        RunSnapshot snapshot = runs.snapshot(run);
        ResultFile listed = store.file(snapshot.ordinal(), path)
                .orElseThrow(() -> ProblemException.notFound("file of this run", path));
        return locate(snapshot, listed);
    }

    /** The same for a file whose listing is at hand. */
    Located locate(RunSnapshot run, ResultFile listed) throws IOException {
        requireHere(run);
        Path file = new ResultDirectory(directory.run(run.view().id()), mapper)
                .file(listed)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "The file is no longer what it was at the end of the run."));
        return new Located(file, listed);
    }

    /** Services that share a database keep the files of the runs that they executed. */
    void requireHere(RunSnapshot run) {
        if (run.instance() != null && !directory.instance().equals(run.instance())) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "The files of this run are with the service " + run.instance() + ", which executed it.");
        }
    }

    /**
     * A file and where it is.
     *
     * @param file a regular file, checked to lie in its run's directory
     * @param listed what is known about it
     */
    record Located(Path file, ResultFile listed) {}
}
