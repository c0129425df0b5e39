package dev.gnomon.service.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void onlyOneServiceHasIt() throws Exception {
        Path path = temporary.resolve("a/data");
        try (DataDirectory first = DataDirectory.open(path)) {
            assertThat(first.root()).isEqualTo(path);
            assertThatThrownBy(() -> DataDirectory.open(path))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessage("The data directory " + path
                            + " cannot be used: it is in use by another Gnomon service, process "
                            + ProcessHandle.current().pid());
        }
        DataDirectory.open(path).close();
    }

    @Test
    void itsInstanceStaysTheSame() throws Exception {
        String instance;
        try (DataDirectory first = DataDirectory.open(temporary.resolve("data"))) {
            instance = first.instance();
        }
        try (DataDirectory second = DataDirectory.open(temporary.resolve("data"));
                DataDirectory other = DataDirectory.open(temporary.resolve("other"))) {
            assertThat(second.instance()).isEqualTo(instance).isNotEqualTo(other.instance());
        }
    }

    @Test
    void aFileInItsPlaceIsSaid() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "x");
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/b", "", ".", "/etc"})
    void aRunsNameIsAFileName(String name) throws Exception {
        try (DataDirectory directory = DataDirectory.open(temporary.resolve("data"))) {
            assertThatThrownBy(() -> directory.run(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void removingARunFollowsNoLinks() throws Exception {
        try (DataDirectory directory = DataDirectory.open(temporary.resolve("data"))) {
            Path outside = Files.createDirectory(temporary.resolve("outside"));
            Files.writeString(outside.resolve("kept"), "x");
            Path run = directory.run("r1");
            Files.createDirectories(run.resolve("hosts/a"));
            Files.writeString(run.resolve("hosts/a/file"), "x");
            Files.createSymbolicLink(run.resolve("hosts/link"), outside);

            directory.removeRun("r1");
            directory.removeRun("r1");
            assertThat(run).doesNotExist();
            assertThat(outside.resolve("kept")).exists();
        }
    }
}
