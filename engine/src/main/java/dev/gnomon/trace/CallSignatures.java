package dev.gnomon.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How the arguments of each call are written in a trace: a letter an argument. */
final class CallSignatures {
    static final char INTEGER = 'd';
    static final char LONG = 'l';
    static final char HEXADECIMAL = 'x';
    static final char OCTAL = 'o';
    static final char STRING = 's';
    static final char POINTER = 'p';
    /** Bytes to the kernel; the next argument is their number. */
    static final char INPUT = 'i';
    /** Bytes from the kernel; the result is their number. */
    static final char OUTPUT = 'r';

    private static final String UNKNOWN = "pppppp";
    private static final Set<String> RETURN_ADDRESSES = Set.of("mmap", "brk", "mremap", "shmat");
    private static final Map<String, String> SIGNATURES = new HashMap<>();

    private static final String[] ROWS = {
        "read drl",
        "write dil",
        "open sxo",
        "openat dsxo",
        "close d",
        "stat sp",
        "fstat dp",
        "lstat sp",
        "newfstatat dspx",
        "statx dsxxp",
        "poll pdd",
        "ppoll pdppd",
        "lseek dld",
        "mmap plxxdl",
        "mprotect plx",
        "munmap pl",
        "brk p",
        "mremap pllxp",
        "madvise pld",
        "rt_sigaction dppl",
        "rt_sigprocmask dppl",
        "rt_sigreturn ",
        "rt_sigsuspend pl",
        "rt_sigtimedwait pppl",
        "rt_sigpending pl",
        "sigaltstack pp",
        "ioctl dxp",
        "pread64 drll",
        "pwrite64 dill",
        "readv dpd",
        "writev dpd",
        "access so",
        "faccessat dso",
        "faccessat2 dsox",
        "pipe p",
        "pipe2 px",
        "select dpppp",
        "pselect6 dppppp",
        "sched_yield ",
        "dup d",
        "dup2 dd",
        "dup3 ddx",
        "nanosleep pp",
        "clock_nanosleep ddpp",
        "alarm d",
        "setitimer dpp",
        "getitimer dp",
        "getpid ",
        "getppid ",
        "gettid ",
        "sendfile ddpl",
        "socket ddd",
        "connect dpd",
        "accept dpp",
        "accept4 dppx",
        "sendto dilxpd",
        "recvfrom drlxpp",
        "sendmsg dpx",
        "recvmsg dpx",
        "sendmmsg dpdx",
        "recvmmsg dpdxp",
        "shutdown dd",
        "bind dpd",
        "listen dd",
        "getsockname dpp",
        "getpeername dpp",
        "socketpair dddp",
        "setsockopt dddpd",
        "getsockopt dddpp",
        "clone xpppp",
        "clone3 pl",
        "fork ",
        "vfork ",
        "execve spp",
        "execveat dsppx",
        "exit d",
        "exit_group d",
        "wait4 dpxp",
        "waitid ddpxp",
        "kill dd",
        "tkill dd",
        "tgkill ddd",
        "uname p",
        "fcntl ddp",
        "flock dd",
        "fsync d",
        "fdatasync d",
        "truncate sl",
        "ftruncate dl",
        "getcwd pl",
        "chdir s",
        "fchdir d",
        "rename ss",
        "renameat dsds",
        "renameat2 dsdsx",
        "mkdir so",
        "mkdirat dso",
        "rmdir s",
        "creat so",
        "link ss",
        "unlink s",
        "unlinkat dsx",
        "symlink ss",
        "readlink spl",
        "readlinkat dspl",
        "chmod so",
        "fchmod do",
        "fchmodat dso",
        "chown sdd",
        "fchown ddd",
        "umask o",
        "gettimeofday pp",
        "time p",
        "clock_gettime dp",
        "clock_getres dp",
        "getrusage dp",
        "sysinfo p",
        "times p",
        "getuid ",
        "geteuid ",
        "getgid ",
        "getegid ",
        "setuid d",
        "setgid d",
        "setpgid dd",
        "getpgid d",
        "getpgrp ",
        "setsid ",
        "getsid d",
        "prctl dpppp",
        "arch_prctl xp",
        "futex pdxppx",
        "set_tid_address p",
        "set_robust_list pl",
        "rseq plxx",
        "prlimit64 ddpp",
        "getrandom plx",
        "epoll_create d",
        "epoll_create1 x",
        "epoll_ctl dddp",
        "epoll_wait dpdd",
        "epoll_pwait dpddpl",
        "epoll_pwait2 dpdppl",
        "eventfd d",
        "eventfd2 dx",
        "timerfd_create dx",
        "timerfd_settime dxpp",
        "timerfd_gettime dp",
        "signalfd dpl",
        "signalfd4 dplx",
        "close_range ddx",
        "sched_getaffinity dlp",
        "sched_setaffinity dlp",
        "getdents64 dpl",
        "memfd_create sx",
        "splice dpdplx",
        "tee ddlx",
        "copy_file_range dpdplx",
        "getcpu pp",
    };

    static {
        for (String row : ROWS) {
            int space = row.indexOf(' ');
            SIGNATURES.put(row.substring(0, space), row.substring(space + 1));
        }
    }

    private CallSignatures() {}

    static String of(String call) {
        return SIGNATURES.getOrDefault(call, UNKNOWN);
    }

    static boolean returnsAddress(String call) {
        return RETURN_ADDRESSES.contains(call);
    }
}
