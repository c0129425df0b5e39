package dev.gnomon.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tells whether a file is a program that can be run under the shim: a 64-bit x86-64 ELF program, whose loader exists where
 * it names one, or a script whose interpreter is such a program. Reads headers as the kernel does (fs/binfmt_elf.c,
 * fs/binfmt_script.c, elf(5)).
 */
public final class ProgramFile {
    /** The kernel reads this many bytes to find out what a file is (include/uapi/linux/binfmts.h). */
    private static final int BINPRM_BUF_SIZE = 256;

    /** execve(2), "Interpreter scripts": at most four recursions. */
    private static final int MAXIMUM_SCRIPT_DEPTH = 4;

    private static final int ELF_HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int MAXIMUM_PROGRAM_HEADERS_BYTES = 65536;
    private static final int PATH_MAX = 4096;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2LSB = 1;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int EM_X86_64 = 62;
    private static final int PT_INTERP = 3;
    private static final int PT_DYNAMIC = 2;
    private static final long DT_FLAGS_1 = 0x6ffffffbL;
    private static final long DF_1_PIE = 0x08000000L;
    private static final int S_ISUID = 04000;
    private static final int S_ISGID = 02000;
    private static final int S_IXGRP = 010;

    private ProgramFile() {}

    /** What a file turned out to be. Only {@link #RUNNABLE} and, injected, {@link #STATIC_PROGRAM} can be started; each other kind says what execve(2) answers. */
    public enum Kind {
        RUNNABLE,
        /** ENOENT. */
        NOT_FOUND,
        /** ENOTDIR: a part of the path is not a directory. */
        NOT_IN_A_DIRECTORY,
        /** ELOOP. */
        SYMBOLIC_LINK_LOOP,
        /** EACCES: a directory on the path cannot be searched, or the file cannot be read. */
        NOT_PERMITTED,
        /** EACCES. */
        NOT_A_REGULAR_FILE,
        /** EACCES. */
        NOT_EXECUTABLE,
        /** ENOEXEC: neither ELF nor a script. */
        UNKNOWN_FORMAT,
        /** ENOEXEC: an ELF header that makes no sense, or is cut short. */
        BROKEN_ELF,
        /** ENOEXEC: an object file, a core dump or a shared library. */
        NOT_A_PROGRAM,
        /** Runs on Linux, not here: 32 bits. */
        PROGRAM_OF_32_BITS,
        /** ENOEXEC: built for another processor. */
        OTHER_ARCHITECTURE,
        /** Runs by any mechanism but preload, where nothing would load the shim. */
        STATIC_PROGRAM,
        /** Runs on Linux, not here: its user would not be the one whom the engine answers for. */
        SET_USER_ID,
        /** ENOENT: the loader or the script's interpreter does not exist or cannot be used. */
        INTERPRETER_UNUSABLE,
        /** ELOOP: scripts that are interpreted by scripts, too often. */
        SCRIPTS_NESTED_TOO_DEEPLY
    }

    /**
     * What {@link #inspect} found.
     *
     * @param kind what the file is
     * @param message a sentence about it, without the path of the file that was asked for; empty where it can be run
     * @param program the ELF program that would run: the file itself, or the last interpreter of a script
     */
    public record Verdict(Kind kind, String message, Path program) {
        public boolean isRunnable(Mechanism mechanism) {
            return kind == Kind.RUNNABLE || kind == Kind.STATIC_PROGRAM && mechanism != Mechanism.PRELOAD;
        }
    }

    /** Looks at a file. Never throws for what it finds there; relative paths are taken from the current directory. */
    public static Verdict inspect(Path file) {
        return inspect(file, 0);
    }

    private static Verdict inspect(Path file, int depth) {
        try {
            return inspectFile(file, depth);
        } catch (NoSuchFileException missing) {
            return new Verdict(Kind.NOT_FOUND, "there is no such file", file);
        } catch (NotDirectoryException wrong) {
            return new Verdict(Kind.NOT_IN_A_DIRECTORY, "a part of the path is not a directory", file);
        } catch (FileSystemLoopException loop) {
            return new Verdict(Kind.SYMBOLIC_LINK_LOOP, "symbolic links lead in a circle", file);
        } catch (AccessDeniedException denied) {
            return new Verdict(Kind.NOT_PERMITTED, "permission denied: " + denied.getMessage(), file);
        } catch (IOException other) {
            String reason = String.valueOf(other.getMessage());
            if (reason.contains("Not a directory")) {
                return new Verdict(Kind.NOT_IN_A_DIRECTORY, "a part of the path is not a directory", file);
            }
            if (reason.contains("Too many levels of symbolic links")) {
                return new Verdict(Kind.SYMBOLIC_LINK_LOOP, "symbolic links lead in a circle", file);
            }
            return new Verdict(Kind.NOT_PERMITTED, "the file cannot be read: " + reason, file);
        }
    }

