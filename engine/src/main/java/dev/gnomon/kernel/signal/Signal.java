package dev.gnomon.kernel.signal;

/** Signal numbers of x86-64 and what they do by default. Source: {@code signal(7)}. */
public final class Signal {
    public static final int HUP = 1;
    public static final int INT = 2;
    public static final int QUIT = 3;
    public static final int ILL = 4;
    public static final int TRAP = 5;
    public static final int ABRT = 6;
    public static final int BUS = 7;
    public static final int FPE = 8;
    public static final int KILL = 9;
    public static final int USR1 = 10;
    public static final int SEGV = 11;
    public static final int USR2 = 12;
    public static final int PIPE = 13;
    public static final int ALRM = 14;
    public static final int TERM = 15;
    public static final int STKFLT = 16;
    public static final int CHLD = 17;
    public static final int CONT = 18;
    public static final int STOP = 19;
    public static final int TSTP = 20;
    public static final int TTIN = 21;
    public static final int TTOU = 22;
    public static final int URG = 23;
    public static final int XCPU = 24;
    public static final int XFSZ = 25;
    public static final int VTALRM = 26;
    public static final int PROF = 27;
    public static final int WINCH = 28;
    public static final int IO = 29;
    public static final int PWR = 30;
    public static final int SYS = 31;
    /** The first real-time signal. */
    public static final int RTMIN = 32;

    public static final int MAXIMUM = 64;

    /** Signals that can be neither blocked, ignored nor caught. */
    public static final long UNBLOCKABLE = bit(KILL) | bit(STOP);

    private static final long IGNORED_BY_DEFAULT = bit(CHLD) | bit(CONT) | bit(URG) | bit(WINCH);
    private static final long STOPPING_BY_DEFAULT = bit(STOP) | bit(TSTP) | bit(TTIN) | bit(TTOU);

    private static final String[] NAMES = {
        "0",
        "SIGHUP",
        "SIGINT",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGKILL",
        "SIGUSR1",
        "SIGSEGV",
        "SIGUSR2",
        "SIGPIPE",
        "SIGALRM",
        "SIGTERM",
        "SIGSTKFLT",
        "SIGCHLD",
        "SIGCONT",
        "SIGSTOP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGURG",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGVTALRM",
        "SIGPROF",
        "SIGWINCH",
        "SIGIO",
        "SIGPWR",
        "SIGSYS"
    };

    private Signal() {}

    public static boolean isValid(int signal) {
        return signal >= 1 && signal <= MAXIMUM;
    }

    /** The signal's bit in a mask: signal n is bit n-1. */
    public static long bit(int signal) {
        return 1L << (signal - 1);
    }

    public static boolean isIgnoredByDefault(int signal) {
        return (IGNORED_BY_DEFAULT & bit(signal)) != 0;
    }

    public static boolean isStoppingByDefault(int signal) {
        return (STOPPING_BY_DEFAULT & bit(signal)) != 0;
    }

    public static String name(int signal) {
        return signal >= 0 && signal < NAMES.length ? NAMES[signal] : "SIGRT_" + (signal - RTMIN);
    }
}
