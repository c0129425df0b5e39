package dev.gnomon.call;

import dev.gnomon.kernel.GeneratedFile;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.device.RandomDevice;
import dev.gnomon.network.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Calls that name a file. They are native, but for paths at which the real machine would show, devices of randomness,
 * and the files by which a process opens its own descriptors.
 */
public final class PathCalls {
    private static final int PATH_MAX = 4096;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_CREAT = 0100;
    private static final int O_WRONLY = 1;

    public void register(SystemCallTable table) {
        open(table, SystemCallNumber.OPEN, 0, 1);
        open(table, SystemCallNumber.OPENAT, 1, 2);
        table.register(SystemCallNumber.OPENAT2, this::openAt2);
        table.register(SystemCallNumber.CREAT, context -> open(context, 0, O_CREAT | O_WRONLY));
        readLink(table, SystemCallNumber.READLINK, 0);
        readLink(table, SystemCallNumber.READLINKAT, 1);
        for (int number : new int[] {
            SystemCallNumber.STAT,
            SystemCallNumber.LSTAT,
            SystemCallNumber.ACCESS,
            SystemCallNumber.CHDIR,
            SystemCallNumber.MKDIR,
            SystemCallNumber.RMDIR,
            SystemCallNumber.UNLINK,
            SystemCallNumber.CHMOD,
            SystemCallNumber.CHOWN,
            SystemCallNumber.LCHOWN,
            SystemCallNumber.TRUNCATE,
            SystemCallNumber.UTIME,
            SystemCallNumber.UTIMES,
            SystemCallNumber.MKNOD,
            SystemCallNumber.STATFS,
            SystemCallNumber.GETXATTR,
            SystemCallNumber.LGETXATTR,
            SystemCallNumber.LISTXATTR,
            SystemCallNumber.LLISTXATTR,
            SystemCallNumber.SETXATTR,
            SystemCallNumber.LSETXATTR,
            SystemCallNumber.REMOVEXATTR,
            SystemCallNumber.LREMOVEXATTR
        }) {
            table.register(number, context -> path(context, 0));
        }
        for (int number : new int[] {
            SystemCallNumber.FACCESSAT,
            SystemCallNumber.FACCESSAT2,
            SystemCallNumber.MKDIRAT,
            SystemCallNumber.UNLINKAT,
            SystemCallNumber.FCHMODAT,
            SystemCallNumber.FCHMODAT2,
            SystemCallNumber.FCHOWNAT,
            SystemCallNumber.MKNODAT,
            SystemCallNumber.FUTIMESAT,
            SystemCallNumber.UTIMENSAT
        }) {
            table.register(number, context -> path(context, 1));
        }
        table.register(SystemCallNumber.RENAME, context -> twoPaths(context, 0, 1));
        table.register(SystemCallNumber.RENAMEAT, context -> twoPaths(context, 1, 3));
        table.register(SystemCallNumber.RENAMEAT2, context -> twoPaths(context, 1, 3));
        table.register(SystemCallNumber.LINK, context -> twoPaths(context, 0, 1));
        table.register(SystemCallNumber.LINKAT, context -> twoPaths(context, 1, 3));
        // The first path is text to be kept, not a file that is looked for.
        table.register(SystemCallNumber.SYMLINK, context -> path(context, 1));
        table.register(SystemCallNumber.SYMLINKAT, context -> path(context, 2));
    }