    private static Verdict inspectFile(Path file, int depth) throws IOException {
        int mode = (Integer) Files.getAttribute(file, "unix:mode");
        if (!Files.isRegularFile(file)) {
            String what = Files.isDirectory(file) ? "is a directory" : "is not a regular file";
            return new Verdict(Kind.NOT_A_REGULAR_FILE, what + ", not a program", file);
        }
        if (!Files.isExecutable(file)) {
            return new Verdict(Kind.NOT_EXECUTABLE, "is not executable: its mode lacks the x permission", file);
        }
        // fs/exec.c, bprm_fill_uid: set-group-ID counts only together with the group's x.
        if ((mode & S_ISUID) != 0 || ((mode & S_ISGID) != 0 && (mode & S_IXGRP) != 0)) {
            return new Verdict(
                    Kind.SET_USER_ID,
                    "is a set-user-ID or set-group-ID program; only programs that run as who starts them can be run",
                    file);
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
            ByteBuffer start = read(channel, 0, BINPRM_BUF_SIZE);
            if (start.remaining() >= 4 && start.getInt(0) == 0x464c457f) {
                return inspectElf(file, channel, start);
            }
            if (start.remaining() >= 2 && start.get(0) == '#' && start.get(1) == '!') {
                return inspectScript(file, start, depth);
            }
        }
        return new Verdict(
                Kind.UNKNOWN_FORMAT,
                "is neither an ELF program nor a script that begins with #! and its interpreter",
                file);
    }

    private static Verdict inspectElf(Path file, SeekableByteChannel channel, ByteBuffer header) throws IOException {
        if (header.remaining() < 20) {
            return new Verdict(Kind.BROKEN_ELF, "is cut short inside its ELF header", file);
        }
        int elfClass = header.get(4);
        int machine = header.getShort(18) & 0xffff;
        if (header.get(5) != ELFDATA2LSB) {
            return new Verdict(Kind.OTHER_ARCHITECTURE, "is built for a processor of the other byte order", file);
        }
        if (elfClass != ELFCLASS64) {
            return new Verdict(
                    Kind.PROGRAM_OF_32_BITS,
                    "is a 32-bit program (" + machineName(machine) + "); only 64-bit x86-64 programs can be run",
                    file);
        }
        if (machine != EM_X86_64) {
            return new Verdict(
                    Kind.OTHER_ARCHITECTURE,
                    "is built for " + machineName(machine) + "; only 64-bit x86-64 programs can be run",
                    file);
        }
        if (header.remaining() < ELF_HEADER_BYTES) {
            return new Verdict(Kind.BROKEN_ELF, "is cut short inside its ELF header", file);
        }
        int type = header.getShort(16) & 0xffff;
        if (type != ET_EXEC && type != ET_DYN) {
            return new Verdict(Kind.NOT_A_PROGRAM, "is an ELF object file or core dump, not a program", file);
        }
        long offset = header.getLong(32);
        int size = header.getShort(54) & 0xffff;
        int count = header.getShort(56) & 0xffff;
        // fs/binfmt_elf.c, load_elf_phdrs: the same limits.
        if (size != PROGRAM_HEADER_BYTES
                || count == 0
                || count * size > MAXIMUM_PROGRAM_HEADERS_BYTES
                || offset < 0
                || offset > channel.size() - (long) count * size) {
            return new Verdict(
                    Kind.BROKEN_ELF, "is a broken ELF file: its program headers are missing or cut short", file);
        }
        return inspectSegments(file, channel, type, read(channel, offset, count * size));
    }

    private static Verdict inspectSegments(Path file, SeekableByteChannel channel, int type, ByteBuffer headers)
            throws IOException {
        boolean isPositionIndependentProgram = false;
        for (int at = 0; at + PROGRAM_HEADER_BYTES <= headers.limit(); at += PROGRAM_HEADER_BYTES) {
            int segmentType = headers.getInt(at);
            long offset = headers.getLong(at + 8);
            long size = headers.getLong(at + 32);
            if (segmentType == PT_INTERP) {
                return inspectLoader(file, channel, offset, size);
            }
            if (segmentType == PT_DYNAMIC) {
                isPositionIndependentProgram = hasProgramFlag(channel, offset, size);
            }
        }
        if (type == ET_DYN && !isPositionIndependentProgram) {
            return new Verdict(Kind.NOT_A_PROGRAM, "is a shared library, not a program", file);
        }
        return new Verdict(
                Kind.STATIC_PROGRAM,
                "is statically linked, so that the shim cannot be preloaded; the mechanism inject runs it",
                file);
    }

