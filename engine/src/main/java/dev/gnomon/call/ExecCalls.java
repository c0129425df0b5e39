package dev.gnomon.call;

import dev.gnomon.guest.ProgramFile;
import dev.gnomon.network.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * {@code execve(2)}. The guest executes the program itself; here it is looked at before, since what the shim cannot be
 * loaded into must not run outside the simulation.
 */
public final class ExecCalls {
    private static final int PATH_MAX = 4096;
    private static final int AT_FDCWD = -100;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.EXECVE, context -> execute(context, AT_FDCWD, context.argument(0)));
        table.register(
                SystemCallNumber.EXECVEAT, context -> execute(context, context.intArgument(0), context.argument(1)));
    }

    private long execute(CallContext context, int directory, long pathAddress) {
        byte[] pathBytes = context.memory().readString(pathAddress, PATH_MAX - 1);
        if (pathBytes == null) {
            return context.memory().isReadable(pathAddress, 1) ? -Errno.ENAMETOOLONG : -Errno.EFAULT;
        }
        String text = new String(pathBytes, StandardCharsets.UTF_8);
        Path file;
        try {
            file = resolve(context, directory, text);
        } catch (InvalidPathException e) {
            return -Errno.ENOENT;
        }
        ProgramFile.Verdict verdict = ProgramFile.inspect(file);
        if (!verdict.isRunnable(context.process().handle().mechanism())) {
            return refuse(context, text, verdict);
        }
        context.execProgram(programName(text, file));
        context.continueWith(CallContext::nativeResult);
        context.channel().replyExec();
        return CallOutcome.REPLIED;
    }

    private static String programName(String text, Path file) {
        Path name = text.isEmpty() ? file.getFileName() : Path.of(text).getFileName();
        return name == null ? text : name.toString();
    }

    private static Path resolve(CallContext context, int directory, String text) {
        Path process = Path.of("/proc", Integer.toString(context.channel().machineProcessId()));
        if (text.startsWith("/")) {
            return Path.of(process + "/root" + text);
        }
        Path base = directory == AT_FDCWD
                ? process.resolve("cwd")
                : process.resolve("fd").resolve(Integer.toString(directory));
        return text.isEmpty() ? base : base.resolve(text);
    }

    private static long refuse(CallContext context, String text, ProgramFile.Verdict verdict) {
        return switch (verdict.kind()) {
            case RUNNABLE -> throw new IllegalStateException("refused a runnable program: " + text);
            case NOT_FOUND, INTERPRETER_UNUSABLE -> -Errno.ENOENT;
            case NOT_IN_A_DIRECTORY -> -Errno.ENOTDIR;
            case SYMBOLIC_LINK_LOOP, SCRIPTS_NESTED_TOO_DEEPLY -> -Errno.ELOOP;
            case NOT_PERMITTED, NOT_A_REGULAR_FILE, NOT_EXECUTABLE -> -Errno.EACCES;
            case UNKNOWN_FORMAT, BROKEN_ELF, NOT_A_PROGRAM, OTHER_ARCHITECTURE -> -Errno.ENOEXEC;
            case PROGRAM_OF_32_BITS, STATIC_PROGRAM, SET_USER_ID -> {
                context.environment()
                        .warn(
                                "unsupported-program",
                                context.process().program(),
                                text,
                                text + " " + verdict.message() + "; execve answered EACCES");
                yield -Errno.EACCES;
            }
        };
    }
}
