package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    @TempDir
    Path root;

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void namesEveryFileInTheOrderOfThePathsBytes() throws Exception {
        Path host = Files.createDirectories(root.resolve("hosts/one"));
        Files.writeString(root.resolve("outside"), "not of a host");
        Files.writeString(host.resolve("b"), "some text");
        Files.createFile(host.resolve("a"));
        Files.createSymbolicLink(host.resolve("link"), Path.of("somewhere"));
        // As UTF-16 the second begins with a smaller number than the first.
        Files.writeString(host.resolve("\uff5e"), "1");
        Files.writeString(host.resolve("\ud83d\ude00"), "2");

        Manifest manifest = Manifest.of(root);

        assertThat(manifest.entries())
                .extracting(Manifest.Entry::path, Manifest.Entry::bytes, Manifest.Entry::sha256)
                .containsExactly(
                        tuple("hosts/one/a", 0L, sha256("")),
                        tuple("hosts/one/b", 9L, sha256("some text")),
                        tuple("hosts/one/link", 9L, sha256("somewhere")),
                        tuple("hosts/one/\uff5e", 1L, sha256("1")),
                        tuple("hosts/one/\ud83d\ude00", 1L, sha256("2")));
        StringBuilder lines = new StringBuilder();
        for (Manifest.Entry entry : manifest.entries()) {
            lines.append(entry.sha256()).append("  ").append(entry.path()).append('\n');
        }
        assertThat(manifest.digest()).isEqualTo(sha256(lines.toString()));
    }
}
