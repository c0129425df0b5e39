package dev.gnomon.host;

import dev.gnomon.call.SystemCallNumber;
import dev.gnomon.guest.ObservedCall;
import java.util.Set;

/**
 * Which calls a program may make before its entry point without anything having happened then that would have to happen again for
 * a copy of it: they read, or change nothing but the process's own memory, which a copy has.
 */
final class LoaderCalls {
    // include/uapi/asm-generic/fcntl.h
    private static final long O_ACCMODE = 3;
    private static final long O_CREAT = 0100;
    private static final long O_TRUNC = 01000;

    private static final Set<Integer> HARMLESS = Set.of(
            SystemCallNumber.ACCESS,
            SystemCallNumber.ARCH_PRCTL,
            SystemCallNumber.BRK,
            SystemCallNumber.CLOCK_GETTIME,
            SystemCallNumber.CLOSE,
            SystemCallNumber.FACCESSAT,
            SystemCallNumber.FACCESSAT2,
            SystemCallNumber.FSTAT,
            SystemCallNumber.GETEGID,
            SystemCallNumber.GETEUID,
            SystemCallNumber.GETGID,
            SystemCallNumber.GETPID,
            SystemCallNumber.GETRANDOM,
            SystemCallNumber.GETRLIMIT,
            SystemCallNumber.GETTID,
            SystemCallNumber.GETUID,
            SystemCallNumber.LSTAT,
            SystemCallNumber.MADVISE,
            SystemCallNumber.MMAP,
            SystemCallNumber.MPROTECT,
            SystemCallNumber.MUNMAP,
            SystemCallNumber.NEWFSTATAT,
            SystemCallNumber.OPEN,
            SystemCallNumber.OPENAT,
            SystemCallNumber.PREAD64,
            SystemCallNumber.PRLIMIT64,
            SystemCallNumber.READ,
            SystemCallNumber.READLINK,
            SystemCallNumber.READLINKAT,
            SystemCallNumber.RT_SIGPROCMASK,
            SystemCallNumber.SCHED_GETAFFINITY,
            SystemCallNumber.SCHED_YIELD,
            SystemCallNumber.SET_ROBUST_LIST,
            SystemCallNumber.SET_TID_ADDRESS,
            SystemCallNumber.STAT,
            SystemCallNumber.STATX,
            SystemCallNumber.SYSINFO,
            SystemCallNumber.UNAME);

    /** Of those, the ones whose first string is a path, which means the same on every host where it is an absolute one. */
    private static final Set<Integer> WITH_PATH = Set.of(
            SystemCallNumber.ACCESS,
            SystemCallNumber.FACCESSAT,
            SystemCallNumber.FACCESSAT2,
            SystemCallNumber.LSTAT,
            SystemCallNumber.NEWFSTATAT,
            SystemCallNumber.OPEN,
            SystemCallNumber.OPENAT,
            SystemCallNumber.READLINK,
            SystemCallNumber.READLINKAT,
            SystemCallNumber.STAT,
            SystemCallNumber.STATX);

    private LoaderCalls() {}

    static boolean allow(ObservedCall call) {
        if (!HARMLESS.contains(call.number()) || WITH_PATH.contains(call.number()) && !isCommonPath(call.carried())) {
            return false;
        }
        return switch (call.number()) {
            case SystemCallNumber.OPEN -> onlyReads(call.arguments()[1]);
            case SystemCallNumber.OPENAT -> onlyReads(call.arguments()[2]);
            // Setting a limit is none of it.
            case SystemCallNumber.PRLIMIT64 -> call.arguments()[2] == 0;
            default -> true;
        };
    }

    /** Whether the path is the same file's for every host: an absolute one, or none, as fstatat(2) may have it. */
    private static boolean isCommonPath(byte[] path) {
        return path.length > 0 && (path[0] == '/' || path[0] == 0);
    }

    private static boolean onlyReads(long flags) {
        return (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) == 0;
    }
}
