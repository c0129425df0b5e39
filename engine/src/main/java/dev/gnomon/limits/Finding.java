package dev.gnomon.limits;

/**
 * One thing that was looked at.
 *
 * @param verdict whether it suffices
 * @param subject what it is, such as {@code kernel.pid_max}
 * @param found what there is
 * @param needed what the run needs; empty where it needs nothing of it
 * @param remedy the command that changes it; empty where nothing has to be changed or no command can
 */
public record Finding(Verdict verdict, String subject, String found, String needed, String remedy) {
    /** What comes of a limit. */
    public enum Verdict {
        /** Enough for the run. */
        SUFFICES,
        /** Not enough for the run. */
        LACKS,
        /** The run does not depend on it. */
        NOTED,
        /** The machine does not tell. */
        UNKNOWN
    }

    static Finding noted(String subject, String found) {
        return new Finding(Verdict.NOTED, subject, found, "", "");
    }

    static Finding unknown(String subject, String needed) {
        return new Finding(Verdict.UNKNOWN, subject, "cannot be read", needed, "");
    }

    /** @param remedy kept only where the verdict is that something lacks */
    static Finding of(boolean suffices, String subject, String found, String needed, String remedy) {
        return new Finding(suffices ? Verdict.SUFFICES : Verdict.LACKS, subject, found, needed, suffices ? "" : remedy);
    }

    /** Whether the run cannot do with what there is. */
    public boolean lacks() {
        return verdict == Verdict.LACKS;
    }
}
