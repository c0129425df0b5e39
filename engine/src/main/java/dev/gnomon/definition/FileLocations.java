package dev.gnomon.definition;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files that an experiment file names. */
final class FileLocations {
    private final DefinitionSource source;

    FileLocations(DefinitionSource source) {
        this.source = source;
    }

    /** Raised where a text cannot name a file; the message says why. */
    static final class NoLocationException extends Exception {
        private static final long serialVersionUID = 1L;

        NoLocationException(String message) {
            super(message);
        }
    }

    /** {@code ~} and {@code ~/...} begin at the caller's home; the rest is taken as it stands. */
    Path expand(String text) throws NoLocationException {
        if (text.isEmpty()) {
            throw new NoLocationException("must not be empty");
        }
        try {
            if (!text.equals("~") && !text.startsWith("~/")) {
                return Path.of(text);
            }
            String home = source.environment().get("HOME");
            if (home == null || home.isEmpty()) {
                throw new NoLocationException("begins with ~, but the environment has no HOME");
            }
            return text.length() <= 2 ? Path.of(home) : Path.of(home).resolve(text.substring(2));
        } catch (InvalidPathException impossible) {
            throw new NoLocationException("cannot be a file name here: " + impossible.getReason());
        }
    }

    /** A file that may not exist yet: relative paths start at the working directory. */
    Path inWorkingDirectory(String text) throws NoLocationException {
        return absolute(source.workingDirectory(), expand(text));
    }

    /** A file that should exist: relative paths start at the working directory, or else at the experiment file's. */
    Path existing(String text) throws NoLocationException {
        Path path = expand(text);
        Path first = absolute(source.workingDirectory(), path);
        if (Files.exists(first)) {
            return first;
        }
        Path second = absolute(source.baseDirectory(), path);
        return Files.exists(second) ? second : first;
    }

    /**
     * A program: a name without a slash is looked up in {@code PATH}.
     *
     * @return where it is, or would have to be; empty where a name is in no directory of {@code PATH}
     */
    Optional<Path> program(String text) throws NoLocationException {
        Path path = expand(text);
        if (text.contains("/") || text.equals("~")) {
            return Optional.of(existing(text));
        }
        Path found = null;
        for (Path directory : searchPath()) {
            Path candidate = directory.resolve(path);
            if (Files.isRegularFile(candidate)) {
                if (Files.isExecutable(candidate)) {
                    return Optional.of(candidate);
                }
                found = found == null ? candidate : found;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The directories of {@code PATH}; an empty part stands for the working directory (environ(7)). */
    private List<Path> searchPath() {
        List<Path> directories = new ArrayList<>();
        for (String part : source.environment().getOrDefault("PATH", "").split(":", -1)) {
            try {
                directories.add(absolute(source.workingDirectory(), Path.of(part)));
            } catch (InvalidPathException impossible) {
                // A part that can name no directory holds no program either.
            }
        }
        return directories;
    }

    private static Path absolute(Path directory, Path path) {
        Path absolute = directory.toAbsolutePath().resolve(path);
        for (Path part : absolute) {
            if (part.toString().equals("..")) {
                // Behind a symbolic link, ".." is not the directory before it.
                return absolute;
            }
        }
        return absolute.normalize();
    }
}
