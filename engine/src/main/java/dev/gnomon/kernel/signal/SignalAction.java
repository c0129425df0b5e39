package dev.gnomon.kernel.signal;

import java.nio.ByteBuffer;

/**
 * What a process does on a signal. Source: {@code struct sigaction} of {@code rt_sigaction(2)}.
 *
 * @param handler SIG_DFL (0), SIG_IGN (1) or an address in the guest
 * @param mask signals blocked while the handler runs
 */
public record SignalAction(long handler, long flags, long restorer, long mask) {
    public static final long SIG_DFL = 0;
    public static final long SIG_IGN = 1;
    public static final long SA_NOCLDSTOP = 1;
    public static final long SA_NOCLDWAIT = 2;
    public static final long SA_SIGINFO = 4;
    public static final long SA_ONSTACK = 0x0800_0000L;
    public static final long SA_RESTART = 0x1000_0000L;
    public static final long SA_NODEFER = 0x4000_0000L;
    public static final long SA_RESETHAND = 0x8000_0000L;

    /** The size of {@code struct sigaction}, as the kernel knows it. */
    public static final int BYTES = 32;

    public static final SignalAction DEFAULT = new SignalAction(SIG_DFL, 0, 0, 0);

    /** Reads a {@code struct sigaction} from the start of {@code bytes}, which are little-endian. */
    public static SignalAction of(ByteBuffer bytes) {
        return new SignalAction(
                bytes.getLong(0), bytes.getLong(8), bytes.getLong(16), bytes.getLong(24) & ~Signal.UNBLOCKABLE);
    }

    public boolean isDefault() {
        return handler == SIG_DFL;
    }

    public boolean isIgnore() {
        return handler == SIG_IGN;
    }

    /** Whether a signal with this action vanishes when it is sent. */
    public boolean discards(int signal) {
        return isIgnore() || (isDefault() && Signal.isIgnoredByDefault(signal));
    }
}
