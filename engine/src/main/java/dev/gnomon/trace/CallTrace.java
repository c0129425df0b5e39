package dev.gnomon.trace;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.network.Errno;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One process's system calls, a line a call, written when the call has returned: virtual time, thread, call, result.
 * In the deterministic mode nothing is written that may differ between two runs: addresses.
 */
public final class CallTrace {
    /** What {@code experimental.strace_logging_mode} says. */
    public enum Mode {
        OFF,
        STANDARD,
        DETERMINISTIC
    }

    /** The call's arguments. */
    @FunctionalInterface
    public interface Arguments {
        long argument(int index);
    }

    private static final int FLUSH_AT = 1 << 15;
    private static final int STRING_LIMIT = 4096;
    private static final int SHOWN_BYTES = 64;

    private final Path path;
    private final Mode mode;
    private final OutputStream output;
    private final StringBuilder pending = new StringBuilder(FLUSH_AT + 1024);
    private boolean closed;

    private CallTrace(Path path, Mode mode) throws IOException {
        this.path = path;
        this.mode = mode;
        this.output = Files.newOutputStream(path);
    }

    /** @throws UncheckedIOException where the file cannot be written */
    public static CallTrace open(Path path, Mode mode) {
        try {
            return new CallTrace(path, mode);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trace " + path, e);
        }
    }

    /** A trace of the same kind for another process of the host. */
    public CallTrace forProcess(String program, int processId) {
        return open(path.resolveSibling(program + "." + processId + ".strace"), mode);
    }

    /** Writes a line. {@code result} is what the program sees. */
    public void record(long nowNanos, int threadId, String call, Arguments arguments, GuestMemory memory, long result) {
        appendTime(nowNanos);
        pending.append(" [tid ").append(threadId).append("] ").append(call).append('(');
        String signature = CallSignatures.of(call);
        for (int i = 0; i < signature.length(); i++) {
            if (i > 0) {
                pending.append(", ");
            }
            appendArgument(signature.charAt(i), arguments, i, memory, result);
        }
        pending.append(") = ");
        appendResult(signature, call, result);
        endLine();
    }

    /** Writes a line for something that is not a call: a signal's delivery, an end. */
    public void note(long nowNanos, int threadId, String text) {
        appendTime(nowNanos);
        pending.append(" [tid ").append(threadId).append("] --- ").append(text).append(" ---");
        endLine();
    }

    private void endLine() {
        pending.append('\n');
        if (pending.length() >= FLUSH_AT) {
            flush();
        }
    }

    private void appendTime(long nowNanos) {
        long seconds = nowNanos / 1_000_000_000L;
        appendPadded(seconds / 3600, 2);
        pending.append(':');
        appendPadded(seconds / 60 % 60, 2);
        pending.append(':');
        appendPadded(seconds % 60, 2);
        pending.append('.');
        appendPadded(nowNanos % 1_000_000_000L, 9);
    }

    private void appendPadded(long value, int width) {
        String digits = Long.toString(value);
        for (int i = digits.length(); i < width; i++) {
            pending.append('0');
        }
        pending.append(digits);
    }

    private void appendArgument(char kind, Arguments arguments, int index, GuestMemory memory, long result) {
        long value = arguments.argument(index);
        switch (kind) {
            case CallSignatures.INTEGER -> pending.append((int) value);
            case CallSignatures.LONG -> pending.append(value);
            case CallSignatures.HEXADECIMAL -> pending.append("0x").append(Integer.toHexString((int) value));
            case CallSignatures.OCTAL -> pending.append('0').append(Integer.toOctalString((int) value));
            case CallSignatures.STRING -> appendString(memory, value);
            case CallSignatures.INPUT -> appendBytes(memory, value, arguments.argument(index + 1));
            case CallSignatures.OUTPUT -> appendBytes(memory, value, result);
            default -> appendPointer(value);
        }
    }

    private void appendPointer(long value) {
        if (value == 0) {
            pending.append("NULL");
        } else if (mode == Mode.DETERMINISTIC) {
            pending.append("<pointer>");
        } else {
            pending.append("0x").append(Long.toHexString(value));
        }
    }

    private void appendString(GuestMemory memory, long address) {
        byte[] bytes = address == 0 ? null : memory.readString(address, STRING_LIMIT);
        if (bytes == null) {
            appendPointer(address);
        } else {
            appendQuoted(bytes, bytes.length);
        }
    }

    private void appendBytes(GuestMemory memory, long address, long length) {
        int shown = (int) Math.max(0, Math.min(length, SHOWN_BYTES));
        byte[] bytes = new byte[shown];
        if (length < 0 || address == 0 || !memory.read(address, bytes, 0, shown)) {
            appendPointer(address);
            return;
        }
        appendQuoted(bytes, shown);
        if (length > shown) {
            pending.append("...");
        }
    }

    private void appendQuoted(byte[] bytes, int length) {
        pending.append('"');
        for (int i = 0; i < length; i++) {
            int value = bytes[i] & 0xff;
            switch (value) {
                case '\n' -> pending.append("\\n");
                case '\r' -> pending.append("\\r");
                case '\t' -> pending.append("\\t");
                case '"' -> pending.append("\\\"");
                case '\\' -> pending.append("\\\\");
                default -> {
                    if (value >= 0x20 && value < 0x7f) {
                        pending.append((char) value);
                    } else {
                        pending.append("\\x");
                        pending.append(Character.forDigit(value >> 4, 16));
                        pending.append(Character.forDigit(value & 15, 16));
                    }
                }
            }
        }
        pending.append('"');
    }

    private void appendResult(String signature, String call, long result) {
        if (result < 0 && result > -4096) {
            pending.append("-1 ").append(Errno.name((int) -result));
        } else if (CallSignatures.returnsAddress(call)) {
            appendPointer(result);
        } else {
            pending.append(result);
        }
    }

    private void flush() {
        if (pending.length() == 0) {
            return;
        }
        try {
            output.write(pending.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trace " + path, e);
        } finally {
            pending.setLength(0);
        }
    }

    /** Writes what is left and closes the file. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        flush();
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trace " + path, e);
        }
    }
}
