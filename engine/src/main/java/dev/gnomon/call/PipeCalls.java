package dev.gnomon.call;

import dev.gnomon.kernel.pipe.Pipe;
import dev.gnomon.network.Errno;

/** {@code pipe(2)}. */
public final class PipeCalls {
    private static final int O_NONBLOCK = 04000;
    private static final int O_DIRECT = 040000;
    private static final int O_CLOEXEC = 02000000;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.PIPE, context -> pipe(context, 0));
        table.register(SystemCallNumber.PIPE2, context -> pipe(context, context.intArgument(1)));
    }

    private static long pipe(CallContext context, int flags) {
        if ((flags & ~(O_NONBLOCK | O_DIRECT | O_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        Pipe pipe = new Pipe(context.kernel(), flags & (O_NONBLOCK | O_DIRECT));
        return context.installPair(pipe.readEnd(), pipe.writeEnd(), (flags & O_CLOEXEC) != 0, context.argument(0));
    }
}
