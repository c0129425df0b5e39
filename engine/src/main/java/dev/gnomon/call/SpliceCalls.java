package dev.gnomon.call;

import dev.gnomon.guest.GuestFile;
import dev.gnomon.kernel.ByteArrayMemory;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.pipe.Pipe;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.network.Errno;

/**
 * Calls that move bytes between two descriptors of which at least one is an emulated object: {@code sendfile(2)}, {@code
 * splice(2)}, {@code tee(2)}, {@code vmsplice(2)}, {@code copy_file_range(2)}. A file of the guest's own kernel is read and written
 * by the engine through a descriptor that shares the guest's offset.
 */
public final class SpliceCalls {
    private static final int CHUNK_BYTES = 65_536;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int SPLICE_F_ALL = 15;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.SENDFILE, SpliceCalls::sendFile);
        table.register(SystemCallNumber.SPLICE, SpliceCalls::splice);
        table.register(SystemCallNumber.TEE, SpliceCalls::tee);
        table.register(SystemCallNumber.VMSPLICE, SpliceCalls::vectorSplice);
        table.register(SystemCallNumber.COPY_FILE_RANGE, SpliceCalls::copyFileRange);
    }

    private static long openNative(CallContext context, int argumentIndex, GuestFile[] into) {
        return GuestFile.open(context.channel().machineProcessId(), context.intArgument(argumentIndex), into);
    }

    // ---- sendfile

    private static long sendFile(CallContext context) {
        OpenFile destination = context.file(0);
        OpenFile source = context.file(1);
        if (destination == null && source == null) {
            return CallOutcome.NATIVE;
        }
        long offsetAddress = context.argument(2);
        if (offsetAddress != 0 && !context.readLong(offsetAddress)) {
            return -Errno.EFAULT;
        }
        long offset = context.word();
        if (source != null) {
            if (!ReadWriteCalls.isReadable(source)) {
                return -Errno.EBADF;
            }
            // Only files with pages can be a source; objects are none.
            return offsetAddress != 0 && (Pipe.of(source) != null || source instanceof Socket)
                    ? -Errno.ESPIPE
                    : -Errno.EINVAL;
        }
        if (!ReadWriteCalls.isWritable(destination)) {
            return -Errno.EBADF;
        }
        if (offsetAddress != 0 && offset < 0) {
            return -Errno.EINVAL;
        }
        GuestFile[] opened = new GuestFile[1];
        long failure = openNative(context, 1, opened);
        if (failure != 0) {
            return failure;
        }
        try (GuestFile file = opened[0]) {
            return sendFile(context, destination, file, offsetAddress, offset);
        }
    }

    private static long sendFile(
            CallContext context, OpenFile destination, GuestFile file, long offsetAddress, long givenOffset) {
        Progress progress = Progress.of(context);
        if (!context.isRetry()) {
            progress.offset = offsetAddress != 0 ? givenOffset : file.position();
            if (progress.offset < 0) {
                return progress.offset;
            }
        }
        long count = Math.min(context.argument(3), UserBuffer.MAXIMUM_BYTES);
        if (context.argument(3) < 0) {
            return -Errno.EINVAL;
        }
        byte[] chunk = context.kernel().transferBytes();
        ByteArrayMemory memory = new ByteArrayMemory(chunk);
        long result = 0;
        while (progress.bytes < count) {
            int wanted = (int) Math.min(CHUNK_BYTES, count - progress.bytes);
            long read = file.readAt(chunk, wanted, progress.offset + progress.bytes);
            if (read <= 0) {
                result = read;
                break;
            }
            UserBuffer buffer = context.buffer().single(memory, 0, read);
            result = destination.writeFor(context.thread(), buffer);
            if (result > 0) {
                progress.bytes += result;
                continue;
            }
            if (result == -Errno.EAGAIN && !destination.isNonBlocking()) {
                result = Waiting.untilWritable(context, destination);
                if (result == CallOutcome.BLOCKED) {
                    return result;
                }
            }
            break;
        }
        if (result == -Errno.EPIPE && progress.bytes == 0) {
            Waiting.raisePipeSignal(context, destination);
        }
        long end = progress.offset + progress.bytes;
        if (offsetAddress == 0) {
            file.position(end);
        } else if (!context.memory().writeLong(offsetAddress, end)) {
            return -Errno.EFAULT;
        }
        return progress.bytes > 0 || result >= 0 ? progress.bytes : result;
    }

    // ---- splice

    private static long splice(CallContext context) {
        OpenFile source = context.file(0);
        OpenFile destination = context.file(2);
        if (source == null && destination == null) {
            return CallOutcome.NATIVE;
        }
        long length = context.argument(4);
        if (length == 0) {
            return 0;
        }
        int flags = context.intArgument(5);
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        if (source != null && !ReadWriteCalls.isReadable(source)
                || destination != null && !ReadWriteCalls.isWritable(destination)) {
            return -Errno.EBADF;
        }
        Pipe from = Pipe.of(source);
        Pipe to = Pipe.of(destination);
        long sourceOffset = context.argument(1);
        long destinationOffset = context.argument(3);
        if (from == null && to == null || from != null && from == to) {
            return -Errno.EINVAL;
        }
        if (from != null && sourceOffset != 0 || to != null && destinationOffset != 0) {
            return -Errno.ESPIPE;
        }
        if (source instanceof Socket && sourceOffset != 0 || destination instanceof Socket && destinationOffset != 0) {
            return -Errno.ESPIPE;
        }
        boolean nonBlocking = (flags & SPLICE_F_NONBLOCK) != 0;
        int limit = (int) Math.min(length < 0 ? CHUNK_BYTES : length, CHUNK_BYTES);
        return from != null
                ? spliceFromPipe(context, source, from, destination, limit, nonBlocking)
                : spliceToPipe(context, source, destination, to, limit, nonBlocking);
    }

    private static long spliceFromPipe(
            CallContext context, OpenFile source, Pipe from, OpenFile destination, int limit, boolean nonBlocking) {
        byte[] chunk = context.kernel().transferBytes();
        int available = from.peek(chunk, limit);
        if (available == 0) {
            if (source.readiness() != 0) {
                return 0;
            }
            return nonBlocking || source.isNonBlocking() ? -Errno.EAGAIN : Waiting.untilReadable(context, source);
        }
        long result;
        if (destination == null) {
            result = writeNative(context, chunk, available);
        } else {
            result = destination.writeFor(
                    context.thread(), context.buffer().single(new ByteArrayMemory(chunk), 0, available));
            if (result == -Errno.EAGAIN && !nonBlocking && !destination.isNonBlocking()) {
                return Waiting.untilWritable(context, destination);
            }
            if (result == -Errno.EPIPE) {
                Waiting.raisePipeSignal(context, destination);
            }
        }
        if (result > 0) {
            from.discard((int) result);
        }
        return result;
    }

    private static long writeNative(CallContext context, byte[] chunk, int count) {
        long address = context.argument(3);
        if (address != 0 && !context.readLong(address)) {
            return -Errno.EFAULT;
        }
        long offset = context.word();
        GuestFile[] opened = new GuestFile[1];
        long failure = openNative(context, 2, opened);
        if (failure != 0) {
            return failure;
        }
        try (GuestFile file = opened[0]) {
            if (address == 0) {
                return file.write(chunk, count);
            }
            long written = file.writeAt(chunk, count, offset);
            return written > 0 && !context.memory().writeLong(address, offset + written) ? -Errno.EFAULT : written;
        }
    }

    private static long spliceToPipe(
            CallContext context, OpenFile source, OpenFile destination, Pipe to, int limit, boolean nonBlocking) {
        if ((destination.readiness() & dev.gnomon.kernel.Poll.ERR) != 0) {
            Waiting.raisePipeSignal(context, destination);
            return -Errno.EPIPE;
        }
        int room = Math.min(limit, to.freeBytes());
        if (room == 0) {
            return nonBlocking || destination.isNonBlocking()
                    ? -Errno.EAGAIN
                    : Waiting.untilWritable(context, destination);
        }
        byte[] chunk = context.kernel().transferBytes();
        ByteArrayMemory memory = new ByteArrayMemory(chunk);
        long read;
        if (source == null) {
            read = readNative(context, chunk, room);
        } else if (source instanceof Socket) {
            read = source.readFor(context.thread(), context.buffer().single(memory, 0, room));
            if (read == -Errno.EAGAIN && !nonBlocking && !source.isNonBlocking()) {
                return Waiting.untilReadable(context, source);
            }
        } else {
            return -Errno.EINVAL;
        }
        if (read <= 0) {
            return read;
        }
        return destination.writeFor(context.thread(), context.buffer().single(memory, 0, read));
    }

    private static long readNative(CallContext context, byte[] chunk, int count) {
        long address = context.argument(1);
        if (address != 0 && !context.readLong(address)) {
            return -Errno.EFAULT;
        }
        long offset = context.word();
        GuestFile[] opened = new GuestFile[1];
        long failure = openNative(context, 0, opened);
        if (failure != 0) {
            return failure;
        }
        try (GuestFile file = opened[0]) {
            long position = address != 0 ? offset : file.position();
            if (position < 0) {
                return position;
            }
            long read = file.readAt(chunk, count, position);
            if (read > 0 && address == 0) {
                file.position(position + read);
            } else if (read > 0 && !context.memory().writeLong(address, position + read)) {
                return -Errno.EFAULT;
            }
            return read;
        }
    }

    // ---- the others

    private static long tee(CallContext context) {
        OpenFile source = context.file(0);
        OpenFile destination = context.file(1);
        if (source == null && destination == null) {
            return CallOutcome.NATIVE;
        }
        int flags = context.intArgument(3);
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        long length = context.argument(2);
        if (length == 0) {
            return 0;
        }
        Pipe from = Pipe.of(source);
        Pipe to = Pipe.of(destination);
        if (source != null && !ReadWriteCalls.isReadable(source)
                || destination != null && !ReadWriteCalls.isWritable(destination)) {
            return -Errno.EBADF;
        }
        if (from == null || to == null || from == to) {
            return -Errno.EINVAL;
        }
        boolean nonBlocking = (flags & SPLICE_F_NONBLOCK) != 0;
        byte[] chunk = context.kernel().transferBytes();
        int room = Math.min((int) Math.min(length < 0 ? CHUNK_BYTES : length, CHUNK_BYTES), to.freeBytes());
        if (room == 0) {
            return nonBlocking ? -Errno.EAGAIN : Waiting.untilWritable(context, destination);
        }
        int available = from.peek(chunk, room);
        if (available == 0) {
            if (source.readiness() != 0) {
                return 0;
            }
            return nonBlocking ? -Errno.EAGAIN : Waiting.untilReadable(context, source);
        }
        long result = destination.writeFor(
                context.thread(), context.buffer().single(new ByteArrayMemory(chunk), 0, available));
        if (result == -Errno.EPIPE) {
            Waiting.raisePipeSignal(context, destination);
        }
        return result;
    }

    private static long vectorSplice(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        int flags = context.intArgument(3);
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        if (Pipe.of(file) == null) {
            return -Errno.EBADF;
        }
        int invalid = context.buffer().vectors(context.memory(), context.argument(1), context.argument(2));
        if (invalid != 0) {
            return invalid;
        }
        boolean nonBlocking = (flags & SPLICE_F_NONBLOCK) != 0;
        return ReadWriteCalls.isWritable(file)
                ? ReadWriteCalls.write(context, file, context.buffer(), nonBlocking)
                : ReadWriteCalls.read(context, file, context.buffer(), nonBlocking);
    }

    private static long copyFileRange(CallContext context) {
        OpenFile source = context.file(0);
        OpenFile destination = context.file(2);
        if (source == null && destination == null) {
            return CallOutcome.NATIVE;
        }
        if (source != null && !ReadWriteCalls.isReadable(source)
                || destination != null && !ReadWriteCalls.isWritable(destination)) {
            return -Errno.EBADF;
        }
        return -Errno.EINVAL;
    }
}
