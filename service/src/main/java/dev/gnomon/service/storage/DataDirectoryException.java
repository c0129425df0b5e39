package dev.gnomon.service.storage;

import java.nio.file.Path;

/** The data directory cannot be used. */
public final class DataDirectoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path directory;

    DataDirectoryException(Path directory, String why, Throwable cause) {
        super("The data directory " + directory + " cannot be used: " + why, cause);
        this.directory = directory;
    }

    /** The directory, absolute. */
    public Path directory() {
        return directory;
    }
}
