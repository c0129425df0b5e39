package dev.gnomon.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** The directory that a run fills. Its layout is that which users of Shadow know, plus the record of the run. */
final class RunDirectory {
    private static final String HOSTS = "hosts";
    private static final String SYSTEM = "system";

    private final Path root;

    private RunDirectory(Path root) {
        this.root = root;
    }

    /**
     * Makes the directory.
     *
     * @param template copied into it first
     * @throws RunFailedException where it exists already or cannot be written
     */
    static RunDirectory create(Path path, Optional<Path> template) throws RunFailedException {
        Path root = path.toAbsolutePath().normalize();
        try {
            if (root.getParent() != null) {
                Files.createDirectories(root.getParent());
            }
            Files.createDirectory(root);
            if (template.isPresent()) {
                copyTree(template.get(), root);
            }
            Files.createDirectories(root.resolve(HOSTS));
            Files.createDirectories(root.resolve(SYSTEM));
            return new RunDirectory(root);
        } catch (FileAlreadyExistsException e) {
            throw new RunFailedException("the data directory exists already: " + root, e);
        } catch (IOException e) {
            throw new RunFailedException("the data directory cannot be written: " + root + ": " + e.getMessage(), e);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                // The template may contain the data directory itself, which must not be copied into itself.
                if (Files.isSameFile(directory, to)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    Path root() {
        return root;
    }

    /** The working directory of a host's programs; made where it is not there yet. */
    Path host(String name) throws IOException {
        return Files.createDirectories(root.resolve(HOSTS).resolve(name));
    }

    /** What stands in for files of the machine, for all hosts. */
    Path system() {
        return root.resolve(SYSTEM);
    }

    Path write(String relativePath, String text) throws IOException {
        Path file = root.resolve(relativePath);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    /** A file's path as the manifest and outcomes write it. */
    String relative(Path file) {
        return root.relativize(file).toString();
    }
}