    private static Verdict inspectLoader(Path file, SeekableByteChannel channel, long offset, long size)
            throws IOException {
        if (size < 2 || size > PATH_MAX || offset < 0 || offset > channel.size() - size) {
            return new Verdict(Kind.BROKEN_ELF, "is a broken ELF file: the name of its loader is cut short", file);
        }
        ByteBuffer name = read(channel, offset, (int) size);
        if (name.get(name.limit() - 1) != 0) {
            return new Verdict(Kind.BROKEN_ELF, "is a broken ELF file: the name of its loader has no end", file);
        }
        int end = 0;
        while (name.get(end) != 0) {
            end++;
        }
        String loader = new String(name.array(), 0, end, StandardCharsets.UTF_8);
        if (!isReadableElf(loader)) {
            return new Verdict(
                    Kind.INTERPRETER_UNUSABLE,
                    "needs the loader " + loader + ", which does not exist or is not a 64-bit x86-64 ELF file",
                    file);
        }
        return new Verdict(Kind.RUNNABLE, "", file);
    }

    private static boolean isReadableElf(String path) {
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file)) {
                return false;
            }
            try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
                ByteBuffer header = read(channel, 0, ELF_HEADER_BYTES);
                return header.remaining() == ELF_HEADER_BYTES
                        && header.getInt(0) == 0x464c457f
                        && header.get(4) == ELFCLASS64
                        && header.getShort(18) == EM_X86_64;
            }
        } catch (IOException | InvalidPathException unusable) {
            return false;
        }
    }

    /** A static program and a shared library differ only in this flag of the dynamic section. */
    private static boolean hasProgramFlag(SeekableByteChannel channel, long offset, long size) throws IOException {
        if (size < 0 || size > 1 << 20 || offset < 0 || offset > channel.size() - size) {
            return false;
        }
        ByteBuffer dynamic = read(channel, offset, (int) size);
        for (int at = 0; at + 16 <= dynamic.limit(); at += 16) {
            if (dynamic.getLong(at) == DT_FLAGS_1) {
                return (dynamic.getLong(at + 8) & DF_1_PIE) != 0;
            }
        }
        return false;
    }

    /** fs/binfmt_script.c, load_script: blanks, the interpreter's path up to a blank, then one argument. */
    private static Verdict inspectScript(Path file, ByteBuffer start, int depth) {
        if (depth >= MAXIMUM_SCRIPT_DEPTH) {
            return new Verdict(
                    Kind.SCRIPTS_NESTED_TOO_DEEPLY,
                    "is interpreted by scripts, nested more than " + MAXIMUM_SCRIPT_DEPTH + " deep",
                    file);
        }
        String line = new String(start.array(), 2, start.limit() - 2, StandardCharsets.UTF_8);
        int end = line.indexOf('\n');
        boolean isComplete = end >= 0 || start.limit() < BINPRM_BUF_SIZE;
        String words =
                (end >= 0 ? line.substring(0, end) : line).replace('\t', ' ').strip();
        int blank = words.indexOf(' ');
        String interpreter = blank < 0 ? words : words.substring(0, blank);
        if (interpreter.isEmpty() || (blank < 0 && !isComplete)) {
            return new Verdict(Kind.UNKNOWN_FORMAT, "is a script whose first line names no interpreter after #!", file);
        }
        Path path;
        try {
            path = Path.of(interpreter);
        } catch (InvalidPathException broken) {
            return new Verdict(Kind.INTERPRETER_UNUSABLE, "is a script whose interpreter has an impossible name", file);
        }
        Verdict verdict = inspect(path, depth + 1);
        if (verdict.kind() == Kind.RUNNABLE || verdict.kind() == Kind.SCRIPTS_NESTED_TOO_DEEPLY) {
            return verdict;
        }
        Kind kind = switch (verdict.kind()) {
            case STATIC_PROGRAM, PROGRAM_OF_32_BITS, OTHER_ARCHITECTURE, SET_USER_ID -> verdict.kind();
            case RUNNABLE,
                    NOT_FOUND,
                    NOT_IN_A_DIRECTORY,
                    SYMBOLIC_LINK_LOOP,
                    NOT_PERMITTED,
                    NOT_A_REGULAR_FILE,
                    NOT_EXECUTABLE,
                    UNKNOWN_FORMAT,
                    BROKEN_ELF,
                    NOT_A_PROGRAM,
                    INTERPRETER_UNUSABLE,
                    SCRIPTS_NESTED_TOO_DEEPLY -> Kind.INTERPRETER_UNUSABLE;
        };
        return new Verdict(
                kind, "is a script whose interpreter " + interpreter + " cannot be used: " + verdict.message(), file);
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 2 -> "SPARC";
            case 3 -> "i386";
            case 8 -> "MIPS";
            case 20 -> "PowerPC";
            case 21 -> "64-bit PowerPC";
            case 22 -> "S/390";
            case 40 -> "ARM";
            case EM_X86_64 -> "x86-64";
            case 183 -> "AArch64";
            case 243 -> "RISC-V";
            case 258 -> "LoongArch";
            default -> "ELF machine " + machine;
        };
    }

    private static ByteBuffer read(SeekableByteChannel channel, long offset, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        channel.position(offset);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Read on until the buffer is full or the file ends.
        }
        buffer.flip();
        return buffer;
    }
}
