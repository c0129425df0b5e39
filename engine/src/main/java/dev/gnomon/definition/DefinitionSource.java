package dev.gnomon.definition;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where an experiment file comes from, for everything in it that points outside.
 *
 * @param name the file's name in messages
 * @param baseDirectory the file's directory; relative paths that are not found from the working directory are taken from it
 * @param workingDirectory where relative paths start
 * @param environment {@code PATH} and {@code HOME} of the caller
 */
public record DefinitionSource(
        String name, Path baseDirectory, Path workingDirectory, Map<String, String> environment) {

    /** A file, read by this process. */
    public static DefinitionSource of(Path file) {
        Path absolute = file.toAbsolutePath();
        return new DefinitionSource(
                file.toString(), absolute.getParent(), Path.of("").toAbsolutePath(), System.getenv());
    }
}
