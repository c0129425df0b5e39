package dev.gnomon.call;

/**
 * Calls that the guest's own kernel answers as they are: memory, and regular files. They cross only where a trace wants
 * to see everything, or where they concern an emulated descriptor, which the other families look at first.
 */
public final class NativeCalls {
    private static final int[] NUMBERS = {
        SystemCallNumber.MMAP,
        SystemCallNumber.MPROTECT,
        SystemCallNumber.MUNMAP,
        SystemCallNumber.BRK,
        SystemCallNumber.MREMAP,
        SystemCallNumber.MSYNC,
        SystemCallNumber.MINCORE,
        SystemCallNumber.MADVISE,
        SystemCallNumber.MLOCK,
        SystemCallNumber.MLOCK2,
        SystemCallNumber.MUNLOCK,
        SystemCallNumber.MLOCKALL,
        SystemCallNumber.MUNLOCKALL,
        SystemCallNumber.MEMBARRIER,
        SystemCallNumber.MEMFD_CREATE,
        SystemCallNumber.PKEY_ALLOC,
        SystemCallNumber.PKEY_FREE,
        SystemCallNumber.PKEY_MPROTECT,
        SystemCallNumber.ARCH_PRCTL,
        SystemCallNumber.SET_ROBUST_LIST,
        SystemCallNumber.GET_ROBUST_LIST,
        SystemCallNumber.GETCWD,
        SystemCallNumber.FCHDIR,
        SystemCallNumber.GETDENTS,
        SystemCallNumber.GETDENTS64,
        SystemCallNumber.FLOCK,
        SystemCallNumber.FADVISE64,
        SystemCallNumber.FALLOCATE,
        SystemCallNumber.READAHEAD,
        SystemCallNumber.UMASK,
        SystemCallNumber.SYNC,
        SystemCallNumber.FSTATFS,
        SystemCallNumber.SYNCFS,
        SystemCallNumber.FCHMOD,
        SystemCallNumber.FCHOWN,
        SystemCallNumber.FGETXATTR,
        SystemCallNumber.FLISTXATTR,
        SystemCallNumber.FSETXATTR,
        SystemCallNumber.FREMOVEXATTR,
        SystemCallNumber.SHMGET,
        SystemCallNumber.SHMAT,
        SystemCallNumber.SHMCTL,
        SystemCallNumber.SHMDT,
        SystemCallNumber.GETPRIORITY,
        SystemCallNumber.GETRLIMIT,
        SystemCallNumber.IOPRIO_GET,
        SystemCallNumber.PERSONALITY,
    };

    public void register(SystemCallTable table) {
        for (int number : NUMBERS) {
            table.register(number, context -> CallOutcome.NATIVE);
        }
    }
}
