package dev.gnomon.guest;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the native build put what tests need. */
public final class NativeTarget {
    private NativeTarget() {}

    /** The native build's folder. */
    static Path root() {
        return Path.of(System.getProperty("gnomon.native.target", "../native/target"))
                .toAbsolutePath()
                .normalize();
    }

    /** A file of the engine's jar. */
    public static Path shipped(String name) {
        return existing(root().resolve("linux-x86-64").resolve(name));
    }

    /** A program of native/guests. */
    public static Path guest(String name) {
        return existing(root().resolve("guests").resolve(name));
    }

    /** The same program, statically linked. */
    public static Path staticGuest(String name) {
        return existing(root().resolve("guests-static").resolve(name));
    }

    /** A shared object of native/libraries. */
    public static Path sharedObject(String name) {
        return existing(root().resolve("libraries").resolve(name));
    }

    private static Path existing(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new IllegalStateException("not built: " + path + "; run mvn compile in native/");
        }
        return path;
    }
}
