package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that mean harm, or were made by accident: one clear error each, soon. Each takes far less than a second; the limit
 * leaves room for a machine that is busy with other things and still tells what would never end.
 */
@Timeout(120)
class YamlRobustnessTest {
    private static final String RIGHT = """
            general: {stop_time: 10 s}
            network: {graph: {type: 1_gbit_switch}}
            hosts: {alice: {network_node_id: 0, processes: [{path: sh}]}}
            """;

    private static DefinitionError only(DefinitionResult result) {
        assertThat(result.definition()).isEmpty();
        assertThat(result.errors()).hasSize(1);
        return result.errors().get(0);
    }

    private static DefinitionError only(String text) {
        return only(Definitions.read(text));
    }

    @Test
    void emptyFiles() {
        for (String text : List.of("", "\n\n", "# only a remark\n", "---\n", "--- ~\n", "\ufeff")) {
            assertThat(only(text).message()).as(text).startsWith("the file is empty");
        }
    }

    @Test
    void documentsThatAreNoMapping() {
        assertThat(only("- a\n- b\n").message()).isEqualTo("must be a mapping (key: value)");
        assertThat(only("just text").message()).isEqualTo("must be a mapping (key: value)");
    }

    @Test
    void severalDocuments() {
        DefinitionError error = only(RIGHT + "---\n" + RIGHT);
        assertThat(error.line()).isEqualTo(4);
        assertThat(error.message()).startsWith("a second document starts here");
    }

    @Test
    void aCyclicAlias() {
        DefinitionError error = only(RIGHT + "x-loop: &loop\n  again: *loop\n");
        assertThat(error.line()).isEqualTo(5);
        assertThat(error.column()).isEqualTo(10);
        assertThat(error.pointer()).isEqualTo("/x-loop/again");
        assertThat(error.message()).isEqualTo("this alias stands for a value that contains it");
        assertThat(only(RIGHT + "x-loop: &loop {<<: *loop}\n").line()).isEqualTo(4);
    }

    @Test
    void anUnknownAlias() {
        DefinitionError error = only(RIGHT + "x-a: *nobody\n");
        assertThat(error.value()).isEqualTo("*nobody");
        assertThat(error.line()).isEqualTo(4);
    }

    @Test
    void aliasesThatGrowWithoutBounds() {
        StringBuilder text =
                new StringBuilder(RIGHT).append("x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int level = 1; level <= 60; level++) {
            text.append("x-%d: &a%d [%s]\n".formatted(level, level, ("*a" + (level - 1) + ", ").repeat(10)));
        }
        assertThat(only(text.toString()).message()).isEqualTo("the file is too large once its aliases are written out");
    }

    @Test
    void mergesThatGrowWithoutBounds() {
        StringBuilder text = new StringBuilder(RIGHT).append("x-0: &a0 {k: v}\n");
        for (int level = 1; level <= 60; level++) {
            text.append("x-%d: &a%d {<<: [%s]}\n".formatted(level, level, ("*a" + (level - 1) + ", ").repeat(10)));
        }
        assertThat(only(text.toString()).message()).isEqualTo("the file is too large once its aliases are written out");
    }

