package dev.gnomon.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What a run left in its hosts' directories, and the digest over all of it. Same definition, seed and binaries: same digest.
 *
 * <p>The digest is the SHA-256 over one line a file, in order of the paths' bytes: its SHA-256 in hexadecimal digits, two spaces, its
 * path, a newline, as {@code sha256sum} prints them. A symbolic link counts as a file that holds its target.
 */
public final class Manifest {
    /** @param path relative to the data directory, separated by / */
    public record Entry(String path, long bytes, String sha256) {}

    private static final int BUFFER_BYTES = 1 << 16;
    private static final String OF_NOTHING = hex(sha256().digest());

    private final List<Entry> entries;
    private final String digest;

    private Manifest(List<Entry> entries, String digest) {
        this.entries = entries;
        this.digest = digest;
    }

    /** Reads all files below {@code root/hosts}. */
    static Manifest of(Path root) throws IOException {
        List<Entry> entries = new ArrayList<>();
        byte[] buffer = new byte[BUFFER_BYTES];
        Files.walkFileTree(root.resolve("hosts"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = root.relativize(file).toString();
                if (attributes.isSymbolicLink()) {
                    byte[] target = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
                    entries.add(new Entry(path, target.length, hex(sha256().digest(target))));
                } else if (attributes.isRegularFile()) {
                    // Nobody writes any more; most hosts of a large run leave files without anything in them.
                    entries.add(attributes.size() == 0 ? new Entry(path, 0, OF_NOTHING) : hash(file, path, buffer));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        List<Entry> sorted = sorted(entries);
        MessageDigest all = sha256();
        for (Entry entry : sorted) {
            all.update((entry.sha256() + "  " + entry.path() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new Manifest(sorted, hex(all.digest()));
    }

    private static Entry hash(Path file, String path, byte[] buffer) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (InputStream input = Files.newInputStream(file)) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
            }
        }
        return new Entry(path, bytes, hex(digest.digest()));
    }

    private static List<Entry> sorted(List<Entry> entries) {
        record Keyed(byte[] path, Entry entry) {}
        return entries.stream()
                .map(entry -> new Keyed(entry.path().getBytes(StandardCharsets.UTF_8), entry))
                .sorted((left, right) -> Arrays.compareUnsigned(left.path, right.path))
                .map(Keyed::entry)
                .toList();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public List<Entry> entries() {
        return entries;
    }

    /** 64 hexadecimal digits. */
    public String digest() {
        return digest;
    }
}
