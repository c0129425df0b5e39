package dev.gnomon.service.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.service.ScriptedExecutor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ResultDirectoryTest {

    @TempDir
    Path temporary;

    private final JsonMapper mapper = JsonMapper.builder().build();

    private ResultDirectory directory() {
        return new ResultDirectory(temporary.resolve("result"), mapper);
    }

    @Test
    void aDirectoryThatIsNotThereHasNoFiles() throws Exception {
        assertThat(directory().list()).isEqualTo(new ResultListing(java.util.List.of(), java.util.List.of()));
    }

    @Test
    void filesOfTheManifestAreDeterministicAndOthersAreHashed() throws Exception {
        Path result = temporary.resolve("result");
        ScriptedExecutor.write(result, Map.of(), true);
        Files.writeString(result.resolve("hosts/client/late.txt"), "late");

        ResultListing listing = directory().list();
        assertThat(listing.leftOut()).isEmpty();
        assertThat(listing.files()).extracting(ResultFile::path).isSorted().contains("manifest.json", "summary.json");
        assertThat(listing.files())
                .contains(new ResultFile(
                        "hosts/client/late.txt",
                        4,
                        ScriptedExecutor.sha256("late".getBytes(StandardCharsets.UTF_8)),
                        false))
                .contains(
                        new ResultFile("hosts/client/curl.1000.stderr", 0, ScriptedExecutor.sha256(new byte[0]), true));
    }

    @Test
    void aManifestThatDoesNotFitIsNotBelieved() throws Exception {
        Path result = temporary.resolve("result");
        ScriptedExecutor.write(result, Map.of(), true);
        Path stdout = result.resolve("hosts/client/curl.1000.stdout");
        Files.writeString(stdout, "changed");
        assertThat(directory().list().files())
                .contains(new ResultFile(
                        "hosts/client/curl.1000.stdout",
                        7,
                        ScriptedExecutor.sha256("changed".getBytes(StandardCharsets.UTF_8)),
                        false));

        Files.writeString(result.resolve("manifest.json"), "{\"files\": [");
        assertThat(directory().list().files()).hasSize(7).noneMatch(ResultFile::deterministic);
    }

    @Test
    void linksPipesAndLongNamesAreNotFiles() throws Exception {
        Path result = temporary.resolve("result");
        ScriptedExecutor.write(result, Map.of(), true);
        int plain = directory().list().files().size();
        Path secret = Files.writeString(temporary.resolve("secret"), "secret");
        Files.createDirectories(temporary.resolve("outside"));
        Files.writeString(temporary.resolve("outside/inner"), "secret");
        Files.createSymbolicLink(result.resolve("link"), secret);
        Files.createSymbolicLink(result.resolve("directory"), temporary.resolve("outside"));
        Files.createSymbolicLink(result.resolve("loop"), result);
        assertThat(new ProcessBuilder("mkfifo", result.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Path deep = result;
        for (int level = 0; level < 6; level++) {
            deep = Files.createDirectory(deep.resolve("d".repeat(200)));
        }
        Files.writeString(deep.resolve("deep"), "x");

        ResultListing listing = directory().list();
        assertThat(listing.files()).hasSize(plain);
        assertThat(listing.leftOut()).singleElement().asString().contains("longer than 1024 bytes");
    }

    @Test
    void aListedFileIsNoLongerThereWhereItWasReplacedByALink() throws Exception {
        Path result = temporary.resolve("result");
        ScriptedExecutor.write(result, Map.of(), true);
        ResultFile stdout = new ResultFile("hosts/client/curl.1000.stdout", 10_000, "a".repeat(64), true);
        assertThat(directory().file(stdout)).isPresent();

        Path outside = Files.createDirectories(temporary.resolve("outside"));
        Files.writeString(outside.resolve("curl.1000.stdout"), "0".repeat(10_000));
        Path file = result.resolve(stdout.path());
        Files.delete(file);
        assertThat(directory().file(stdout)).isEmpty();
        Files.createSymbolicLink(file, outside.resolve("curl.1000.stdout"));
        assertThat(directory().file(stdout)).isEmpty();

        Files.move(result.resolve("hosts/client"), temporary.resolve("moved"));
        Files.createSymbolicLink(result.resolve("hosts/client"), outside);
        assertThat(directory().file(stdout)).isEmpty();
        assertThat(directory().file(new ResultFile("../outside/curl.1000.stdout", 10_000, "a", true)))
                .isEmpty();
        assertThat(directory().file(new ResultFile(outside + "/curl.1000.stdout", 10_000, "a", true)))
                .isEmpty();
    }
}
