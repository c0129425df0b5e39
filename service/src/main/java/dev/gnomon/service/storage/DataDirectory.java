package dev.gnomon.service.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/**
 * The directory in which one service keeps everything. A lock on it is held for as long as the service lives, and goes
 * with the process however that ends, so whoever holds it knows that no other service executes what is claimed under
 * this directory's {@link #instance() instance}.
 *
 * <pre>
 * lock              held by the service, contains its process number
 * instance          name under which this directory's service claims runs
 * db/               embedded database
 * runs/{id}/        results of a run
 * archives/{id}.zip the same, packed
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {

    private final Path root;
    private final FileChannel channel;
    private final String instance;

    private DataDirectory(Path root, FileChannel channel, String instance) {
        this.root = root;
        this.channel = channel;
        this.instance = instance;
    }

    /**
     * Creates the directory where it is missing, and takes it.
     *
     * @throws DataDirectoryException where it cannot be used, or another service uses it
     */
    public static DataDirectory open(Path path) {
        Path root = path.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(root);
            Path lockFile = root.resolve("lock");
            channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                String holder = Files.readString(lockFile).strip();
                channel.close();
                throw new DataDirectoryException(
                        root,
                        "it is in use by another Gnomon service" + (holder.isEmpty() ? "" : ", process " + holder),
                        null);
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            Files.createDirectories(root.resolve("runs"));
            Files.createDirectories(root.resolve("archives"));
            return new DataDirectory(root, channel, instance(root.resolve("instance")));
        } catch (IOException failure) {
            closeQuietly(channel);
            throw new DataDirectoryException(root, failure.toString(), failure);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    private static String instance(Path file) throws IOException {
        if (Files.exists(file)) {
            String known = Files.readString(file).strip();
            if (!known.isEmpty()) {
                return known;
            }
        }
        String fresh = UUID.randomUUID().toString();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap((fresh + "\n").getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
        return fresh;
    }

    /** Where everything is, absolute. */
    public Path root() {
        return root;
    }

    /** Name under which the service of this directory claims runs; stays the same over restarts. */
    public String instance() {
        return instance;
    }

    /** Where the results of a run are; exists once the run has started. */
    public Path run(String id) {
        return child("runs", id);
    }

    /** Where the packed results of a run are, once they were asked for. */
    public Path archive(String id) {
        return child("archives", id + ".zip");
    }

    private Path child(String directory, String name) {
        Path parent = root.resolve(directory);
        Path child = parent.resolve(name).normalize();
        if (!parent.equals(child.getParent())) {
            throw new IllegalArgumentException("Not a file name: " + name);
        }
        return child;
    }

    /** Removes what a run has written, if anything. Symbolic links are removed, never followed. */
    public void removeRun(String id) throws IOException {
        Path directory = run(id);
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException nothingLost) {
                // The failure that brought us here is the one to report.
            }
        }
    }
}
