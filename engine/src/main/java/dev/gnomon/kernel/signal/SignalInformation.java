package dev.gnomon.kernel.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One instance of a signal. Source: {@code siginfo_t}, {@code include/uapi/asm-generic/siginfo.h}.
 *
 * @param bytes the 128 bytes that a handler sees
 */
public record SignalInformation(int signal, byte[] bytes) {
    public static final int BYTES = 128;
    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TIMER = -2;
    public static final int SI_TKILL = -6;
    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;
    public static final int CLD_STOPPED = 5;
    public static final int CLD_CONTINUED = 6;

    private static ByteBuffer start(int signal, int code) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(0, signal).putInt(8, code);
        return buffer;
    }

    /** A signal that the kernel itself raised. */
    public static SignalInformation ofKernel(int signal) {
        return new SignalInformation(signal, start(signal, SI_KERNEL).array());
    }

    /** A signal that a process sent. {@code code} is SI_USER or SI_TKILL. */
    public static SignalInformation ofSender(int signal, int code, int senderPid, int senderUid) {
        ByteBuffer buffer = start(signal, code);
        buffer.putInt(16, senderPid).putInt(20, senderUid);
        return new SignalInformation(signal, buffer.array());
    }

    /** SIGCHLD. {@code status} is the exit status or the signal. */
    public static SignalInformation ofChild(int code, int childPid, int childUid, int status) {
        ByteBuffer buffer = start(Signal.CHLD, code);
        buffer.putInt(16, childPid).putInt(20, childUid).putInt(24, status);
        return new SignalInformation(Signal.CHLD, buffer.array());
    }

    /** A POSIX timer's expiry. */
    public static SignalInformation ofTimer(int signal, int timerId, int overruns, long value) {
        ByteBuffer buffer = start(signal, SI_TIMER);
        buffer.putInt(16, timerId).putInt(20, overruns).putLong(24, value);
        return new SignalInformation(signal, buffer.array());
    }

    public int code() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    }
}
