package dev.gnomon.service.artifact;

import dev.gnomon.service.problem.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A directory that a run has written. Guests write in it too, so nothing in it is trusted: only regular files count,
 * symbolic links are never followed, and what the manifest says about a file is believed only where the size agrees.
 */
final class ResultDirectory {

    private static final Logger log = LoggerFactory.getLogger(ResultDirectory.class);

    /** Longest path that is listed, in bytes; a key in PostgreSQL's index takes little more than twice as much. */
    static final int LONGEST_PATH_BYTES = 1024;

    private static final int MOST_LEFT_OUT = 20;

    private final Path root;
    private final JsonMapper mapper;

    ResultDirectory(Path root, JsonMapper mapper) {
        this.root = root;
        this.mapper = mapper;
    }

    /** Lists the files; empty where there is no directory. */
    ResultListing list() throws IOException {
        List<ResultFile> files = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            Map<String, ResultFile> manifest = manifest();
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile()) {
                        add(file, attributes.size(), manifest, files, leftOut);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    leaveOut(leftOut, file.toString(), "it cannot be read");
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        files.sort(Comparator.comparing(ResultFile::path));
        return new ResultListing(files, leftOut);
    }

    private void add(
            Path file, long bytes, Map<String, ResultFile> manifest, List<ResultFile> files, List<String> leftOut) {
        String path = root.relativize(file).toString();
        if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
            leaveOut(leftOut, path, "its path is longer than " + LONGEST_PATH_BYTES + " bytes");
        } else if (!isText(path, file)) {
            leaveOut(leftOut, path, "its name is not text");
        } else {
            ResultFile known = manifest.get(path);
            if (known != null && known.bytes() == bytes) {
                files.add(known);
                return;
            }
            try {
                files.add(new ResultFile(path, bytes, Sha256.of(file), false));
            } catch (IOException unreadable) {
                leaveOut(leftOut, path, "it cannot be read");
            }
        }
    }

    /** Guests name files with any bytes; a name that does not survive as text could not be asked for. */
    private boolean isText(String path, Path file) {
        try {
            return path.indexOf('\ufffd') < 0 && root.resolve(path).equals(file);
        } catch (InvalidPathException bytes) {
            return false;
        }
    }

    private static void leaveOut(List<String> leftOut, String path, String why) {
        if (leftOut.size() < MOST_LEFT_OUT) {
            leftOut.add("The file " + Quoted.of(path) + " is not listed: " + why + ".");
        } else if (leftOut.size() == MOST_LEFT_OUT) {
            leftOut.add("Further files are not listed.");
        }
    }

    private Map<String, ResultFile> manifest() {
        Path file = root.resolve("manifest.json");
        Map<String, ResultFile> manifest = new HashMap<>();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return manifest;
        }
        try {
            for (JsonNode entry : mapper.readTree(file.toFile()).path("files")) {
                String path = entry.path("path").asString("");
                String sha256 = entry.path("sha256").asString("");
                if (sha256.matches("[0-9a-f]{64}")) {
                    manifest.put(path, new ResultFile(path, entry.path("bytes").asLong(-1), sha256, true));
                }
            }
        } catch (JacksonException broken) {
            // Every file is then hashed here, and none is called deterministic.
            log.warn("The manifest {} cannot be read: {}", file, broken.getMessage());
        }
        return manifest;
    }

    /**
     * The file at a path that was listed earlier, if it is still what it was: a regular file in this directory, with no
     * symbolic link on the way to it.
     */
    Optional<Path> file(ResultFile listed) throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Path directory = root.toRealPath();
        Path file = directory.resolve(listed.path());
        boolean unchanged = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && file.toRealPath().equals(file)
                && file.startsWith(directory)
                && Files.size(file) == listed.bytes();
        return unchanged ? Optional.of(file) : Optional.empty();
    }
}