    /** A reply can lead one path elsewhere: where both are special, as in /dev/shm, the engine acts for the guest. */
    private static long twoPaths(CallContext context, int fromArgument, int toArgument) {
        String from = readPath(context, fromArgument);
        String to = readPath(context, toArgument);
        if (from == null || to == null) {
            return CallOutcome.NATIVE;
        }
        byte[] realFrom = substitute(context, from);
        byte[] realTo = substitute(context, to);
        if (realFrom == null || realTo == null) {
            if (realFrom == null && realTo == null) {
                return CallOutcome.NATIVE;
            }
            context.channel()
                    .replyNativePath(
                            realFrom == null ? toArgument : fromArgument, realFrom == null ? realTo : realFrom, false);
            return CallOutcome.REPLIED;
        }
        String root = "/proc/" + context.channel().machineProcessId() + "/root";
        Path source = Path.of(root + new String(realFrom, StandardCharsets.UTF_8));
        Path target = Path.of(root + new String(realTo, StandardCharsets.UTF_8));
        try {
            if (context.callNumber() == SystemCallNumber.LINK || context.callNumber() == SystemCallNumber.LINKAT) {
                Files.createLink(target, source);
            } else {
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            }
            return 0;
        } catch (FileAlreadyExistsException e) {
            return -Errno.EEXIST;
        } catch (NoSuchFileException e) {
            return -Errno.ENOENT;
        } catch (AccessDeniedException e) {
            return -Errno.EACCES;
        } catch (IOException e) {
            return -Errno.EIO;
        }
    }

