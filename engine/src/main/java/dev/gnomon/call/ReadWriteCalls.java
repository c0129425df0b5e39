package dev.gnomon.call;

import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.network.Errno;

/**
 * Reading from and writing to emulated objects. A blocking write to something without message boundaries goes on until
 * everything is written; a signal in between makes it return what was.
 */
public final class ReadWriteCalls {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int RWF_HIPRI = 1;
    private static final int RWF_DSYNC = 2;
    private static final int RWF_SYNC = 4;
    private static final int RWF_NOWAIT = 8;
    private static final int RWF_APPEND = 16;
    private static final int RWF_SUPPORTED = RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.READ, ReadWriteCalls::read);
        table.register(SystemCallNumber.WRITE, ReadWriteCalls::write);
        table.register(SystemCallNumber.READV, context -> readVectors(context, 0));
        table.register(SystemCallNumber.WRITEV, context -> writeVectors(context, 0));
        table.register(SystemCallNumber.PREAD64, ReadWriteCalls::readAt);
        table.register(SystemCallNumber.PWRITE64, context -> writeAt(context, context.argument(3)));
        table.register(SystemCallNumber.PREADV, context -> readVectorsAt(context, context.argument(3)));
        table.register(SystemCallNumber.PWRITEV, context -> writeAt(context, context.argument(3)));
        table.register(SystemCallNumber.PREADV2, ReadWriteCalls::readVectorsWithFlags);
        table.register(SystemCallNumber.PWRITEV2, ReadWriteCalls::writeVectorsWithFlags);
    }

    static boolean isReadable(OpenFile file) {
        return (file.statusFlags() & OpenFile.O_ACCMODE) != O_WRONLY;
    }

    static boolean isWritable(OpenFile file) {
        return (file.statusFlags() & OpenFile.O_ACCMODE) != O_RDONLY;
    }

    // ---- reading

    private static long read(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        return read(context, file, context.buffer(context.argument(1), context.argument(2)), file.isNonBlocking());
    }

    private static long readVectors(CallContext context, int flags) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (!isReadable(file)) {
            return -Errno.EBADF;
        }
        int invalid = context.buffer().vectors(context.memory(), context.argument(1), context.argument(2));
        if (invalid != 0) {
            return invalid;
        }
        return read(context, file, context.buffer(), file.isNonBlocking() || (flags & RWF_NOWAIT) != 0);
    }

    static long read(CallContext context, OpenFile file, UserBuffer destination, boolean nonBlocking) {
        if (!isReadable(file)) {
            return -Errno.EBADF;
        }
        if (!nonBlocking && file instanceof Socket socket && socket.isStream() && socket.receiveLowWater() > 1) {
            return destination.remaining() == 0 ? 0 : MessageCalls.read(context, socket, destination);
        }
        long result = file.readFor(context.thread(), destination);
        return result == -Errno.EAGAIN && !nonBlocking ? Waiting.untilReadable(context, file) : result;
    }

    private static long readAt(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (context.argument(3) < 0) {
            return -Errno.EINVAL;
        }
        if (!isReadable(file)) {
            return -Errno.EBADF;
        }
        return file.readAt(context.buffer(context.argument(1), context.argument(2)), context.argument(3));
    }

    private static long readVectorsAt(CallContext context, long offset) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (offset < 0) {
            return -Errno.EINVAL;
        }
        if (!isReadable(file)) {
            return -Errno.EBADF;
        }
        int invalid = context.buffer().vectors(context.memory(), context.argument(1), context.argument(2));
        return invalid != 0 ? invalid : file.readAt(context.buffer(), offset);
    }

    private static long readVectorsWithFlags(CallContext context) {
        int flags = context.intArgument(5);
        if ((flags & ~RWF_SUPPORTED) != 0 && context.file(0) != null) {
            return -Errno.EOPNOTSUPP;
        }
        // An offset of -1 means the file's own.
        return context.argument(3) == -1 ? readVectors(context, flags) : readVectorsAt(context, context.argument(3));
    }

    // ---- writing

    private static long write(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        return write(context, file, context.buffer(context.argument(1), context.argument(2)), file.isNonBlocking());
    }

    private static long writeVectors(CallContext context, int flags) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (!isWritable(file)) {
            return -Errno.EBADF;
        }
        int invalid = context.buffer().vectors(context.memory(), context.argument(1), context.argument(2));
        if (invalid != 0) {
            return invalid;
        }
        return write(context, file, context.buffer(), file.isNonBlocking() || (flags & RWF_NOWAIT) != 0);
    }

    static long write(CallContext context, OpenFile file, UserBuffer source, boolean nonBlocking) {
        if (!isWritable(file)) {
            return -Errno.EBADF;
        }
        long done = Progress.bytesOf(context);
        source.skip(done);
        while (true) {
            long result = file.writeFor(context.thread(), source);
            if (result > 0) {
                done += result;
            }
            if (result >= 0 && (result == 0 || source.remaining() == 0 || nonBlocking || !file.isStream())) {
                return done;
            }
            if (result == -Errno.EAGAIN && !nonBlocking) {
                long blocked = Waiting.untilWritable(context, file);
                if (blocked == CallOutcome.BLOCKED) {
                    if (done > 0) {
                        Progress.of(context).bytes = done;
                    }
                    return blocked;
                }
                return done > 0 ? done : blocked;
            }
            if (result == -Errno.EPIPE && (done == 0 || dev.gnomon.kernel.pipe.Pipe.of(file) != null)) {
                Waiting.raisePipeSignal(context, file);
            }
            if (result < 0) {
                return done > 0 ? done : result;
            }
        }
    }

    /** No emulated object is written to at a position. */
    private static long writeAt(CallContext context, long offset) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        if (offset < 0) {
            return -Errno.EINVAL;
        }
        return isWritable(file) ? -Errno.ESPIPE : -Errno.EBADF;
    }

    private static long writeVectorsWithFlags(CallContext context) {
        int flags = context.intArgument(5);
        if ((flags & ~RWF_SUPPORTED) != 0 && context.file(0) != null) {
            return -Errno.EOPNOTSUPP;
        }
        return context.argument(3) == -1 ? writeVectors(context, flags) : writeAt(context, context.argument(3));
    }
}
