package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.ProgramFile.Kind;
import dev.gnomon.guest.ProgramFile.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFileTest {
    @TempDir
    private Path directory;

    private Path file(String name, byte[] content) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Path script(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Kind kind(Path file) {
        Verdict verdict = ProgramFile.inspect(file);
        assertThat(verdict.message().isEmpty()).isEqualTo(verdict.isRunnable(Mechanism.PRELOAD));
        return verdict.kind();
    }

    private Kind kindOf(ElfFile elf) throws IOException {
        return kind(file("program", elf.bytes()));
    }

    @Test
    void aDynamicProgramCanBeRun() throws IOException {
        assertThat(kindOf(new ElfFile())).isEqualTo(Kind.RUNNABLE);
        assertThat(kindOf(new ElfFile().type(2))).isEqualTo(Kind.RUNNABLE);
        assertThat(kind(Path.of("/bin/sh"))).isEqualTo(Kind.RUNNABLE);
    }

    @Test
    void whatOnlyLooksLikeAProgramIsNamed() throws IOException {
        assertThat(kindOf(new ElfFile().of32Bits())).isEqualTo(Kind.PROGRAM_OF_32_BITS);
        assertThat(kindOf(new ElfFile().machine(183))).isEqualTo(Kind.OTHER_ARCHITECTURE);
        assertThat(kindOf(new ElfFile().bigEndian())).isEqualTo(Kind.OTHER_ARCHITECTURE);
        assertThat(kindOf(new ElfFile().type(2).withoutLoader(false))).isEqualTo(Kind.STATIC_PROGRAM);
        assertThat(kindOf(new ElfFile().withoutLoader(true))).isEqualTo(Kind.STATIC_PROGRAM);
        assertThat(kindOf(new ElfFile().withoutLoader(false))).isEqualTo(Kind.NOT_A_PROGRAM);
        assertThat(kindOf(new ElfFile().type(1))).isEqualTo(Kind.NOT_A_PROGRAM);
        assertThat(kindOf(new ElfFile().type(4))).isEqualTo(Kind.NOT_A_PROGRAM);
        assertThat(kindOf(new ElfFile().loader("/lib/ld-of-another-world.so"))).isEqualTo(Kind.INTERPRETER_UNUSABLE);
        assertThat(kindOf(new ElfFile().loader("/etc/passwd"))).isEqualTo(Kind.INTERPRETER_UNUSABLE);
    }

    @Test
    void everyTruncationIsAnErrorAndNeverAnException() throws IOException {
        int end = new ElfFile().bytes().length - 256;
        for (int length = 4; length < end; length++) {
            assertThat(kind(file("cut", new ElfFile().cutTo(length))))
                    .as("cut to %d bytes", length)
                    .isNotEqualTo(Kind.RUNNABLE);
        }
        assertThat(kind(file("cut", new ElfFile().cutTo(19)))).isEqualTo(Kind.BROKEN_ELF);
        assertThat(kind(file("cut", new ElfFile().cutTo(63)))).isEqualTo(Kind.BROKEN_ELF);
        assertThat(kind(file("cut", new ElfFile().cutTo(100)))).isEqualTo(Kind.BROKEN_ELF);
        assertThat(kind(file("cut", new ElfFile().cutTo(end)))).isEqualTo(Kind.BROKEN_ELF);
    }

    @Test
    void filesThatCannotBeExecutedAreNamed() throws IOException {
        assertThat(kind(directory.resolve("missing"))).isEqualTo(Kind.NOT_FOUND);
        assertThat(kind(directory)).isEqualTo(Kind.NOT_A_REGULAR_FILE);
        assertThat(kind(Path.of("/dev/null"))).isEqualTo(Kind.NOT_A_REGULAR_FILE);
        assertThat(kind(file("empty", new byte[0]))).isEqualTo(Kind.UNKNOWN_FORMAT);
        assertThat(kind(script("text", "echo hello\n"))).isEqualTo(Kind.UNKNOWN_FORMAT);
        assertThat(kind(directory.resolve("text/inside"))).isEqualTo(Kind.NOT_IN_A_DIRECTORY);
        Path plain = file("plain", new ElfFile().bytes());
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(kind(plain)).isEqualTo(Kind.NOT_EXECUTABLE);
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        assertThat(kind(loop)).isEqualTo(Kind.SYMBOLIC_LINK_LOOP);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("target", new ElfFile().bytes()));
        assertThat(kind(link)).isEqualTo(Kind.RUNNABLE);
    }

    @Test
    void setUserIdAndSetGroupIdProgramsAreRefused() throws IOException {
        Path program = file("program", new ElfFile().bytes());
        Files.setAttribute(program, "unix:mode", 0104755);
        assertThat(kind(program)).isEqualTo(Kind.SET_USER_ID);
        Files.setAttribute(program, "unix:mode", 0102755);
        assertThat(kind(program)).isEqualTo(Kind.SET_USER_ID);
        // Without the group's x this is mandatory locking, which changes no identity.
        Files.setAttribute(program, "unix:mode", 0102705);
        assertThat(kind(program)).isEqualTo(Kind.RUNNABLE);
    }

    @Test
    void aScriptIsWhatItsInterpreterIs() throws IOException {
        Path program = file("program", new ElfFile().bytes());
        Path script = script("script", "#! \t" + program + " -x\necho\n");
        assertThat(ProgramFile.inspect(script)).isEqualTo(new Verdict(Kind.RUNNABLE, "", program));
        assertThat(kind(script("bare", "#!" + program))).isEqualTo(Kind.RUNNABLE);

        file("program", new ElfFile().withoutLoader(true).bytes());
        assertThat(kind(script)).isEqualTo(Kind.STATIC_PROGRAM);
        file("program", new ElfFile().of32Bits().bytes());
        assertThat(kind(script)).isEqualTo(Kind.PROGRAM_OF_32_BITS);
        Files.delete(program);
        assertThat(kind(script)).isEqualTo(Kind.INTERPRETER_UNUSABLE);
        assertThat(ProgramFile.inspect(script).message()).contains(program.toString(), "there is no such file");
        assertThat(kind(script("nameless", "#!\n"))).isEqualTo(Kind.UNKNOWN_FORMAT);
        assertThat(kind(script("endless", "#!/" + "x".repeat(400)))).isEqualTo(Kind.UNKNOWN_FORMAT);
    }

    @Test
    void scriptsInterpretScriptsFourDeep() throws IOException {
        Path interpreter = file("0", new ElfFile().bytes());
        for (int depth = 1; depth <= 4; depth++) {
            interpreter = script(Integer.toString(depth), "#!" + interpreter + "\n");
            assertThat(kind(interpreter)).as("depth %d", depth).isEqualTo(Kind.RUNNABLE);
        }
        assertThat(kind(script("5", "#!" + interpreter + "\n"))).isEqualTo(Kind.SCRIPTS_NESTED_TOO_DEEPLY);
        assertThat(kind(script("self", "#!" + directory.resolve("self") + "\n")))
                .isEqualTo(Kind.SCRIPTS_NESTED_TOO_DEEPLY);
    }
}