    private static String readPath(CallContext context, int argumentIndex) {
        byte[] bytes = context.memory().readString(context.argument(argumentIndex), PATH_MAX - 1);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A call that names a file in argument {@code argumentIndex}: natively, where the path leads. */
    static long path(CallContext context, int argumentIndex) {
        // Where the path cannot be read the kernel finds out by itself.
        String path = readPath(context, argumentIndex);
        return path == null ? CallOutcome.NATIVE : natively(context, argumentIndex, path);
    }

    private static long natively(CallContext context, int argumentIndex, String path) {
        byte[] substitute =
                context.kernel().specialPaths().substitute(context.kernel().hostName(), path);
        if (substitute == null) {
            substitute = processPath(context, path);
        }
        if (substitute == null) {
            return CallOutcome.NATIVE;
        }
        context.channel().replyNativePath(argumentIndex, substitute, false);
        return CallOutcome.REPLIED;
    }

    /** Where a path leads; null where it leads where it says. */
    static byte[] substitute(CallContext context, String path) {
        byte[] substitute =
                context.kernel().specialPaths().substitute(context.kernel().hostName(), path);
        return substitute != null ? substitute : processPath(context, path);
    }

    /** {@code /proc/<virtual id>/…} as the real path; null for any other. */
    private static byte[] processPath(CallContext context, String path) {
        if (!path.startsWith("/proc/") || path.length() < 7 || !Character.isDigit(path.charAt(6))) {
            return null;
        }
        int end = path.indexOf('/', 6);
        String number = end < 0 ? path.substring(6) : path.substring(6, end);
        GuestProcess process = null;
        if (number.length() < 10 && number.chars().allMatch(Character::isDigit)) {
            process = context.kernel().process(Integer.parseInt(number));
        }
        String rest = end < 0 ? "" : path.substring(end);
        // A number that is no process here may be one on the machine: it leads nowhere.
        String real = process == null || process.threads().isEmpty()
                ? "/proc/0" + rest
                : "/proc/" + process.threads().get(0).channel().machineProcessId() + rest;
        return real.getBytes(StandardCharsets.UTF_8);
    }

    // ---- opening

    private void open(SystemCallTable table, int number, int pathArgument, int flagsArgument) {
        table.register(number, context -> open(context, pathArgument, context.intArgument(flagsArgument)));
    }

    private long openAt2(CallContext context) {
        long flags = context.readLong(context.argument(2)) ? context.word() : 0;
        return open(context, 1, (int) flags);
    }

    private static long open(CallContext context, int pathArgument, int flags) {
        String path = readPath(context, pathArgument);
        if (path == null) {
            return CallOutcome.NATIVE;
        }
        boolean closeOnExec = (flags & O_CLOEXEC) != 0;
        OpenFile own = ownDescriptor(context, path);
        if (own != null) {
            return context.install(own, closeOnExec);
        }
        int statusFlags = flags & (OpenFile.O_ACCMODE | OpenFile.SETTABLE_FLAGS);
        switch (path) {
            case "/dev/random", "/dev/urandom":
                return context.install(new RandomDevice(context.kernel(), path, statusFlags), closeOnExec);
            case "/proc/uptime":
                return generated(context, path, uptime(context), statusFlags, closeOnExec);
            case "/proc/sys/kernel/random/uuid":
                return generated(context, path, uuid(context.environment().random()), statusFlags, closeOnExec);
            case "/dev/tty":
                return -Errno.ENXIO;
            default:
                long opened = NamedPipeOpening.open(
                        context, pathArgument == 1 ? context.intArgument(0) : NamedPipeOpening.AT_FDCWD, path, flags);
                return opened == CallOutcome.NATIVE ? natively(context, pathArgument, path) : opened;
        }
    }

    private static long generated(
            CallContext context, String path, String content, int statusFlags, boolean closeOnExec) {
        if ((statusFlags & OpenFile.O_ACCMODE) != 0) {
            return -Errno.EACCES;
        }
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        return context.install(new GeneratedFile(path, bytes, statusFlags), closeOnExec);
    }

    private static String uptime(CallContext context) {
        double seconds = (Clocks.EPOCH_NANOS + context.nowNanos()) / 1e9;
        return String.format(Locale.ROOT, "%.2f %.2f%n", seconds, seconds);
    }

    private static String uuid(RandomGenerator random) {
        long most = random.nextLong() & ~0xf000L | 0x4000L;
        long least = random.nextLong() & ~(3L << 62) | 1L << 63;
        return new UUID(most, least) + "\n";
    }

    /** The number in a path by which a process names one of its own descriptors; -1 for any other path. */
    private static int descriptorNumber(CallContext context, String path) {
        String number;
        if (path.startsWith("/dev/fd/")) {
            number = path.substring("/dev/fd/".length());
        } else if (path.startsWith("/proc/self/fd/")) {
            number = path.substring("/proc/self/fd/".length());
        } else if (path.startsWith("/proc/" + context.process().processId() + "/fd/")) {
            number = path.substring(path.lastIndexOf('/') + 1);
        } else {
            return switch (path) {
                case "/dev/stdin" -> 0;
                case "/dev/stdout" -> 1;
                case "/dev/stderr" -> 2;
                default -> -1;
            };
        }
        if (number.isEmpty() || number.length() > 6 || !number.chars().allMatch(Character::isDigit)) {
            return -1;
        }
        return Integer.parseInt(number);
    }

    private static OpenFile ownDescriptor(CallContext context, String path) {
        int number = descriptorNumber(context, path);
        return number < 0 ? null : context.process().descriptors().get(number);
    }

    // ---- symbolic links

    private void readLink(SystemCallTable table, int number, int pathArgument) {
        table.register(number, context -> readLink(context, pathArgument));
    }

    private static long readLink(CallContext context, int pathArgument) {
        String path = readPath(context, pathArgument);
        if (path == null) {
            return CallOutcome.NATIVE;
        }
        OpenFile own = path.startsWith("/dev/std") ? null : ownDescriptor(context, path);
        String text = null;
        if (own != null) {
            text = own.description();
        } else if (path.equals("/proc/self")) {
            text = Integer.toString(context.process().processId());
        } else if (path.equals("/proc/thread-self")) {
            text = context.process().processId() + "/task/" + context.thread().threadId();
        }
        if (text == null) {
            return natively(context, pathArgument, path);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long size = context.argument(pathArgument + 2);
        if (size <= 0) {
            return -Errno.EINVAL;
        }
        int length = (int) Math.min(bytes.length, size);
        return context.memory().write(context.argument(pathArgument + 1), bytes, 0, length) ? length : -Errno.EFAULT;
    }
}
