#include "signature.h"
#include <asm/unistd.h>
#include <gnomon/slot.h>

#define V {0}
#define IN(bytes) {.kind = GNOMON_FIXED, .direction = GNOMON_RANGE_IN, .size = bytes}
#define OUT(bytes) {.kind = GNOMON_FIXED, .direction = GNOMON_RANGE_OUT, .size = bytes}
#define IO(bytes) {.kind = GNOMON_FIXED, .direction = GNOMON_RANGE_INOUT, .size = bytes}
#define STR {.kind = GNOMON_STRING, .direction = GNOMON_RANGE_IN}
#define COUNTED(where, bytes, count) \
    {.kind = GNOMON_COUNTED, .direction = GNOMON_RANGE_##where, .size = bytes, .other = count}
#define BOUNDED(length) {.kind = GNOMON_BOUNDED, .direction = GNOMON_RANGE_OUT, .other = length}
#define VECTOR(where, count) {.kind = GNOMON_VECTOR, .direction = GNOMON_RANGE_##where, .other = count}
#define MESSAGE(where) {.kind = GNOMON_MESSAGE, .direction = GNOMON_RANGE_##where}
#define MESSAGES(where, count) {.kind = GNOMON_MESSAGES, .direction = GNOMON_RANGE_##where, .other = count}
#define BITMAP {.kind = GNOMON_BITMAP, .direction = GNOMON_RANGE_INOUT, .other = 0}
#define CONTROL(which) {.kind = which, .direction = GNOMON_RANGE_INOUT, .other = 1}
#define MASK_PAIR {.kind = GNOMON_SIGNAL_SET, .direction = GNOMON_RANGE_IN}

#define ARGUMENTS(...) .arguments = {__VA_ARGS__}
#define FORWARDED(...) {.disposition = GNOMON_FORWARD, ARGUMENTS(__VA_ARGS__)}
#define NATIVELY {.disposition = GNOMON_NATIVE}
#define DESCRIPTOR(...) {.disposition = GNOMON_BY_DESCRIPTOR, .first = 0, ARGUMENTS(__VA_ARGS__)}
#define DESCRIPTORS(one, other, ...) \
    {.disposition = GNOMON_BY_EITHER_DESCRIPTOR, .first = one, .second = other, ARGUMENTS(__VA_ARGS__)}
#define PATH(...) {.disposition = GNOMON_PATH, .first = 0, .second = GNOMON_NO_ARGUMENT, ARGUMENTS(__VA_ARGS__)}
#define PATH_AT(...) {.disposition = GNOMON_PATH, .first = 1, .second = 0, ARGUMENTS(__VA_ARGS__)}
#define TWO_PATHS(one, other, at, ...) \
    {.disposition = GNOMON_TWO_PATHS, .first = one, .second = other, .directories = at, ARGUMENTS(__VA_ARGS__)}

/* Sizes of the kernel's structures (include/uapi). */
#define STAT 144
#define STATX 256
#define STATFS 120
#define TIMESPEC 16
#define TIMEVAL 16
#define ITIMERSPEC 32
#define ITIMERVAL 32
#define RLIMIT 16
#define RUSAGE 144
#define SIGINFO 128
#define SIGACTION 32
#define SIGSET 8
#define STACK 24
#define UTSNAME 390
#define SYSINFO 112
#define POLLFD 8
#define EPOLL_EVENT 12
#define TMS 32
#define TIMEX 208
#define SCHED_PARAMETER 4

static const struct gnomon_signature signatures[] = {
    /* Files and descriptors. */
    [__NR_read] = DESCRIPTOR(V, COUNTED(OUT, 1, 2)),
    [__NR_write] = DESCRIPTOR(V, COUNTED(IN, 1, 2)),
    [__NR_pread64] = DESCRIPTOR(V, COUNTED(OUT, 1, 2)),
    [__NR_pwrite64] = DESCRIPTOR(V, COUNTED(IN, 1, 2)),
    [__NR_readv] = DESCRIPTOR(V, VECTOR(OUT, 2)),
    [__NR_writev] = DESCRIPTOR(V, VECTOR(IN, 2)),
    [__NR_preadv] = DESCRIPTOR(V, VECTOR(OUT, 2)),
    [__NR_pwritev] = DESCRIPTOR(V, VECTOR(IN, 2)),
    [__NR_preadv2] = DESCRIPTOR(V, VECTOR(OUT, 2)),
    [__NR_pwritev2] = DESCRIPTOR(V, VECTOR(IN, 2)),
    [__NR_close] = DESCRIPTOR(V),
    [__NR_close_range] = {.disposition = GNOMON_RANGE_OF_DESCRIPTORS, .first = 0, .second = 1},
    [__NR_lseek] = DESCRIPTOR(V),
    [__NR_fstat] = {.disposition = GNOMON_BY_DESCRIPTOR, .afterwards = GNOMON_STAT_TIMES, .buffer = 1, ARGUMENTS(V, OUT(STAT))},
    [__NR_fstatfs] = DESCRIPTOR(V, OUT(STATFS)),
    [__NR_ftruncate] = DESCRIPTOR(V),
    [__NR_fsync] = DESCRIPTOR(V),
    [__NR_fdatasync] = DESCRIPTOR(V),
    [__NR_syncfs] = DESCRIPTOR(V),
    [__NR_sync_file_range] = DESCRIPTOR(V),
    [__NR_sync] = NATIVELY,
    [__NR_fallocate] = DESCRIPTOR(V),
    [__NR_fadvise64] = DESCRIPTOR(V),
    [__NR_readahead] = DESCRIPTOR(V),
    [__NR_flock] = DESCRIPTOR(V),
    [__NR_getdents] = DESCRIPTOR(V),
    [__NR_getdents64] = DESCRIPTOR(V, COUNTED(OUT, 1, 2)),
    [__NR_fchmod] = DESCRIPTOR(V),
    [__NR_fchown] = DESCRIPTOR(V),
    [__NR_fsetxattr] = DESCRIPTOR(V, STR),
    [__NR_fgetxattr] = DESCRIPTOR(V, STR),
    [__NR_flistxattr] = DESCRIPTOR(V),
    [__NR_fremovexattr] = DESCRIPTOR(V, STR),
    [__NR_ioctl] = DESCRIPTOR(V, V, CONTROL(GNOMON_IO_CONTROL)),
    [__NR_fcntl] = DESCRIPTOR(V, V, CONTROL(GNOMON_FILE_CONTROL)),
    [__NR_dup] = DESCRIPTOR(V),
    [__NR_dup2] = DESCRIPTORS(0, 1, V),
    [__NR_dup3] = DESCRIPTORS(0, 1, V),
    [__NR_sendfile] = DESCRIPTORS(0, 1, V, V, IO(8)),
    [__NR_splice] = DESCRIPTORS(0, 2, V, IO(8), V, IO(8)),
    [__NR_tee] = DESCRIPTORS(0, 1, V),
    [__NR_copy_file_range] = DESCRIPTORS(0, 2, V, IO(8), V, IO(8)),
    [__NR_vmsplice] = DESCRIPTOR(V, VECTOR(IN, 2)),
    [__NR_memfd_create] = NATIVELY,
    [__NR_umask] = NATIVELY,
    [__NR_getcwd] = NATIVELY,
    [451] = DESCRIPTOR(V), /* cachestat, younger than some headers */

    /* Paths. */
    [__NR_open] = PATH(STR),
    [__NR_creat] = PATH(STR),
    [__NR_stat] = {.disposition = GNOMON_PATH, .first = 0, .second = GNOMON_NO_ARGUMENT, .afterwards = GNOMON_STAT_TIMES,
                   .buffer = 1, ARGUMENTS(STR, OUT(STAT))},
    [__NR_lstat] = {.disposition = GNOMON_PATH, .first = 0, .second = GNOMON_NO_ARGUMENT, .afterwards = GNOMON_STAT_TIMES,
                    .buffer = 1, ARGUMENTS(STR, OUT(STAT))},
    [__NR_access] = PATH(STR),
    [__NR_readlink] = PATH(STR, COUNTED(OUT, 1, 2)),
    [__NR_truncate] = PATH(STR),
    [__NR_mkdir] = PATH(STR),
    [__NR_rmdir] = PATH(STR),
    [__NR_unlink] = PATH(STR),
    [__NR_chmod] = PATH(STR),
    [__NR_chown] = PATH(STR),
    [__NR_lchown] = PATH(STR),
    [__NR_mknod] = PATH(STR),
    [__NR_statfs] = PATH(STR, OUT(STATFS)),
    [__NR_utime] = PATH(STR, IN(16)),
    [__NR_utimes] = PATH(STR, IN(32)),
    [__NR_setxattr] = PATH(STR, STR),
    [__NR_lsetxattr] = PATH(STR, STR),
    [__NR_getxattr] = PATH(STR, STR),
    [__NR_lgetxattr] = PATH(STR, STR),
    [__NR_listxattr] = PATH(STR),
    [__NR_llistxattr] = PATH(STR),
    [__NR_removexattr] = PATH(STR, STR),
    [__NR_lremovexattr] = PATH(STR, STR),
    [__NR_symlink] = {.disposition = GNOMON_PATH, .first = 1, .second = GNOMON_NO_ARGUMENT, ARGUMENTS(STR, STR)},
    [__NR_rename] = TWO_PATHS(0, 1, 0, STR, STR),
    [__NR_link] = TWO_PATHS(0, 1, 0, STR, STR),
    [__NR_openat] = PATH_AT(V, STR),
    [__NR_openat2] = PATH_AT(V, STR, COUNTED(IN, 1, 3)),
    [__NR_newfstatat] = {.disposition = GNOMON_PATH, .first = 1, .second = 0, .afterwards = GNOMON_STAT_TIMES, .buffer = 2,
                         ARGUMENTS(V, STR, OUT(STAT))},
    [__NR_statx] = {.disposition = GNOMON_PATH, .first = 1, .second = 0, .afterwards = GNOMON_STATX_TIMES, .buffer = 4,
                    ARGUMENTS(V, STR, V, V, OUT(STATX))},
    [__NR_faccessat] = PATH_AT(V, STR),
    [__NR_faccessat2] = PATH_AT(V, STR),
    [__NR_readlinkat] = PATH_AT(V, STR, COUNTED(OUT, 1, 3)),
    [__NR_mkdirat] = PATH_AT(V, STR),
    [__NR_mknodat] = PATH_AT(V, STR),
    [__NR_unlinkat] = PATH_AT(V, STR),
    [__NR_fchmodat] = PATH_AT(V, STR),
    [452] = PATH_AT(V, STR), /* fchmodat2 */
    [__NR_fchownat] = PATH_AT(V, STR),
    [__NR_futimesat] = PATH_AT(V, STR, IN(32)),
    [__NR_utimensat] = PATH_AT(V, STR, IN(32)),
    [__NR_symlinkat] = {.disposition = GNOMON_PATH, .first = 2, .second = 1, ARGUMENTS(STR, V, STR)},
    [__NR_renameat] = TWO_PATHS(1, 3, 1, V, STR, V, STR),
    [__NR_renameat2] = TWO_PATHS(1, 3, 1, V, STR, V, STR),
    [__NR_linkat] = TWO_PATHS(1, 3, 1, V, STR, V, STR),
    [__NR_chdir] = FORWARDED(STR),
    [__NR_chroot] = FORWARDED(STR),

    /* Memory. */
    [__NR_mmap] = {.disposition = GNOMON_MAP},
    [__NR_munmap] = NATIVELY,
    [__NR_mprotect] = NATIVELY,
    [__NR_mremap] = NATIVELY,
    [__NR_brk] = NATIVELY,
    [__NR_msync] = NATIVELY,
    [__NR_mincore] = NATIVELY,
    [__NR_madvise] = NATIVELY,
    [__NR_mlock] = NATIVELY,
    [__NR_mlock2] = NATIVELY,
    [__NR_munlock] = NATIVELY,
    [__NR_mlockall] = NATIVELY,
    [__NR_munlockall] = NATIVELY,
    [__NR_remap_file_pages] = NATIVELY,
    [__NR_pkey_mprotect] = NATIVELY,
    [__NR_pkey_alloc] = NATIVELY,
    [__NR_pkey_free] = NATIVELY,
    [__NR_membarrier] = NATIVELY,
    [462] = NATIVELY, /* mseal */
    [__NR_arch_prctl] = {.disposition = GNOMON_THREAD_POINTER},
    [__NR_set_robust_list] = NATIVELY,
    [__NR_get_robust_list] = NATIVELY,
    [__NR_rseq] = {.disposition = GNOMON_REFUSED},

    /* Pipes, sockets, readiness. */
    [__NR_pipe] = FORWARDED(OUT(8)),
    [__NR_pipe2] = FORWARDED(OUT(8)),
    [__NR_socketpair] = FORWARDED(V, V, V, OUT(8)),
    [__NR_connect] = FORWARDED(V, COUNTED(IN, 1, 2)),
    [__NR_bind] = FORWARDED(V, COUNTED(IN, 1, 2)),
    [__NR_accept] = FORWARDED(V, BOUNDED(2), IO(4)),
    [__NR_accept4] = FORWARDED(V, BOUNDED(2), IO(4)),
    [__NR_getsockname] = FORWARDED(V, BOUNDED(2), IO(4)),
    [__NR_getpeername] = FORWARDED(V, BOUNDED(2), IO(4)),
    [__NR_sendto] = FORWARDED(V, COUNTED(IN, 1, 2), V, V, COUNTED(IN, 1, 5)),
    [__NR_recvfrom] = FORWARDED(V, COUNTED(OUT, 1, 2), V, V, BOUNDED(5), IO(4)),
    [__NR_sendmsg] = FORWARDED(V, MESSAGE(IN)),
    [__NR_recvmsg] = FORWARDED(V, MESSAGE(OUT)),
    [__NR_sendmmsg] = FORWARDED(V, MESSAGES(IN, 2)),
    [__NR_recvmmsg] = FORWARDED(V, MESSAGES(OUT, 2), V, V, IO(TIMESPEC)),
    [__NR_setsockopt] = FORWARDED(V, V, V, COUNTED(IN, 1, 4)),
    [__NR_getsockopt] = FORWARDED(V, V, V, BOUNDED(4), IO(4)),
    [__NR_poll] = FORWARDED(COUNTED(INOUT, POLLFD, 1)),
    [__NR_ppoll] = FORWARDED(COUNTED(INOUT, POLLFD, 1), V, IO(TIMESPEC), IN(SIGSET)),
    [__NR_select] = FORWARDED(V, BITMAP, BITMAP, BITMAP, IO(TIMEVAL)),
    [__NR_pselect6] = FORWARDED(V, BITMAP, BITMAP, BITMAP, IO(TIMESPEC), MASK_PAIR),
    [__NR_epoll_ctl] = FORWARDED(V, V, V, IN(EPOLL_EVENT)),
    [__NR_epoll_wait] = FORWARDED(V, COUNTED(OUT, EPOLL_EVENT, 2)),
    [__NR_epoll_pwait] = FORWARDED(V, COUNTED(OUT, EPOLL_EVENT, 2), V, V, IN(SIGSET)),
    [__NR_epoll_pwait2] = FORWARDED(V, COUNTED(OUT, EPOLL_EVENT, 2), V, IN(TIMESPEC), IN(SIGSET)),
    [__NR_signalfd] = FORWARDED(V, IN(SIGSET)),
    [__NR_signalfd4] = FORWARDED(V, IN(SIGSET)),
    [__NR_timerfd_settime] = FORWARDED(V, V, IN(ITIMERSPEC), OUT(ITIMERSPEC)),
    [__NR_timerfd_gettime] = FORWARDED(V, OUT(ITIMERSPEC)),

    /* Time. */
    [__NR_clock_gettime] = {.disposition = GNOMON_LOCAL, ARGUMENTS(V, OUT(TIMESPEC))},
    [__NR_gettimeofday] = {.disposition = GNOMON_LOCAL, ARGUMENTS(OUT(TIMEVAL), OUT(8))},
    [__NR_time] = {.disposition = GNOMON_LOCAL, ARGUMENTS(OUT(8))},
    [__NR_getcpu] = {.disposition = GNOMON_LOCAL, ARGUMENTS(OUT(4), OUT(4))},
    [__NR_clock_getres] = FORWARDED(V, OUT(TIMESPEC)),
    [__NR_clock_settime] = FORWARDED(V, IN(TIMESPEC)),
    [__NR_settimeofday] = FORWARDED(IN(TIMEVAL), IN(8)),
    [__NR_adjtimex] = FORWARDED(IO(TIMEX)),
    [__NR_clock_adjtime] = FORWARDED(V, IO(TIMEX)),
    [__NR_nanosleep] = FORWARDED(IN(TIMESPEC), OUT(TIMESPEC)),
    [__NR_clock_nanosleep] = FORWARDED(V, V, IN(TIMESPEC), OUT(TIMESPEC)),
    [__NR_getitimer] = FORWARDED(V, OUT(ITIMERVAL)),
    [__NR_setitimer] = FORWARDED(V, IN(ITIMERVAL), OUT(ITIMERVAL)),
    [__NR_timer_create] = FORWARDED(V, IN(64), OUT(4)),
    [__NR_timer_settime] = FORWARDED(V, V, IN(ITIMERSPEC), OUT(ITIMERSPEC)),
    [__NR_timer_gettime] = FORWARDED(V, OUT(ITIMERSPEC)),
    [__NR_times] = FORWARDED(OUT(TMS)),
    [__NR_getrusage] = FORWARDED(V, OUT(RUSAGE)),

    /* Threads, processes, signals. */
    [__NR_futex] = FORWARDED(IO(4), V, V, IN(TIMESPEC), IO(4)),
    [__NR_clone3] = FORWARDED(COUNTED(IN, 1, 1)),
    [__NR_execve] = FORWARDED(STR),
    [__NR_execveat] = FORWARDED(V, STR),
    [__NR_wait4] = FORWARDED(V, OUT(4), V, OUT(RUSAGE)),
    [__NR_waitid] = FORWARDED(V, V, OUT(SIGINFO), V, OUT(RUSAGE)),
    [__NR_rt_sigaction] = FORWARDED(V, IN(SIGACTION), OUT(SIGACTION)),
    [__NR_rt_sigprocmask] = FORWARDED(V, IN(SIGSET), OUT(SIGSET)),
    [__NR_rt_sigpending] = FORWARDED(OUT(SIGSET)),
    [__NR_rt_sigsuspend] = FORWARDED(IN(SIGSET)),
    [__NR_rt_sigtimedwait] = FORWARDED(IN(SIGSET), OUT(SIGINFO), IN(TIMESPEC)),
    [__NR_rt_sigqueueinfo] = FORWARDED(V, V, IN(SIGINFO)),
    [__NR_rt_tgsigqueueinfo] = FORWARDED(V, V, V, IN(SIGINFO)),
    [__NR_sigaltstack] = FORWARDED(IN(STACK), OUT(STACK)),
    [__NR_sched_getaffinity] = FORWARDED(V, V, COUNTED(OUT, 1, 1)),
    [__NR_sched_setaffinity] = FORWARDED(V, V, COUNTED(IN, 1, 1)),
    [__NR_sched_getparam] = FORWARDED(V, OUT(SCHED_PARAMETER)),
    [__NR_sched_setparam] = FORWARDED(V, IN(SCHED_PARAMETER)),
    [__NR_sched_setscheduler] = FORWARDED(V, V, IN(SCHED_PARAMETER)),
    [__NR_sched_rr_get_interval] = FORWARDED(V, OUT(TIMESPEC)),
    [__NR_getrlimit] = FORWARDED(V, OUT(RLIMIT)),
    [__NR_setrlimit] = FORWARDED(V, IN(RLIMIT)),
    [__NR_prlimit64] = FORWARDED(V, V, IN(RLIMIT), OUT(RLIMIT)),
    [__NR_getrandom] = FORWARDED(COUNTED(OUT, 1, 1)),
    [__NR_uname] = FORWARDED(OUT(UTSNAME)),
    [__NR_sysinfo] = FORWARDED(OUT(SYSINFO)),
    [__NR_sethostname] = FORWARDED(COUNTED(IN, 1, 1)),
    [__NR_setdomainname] = FORWARDED(COUNTED(IN, 1, 1)),
    [__NR_getgroups] = FORWARDED(V, COUNTED(OUT, 4, 0)),
    [__NR_setgroups] = FORWARDED(V, COUNTED(IN, 4, 0)),
    [__NR_getresuid] = FORWARDED(OUT(4), OUT(4), OUT(4)),
    [__NR_getresgid] = FORWARDED(OUT(4), OUT(4), OUT(4)),
    [__NR_capget] = FORWARDED(IO(8), OUT(24)),
    [__NR_capset] = FORWARDED(IN(8), IN(24)),
};

static const struct gnomon_signature unknown = {.disposition = GNOMON_FORWARD};

const struct gnomon_signature *gnomon_signature_of(int32_t number) {
    if (number < 0 || (size_t)number >= sizeof(signatures) / sizeof(signatures[0])) {
        return &unknown;
    }
    return &signatures[number];
}
