package dev.gnomon.call;

import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.pipe.NamedPipeFile;
import dev.gnomon.network.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Opening a named pipe, {@code fifo(7)}. Natively it would stop the guest until its partner comes, which cannot run before
 * the guest has answered. Source of the model: {@code fifo_open()} in {@code fs/pipe.c}.
 */
final class NamedPipeOpening {
    static final int AT_FDCWD = -100;

    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_NOFOLLOW = 0400000;
    /** With O_DIRECTORY a pipe is refused, and with O_PATH nothing is opened: both natively. */
    private static final int NOT_OPENED = 0200000 | 010000000;

    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};

    private NamedPipeOpening() {}

    /** Opens {@code path} where it is a named pipe; {@link CallOutcome#NATIVE} where it is anything else. */
    static long open(CallContext context, int directory, String path, int flags) {
        if (context.opening() instanceof NamedPipeFile file) {
            return goOn(context, file, flags);
        }
        if ((flags & NOT_OPENED) != 0
                || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)
                || path.startsWith("/proc/")
                || isOwnDescriptor(path)
                || path.startsWith("/sys/")) {
            return CallOutcome.NATIVE;
        }
        Map<String, Object> attributes;
        Path real;
        try {
            real = realPath(context, directory, path);
            LinkOption[] links = (flags & O_NOFOLLOW) != 0 ? NO_FOLLOW : FOLLOW;
            if (!Files.readAttributes(real, BasicFileAttributes.class, links).isOther()) {
                return CallOutcome.NATIVE;
            }
            attributes = Files.readAttributes(real, "unix:mode,ino,dev", links);
        } catch (IOException | InvalidPathException absent) {
            // The guest finds out by itself what is wrong.
            return CallOutcome.NATIVE;
        }
        int mode = (int) attributes.get("mode");
        int access = flags & OpenFile.O_ACCMODE;
        boolean allowed = (access == 1 || Files.isReadable(real)) && (access == 0 || Files.isWritable(real));
        if ((mode & 0170000) != 0010000 || access == OpenFile.O_ACCMODE || !allowed) {
            return CallOutcome.NATIVE;
        }
        return open(context, path, flags, (long) attributes.get("dev"), (long) attributes.get("ino"), mode);
    }

    private static long open(CallContext context, String path, int flags, long device, long inode, int mode) {
        int statusFlags = flags & (OpenFile.O_ACCMODE | OpenFile.SETTABLE_FLAGS);
        if ((statusFlags & OpenFile.O_ACCMODE) == 1
                && (statusFlags & OpenFile.O_NONBLOCK) != 0
                && !context.kernel().namedPipes().hasReaders(device, inode)) {
            return -Errno.ENXIO;
        }
        NamedPipeFile file = context.kernel().namedPipes().open(device, inode, mode, statusFlags, path);
        context.opening(file);
        return goOn(context, file, flags);
    }

    private static long goOn(CallContext context, NamedPipeFile file, int flags) {
        if (file.isComplete()) {
            long result = context.install(file, (flags & O_CLOEXEC) != 0);
            context.opening(null);
            return result;
        }
        long result = context.block(file.openings(), Poll.IN);
        if (result != CallOutcome.BLOCKED) {
            context.opening(null);
        }
        return result;
    }

    /** Links to {@code /proc/self/fd}, which to the engine would be its own. */
    private static boolean isOwnDescriptor(String path) {
        return path.startsWith("/dev/fd") || path.startsWith("/dev/std");
    }

    /** The path as the engine sees it. */
    private static Path realPath(CallContext context, int directory, String path) {
        String process = "/proc/" + context.channel().machineProcessId();
        byte[] substitute = PathCalls.substitute(context, path);
        if (substitute != null) {
            return Path.of(process + "/root" + new String(substitute, StandardCharsets.UTF_8));
        }
        if (path.startsWith("/")) {
            return Path.of(process + "/root" + path);
        }
        return Path.of(process + (directory == AT_FDCWD ? "/cwd/" : "/fd/" + directory + "/") + path);
    }
}