    @Test
    void hostsThatShareOneLargeValueByAliasAreReadSoon() {
        StringBuilder text = new StringBuilder("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                x-processes: &processes [{path: /nonexistent, args: "
                """.strip());
        text.append("word ".repeat(20_000)).append("\"}]\nhosts:\n");
        for (int host = 0; host < 5_000; host++) {
            text.append("  h%d: {network_node_id: 0, processes: *processes}\n".formatted(host));
        }
        DefinitionError error = only(text.toString());
        assertThat(error.line()).isEqualTo(3);
        assertThat(error.message()).contains("there is no such file");
    }

    @Test
    void deepNesting() {
        assertThat(only(RIGHT + "x-deep: " + "[".repeat(200_000)).message())
                .isEqualTo("values are nested more than 100 deep");
        assertThat(only("{a: ".repeat(200_000)).message()).isEqualTo("values are nested more than 100 deep");
        StringBuilder block = new StringBuilder();
        for (int depth = 0; depth < 500; depth++) {
            block.append(" ".repeat(depth)).append("k:\n");
        }
        assertThat(only(block.toString()).message()).isEqualTo("values are nested more than 100 deep");
        assertThat(only("- ".repeat(5_000) + "x").message()).isEqualTo("values are nested more than 100 deep");
        assertThat(only("? ".repeat(5_000) + "x").message()).isEqualTo("values are nested more than 100 deep");
    }

    @Test
    void charactersThatNoTextMayContain() {
        DefinitionError nul = only(RIGHT + "x-a: \"b\0c\"\n");
        assertThat(nul.message()).contains("a NUL character");
        assertThat(List.of(nul.line(), nul.column())).containsExactly(4, 8);
        assertThat(only(RIGHT + "x-a: \u0007\n").value()).isEqualTo("U+0007");
        assertThat(only(RIGHT + "x-a: \ud800\n").value()).isEqualTo("U+D800");
    }

    @Test
    void nulCharactersThatAreEscapedReachNoProgram() {
        DefinitionResult result =
                Definitions.read(Definitions.withProcess("""
                args: ["a\\0b"]
                environment: {A: "\\0", "B\\0": x}
                """).replace("path: /bin/sh", "path: \"/bin/\\0sh\""));
        assertThat(result.errors()).extracting(DefinitionError::line).containsExactly(7, 8, 9, 9);
    }

    @Test
    void bytesThatAreNotUtf8() {
        byte[] bytes = (RIGHT + "x-a: \u00e9\n").getBytes(StandardCharsets.ISO_8859_1);
        DefinitionError error = only(DefinitionReader.read(bytes, Definitions.SOURCE));
        assertThat(error.message()).startsWith("the file is not UTF-8");
        assertThat(error.value()).isEqualTo("0xe9");
        assertThat(List.of(error.line(), error.column())).containsExactly(4, 6);

        byte[] cut = new byte[] {'a', (byte) 0xc3};
        assertThat(only(DefinitionReader.read(cut, Definitions.SOURCE)).value()).isEqualTo("0xc3");
        byte[] wide = RIGHT.getBytes(StandardCharsets.UTF_16);
        assertThat(only(DefinitionReader.read(wide, Definitions.SOURCE)).message())
                .startsWith("the file is UTF-16");
    }

    @Test
    void aByteOrderMarkIsLetPassAndKept() {
        Definition definition = Definitions.right("\ufeff" + RIGHT);
        assertThat(definition.text()).startsWith("\ufeff");
        assertThat(DefinitionReader.read(("\ufeff" + RIGHT).getBytes(StandardCharsets.UTF_8), Definitions.SOURCE)
                        .errors())
                .isEmpty();
    }

    @Test
    void windowsLineEndsCountAsOneLine() {
        DefinitionResult result = Definitions.read((RIGHT + "wrong: 1\n").replace("\n", "\r\n"));
        assertThat(result.errors()).extracting(DefinitionError::line).containsExactly(4);
    }

    @Test
    void tabsInIndentation() {
        DefinitionError error = only("general:\n\tstop_time: 10 s\n");
        assertThat(error.line()).isEqualTo(2);
        assertThat(error.message()).startsWith("broken YAML: ");
    }

    @Test
    void jsonIsReadWithTabsAndEscapes() {
        Definition definition = Definitions.right("""
                {
                \t"experiment": {"name": "a \\u00e9 \\/ \\ud83d\\ude00 b"},
                \t"general": {"stop_time": 10},
                \t"network": {"graph": {"type": "1_gbit_switch"}},
                \t"hosts": {"alice": {"network_node_id": 0, "processes": [\t{"path":"sh","args":["-c","exit 0"]}]}}
                }
                """);
        assertThat(definition.experiment().name()).isEqualTo("a \u00e9 / \ud83d\ude00 b");
        assertThat(definition.general().stopNanos()).isEqualTo(10_000_000_000L);
    }

    @Test
    void brokenSyntaxIsOneErrorWithItsPlace() {
        for (String broken : List.of(
                "x-a: [1, 2",
                "x-a: {b: c",
                "x-a: \"open",
                "x-a: 'open",
                "x-a: &",
                "x-a: *",
                "x-a: !<",
                "x-a: @b",
                "x-a: `b",
                "x-a: b: c",
                "- x",
                "  x-a: b",
                "x-a: \"\\q\"",
                "x-a: \"\\U0FFFFFFF\"",
                "x-a: \"\\uD8\"",
                "%YAML 9.9",
                "x-a: |9z\n",
                "? [a]: b",
                "]",
                "}",
                "x-a: !!binary x",
                "x-a: !java.lang.Object {}",
                "!!set {a}")) {
            DefinitionResult result = Definitions.read(RIGHT + broken);
            assertThat(result.errors()).as(broken).isNotEmpty();
            assertThat(result.errors()).as(broken).allMatch(error -> error.line() >= 4);
            assertThat(result.errors())
                    .as(broken)
                    .allMatch(error -> !error.message().contains("null"));
        }
    }

    @Test
    void duplicateKeysAndHostsAreErrorsAtTheSecond() {
        DefinitionResult result = Definitions.read("""
                general:
                  stop_time: 10 s
                  stop_time: 20 s
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  alice: {network_node_id: 0, processes: []}
                  bob: {network_node_id: 0, processes: []}
                  alice: {network_node_id: 0, processes: []}
                """);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer, DefinitionError::message)
                .containsExactly(
                        tuple(3, "/general/stop_time", "\"stop_time\" is given twice, first on line 2"),
                        tuple(8, "/hosts/alice", "\"alice\" is given twice, first on line 6"));
    }

    @Test
    void aHugeFileIsRefusedBeforeItIsRead(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("huge.yaml");
        try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.position(100_000_000L).write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        assertThat(only(DefinitionReader.readFile(file)).message()).isEqualTo("the file is larger than 16 MiB");
        assertThat(only("#".repeat(DefinitionReader.MAXIMUM_BYTES + 1)).message())
                .isEqualTo("the file is larger than 16 MiB");
    }

    @Test
    void filesThatAreNone(@TempDir Path directory) throws IOException {
        assertThat(only(DefinitionReader.readFile(directory)).message()).isEqualTo("is a directory");
        assertThat(only(DefinitionReader.readFile(directory.resolve("none"))).message())
                .isEqualTo("there is no such file");
        assertThat(only(DefinitionReader.readFile(Path.of("/dev/zero"))).message())
                .isEqualTo("is not a regular file");
    }

    @Test
    void aLargeRightFileIsReadSoon() {
        StringBuilder text = new StringBuilder("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                """);
        for (int host = 0; host < 50_000; host++) {
            text.append("  h%05d: {network_node_id: 0, processes: [{path: sh, args: [-c, 'exit %d']}]}\n"
                    .formatted(host, host % 7));
        }
        Definition definition = Definitions.right(text.toString());
        assertThat(definition.hosts()).hasSize(50_000);
        assertThat(definition.hosts().get(253).ipv4AddressText()).isEqualTo("11.0.0.254");
        assertThat(definition.hosts().get(254).ipv4AddressText()).isEqualTo("11.0.1.1");
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longLinesAreReadSoon() {
        String longLine = "x".repeat(8 << 20);
        String nearTheLimit = "x".repeat(15 << 20);
        assertThat(Definitions.read("# " + nearTheLimit + "\n" + RIGHT).errors())
                .isEmpty();
        assertThat(only("experiment: {description: \"" + longLine + "\"}\n" + RIGHT)
                        .message())
                .startsWith("must be no longer than");
        assertThat(only(longLine).message()).isNotEmpty();
    }

    @Test
    void errorsThroughoutStopBeingReported() {
        StringBuilder text = new StringBuilder("general:\n");
        for (int key = 0; key < 3_000; key++) {
            text.append("  wrong").append(key).append(": 1\n");
        }
        List<DefinitionError> errors = Definitions.read(text.toString()).errors();
        assertThat(errors).hasSize(1001);
        assertThat(errors).anyMatch(error -> error.message().equals("further errors are not shown"));
    }

    @Property
    void noTextBreaksTheReader(@ForAll String text) {
        DefinitionResult result = Definitions.read(text);
        assertThat(result.errors()).isNotEmpty();
        assertThat(result.errors()).allMatch(error -> error.line() >= 1 && error.column() >= 1);
    }

    @Property
    void noChangeOfACharacterBreaksTheReader(@ForAll int place, @ForAll char character) {
        int at = Math.floorMod(place, RIGHT.length());
        DefinitionResult result = Definitions.read(RIGHT.substring(0, at) + character + RIGHT.substring(at + 1));
        assertThat(result.definition().isPresent()).isEqualTo(result.errors().isEmpty());
    }

    @Test
    void aSourceWithoutEnvironmentFindsNoProgramsAndNoHome() {
        DefinitionSource bare = new DefinitionSource("t", Path.of("/"), Path.of("/"), Map.of());
        DefinitionResult result = DefinitionReader.read("""
                general: {stop_time: 10 s, data_directory: ~/data}
                network: {graph: {type: 1_gbit_switch}}
                hosts: {alice: {network_node_id: 0, processes: [{path: no-such-program}, {path: ~/x}]}}
                """, bare);
        assertThat(result.errors()).hasSize(3);
    }
}
