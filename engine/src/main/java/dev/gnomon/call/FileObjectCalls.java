package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.pipe.NamedPipeFile;
import dev.gnomon.kernel.pipe.Pipe;
import dev.gnomon.kernel.socket.InterfaceRequests;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.network.Errno;

/** Calls on emulated objects as files: {@code fstat(2)}, {@code ioctl(2)}, {@code lseek(2)}, {@code fsync(2)}, {@code ftruncate(2)}. */
public final class FileObjectCalls {
    private static final int FIOCLEX = 0x5451;
    private static final int FIONCLEX = 0x5450;
    private static final int FIONBIO = 0x5421;
    private static final int FIOASYNC = 0x5452;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STAT_BYTES = 144;
    private static final int STATX_BYTES = 256;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_RESERVED = 0x8000_0000;
    private static final int BLOCK_BYTES = 4096;
    private static final int MAXIMUM_WHENCE = 4;

    private static final int PIPE_DEVICE = 0x0e;
    private static final int SOCKET_DEVICE = 0x08;
    private static final int ANONYMOUS_DEVICE = 0x0f;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.FSTAT, FileObjectCalls::status);
        table.register(SystemCallNumber.NEWFSTATAT, FileObjectCalls::statusAt);
        table.register(SystemCallNumber.STATX, FileObjectCalls::extendedStatus);
        table.register(SystemCallNumber.IOCTL, FileObjectCalls::control);
        table.register(SystemCallNumber.LSEEK, FileObjectCalls::seek);
        for (int number : new int[] {
            SystemCallNumber.FSYNC,
            SystemCallNumber.FDATASYNC,
            SystemCallNumber.SYNC_FILE_RANGE,
            SystemCallNumber.FTRUNCATE
        }) {
            table.register(number, context -> context.file(0) == null ? CallOutcome.NATIVE : -Errno.EINVAL);
        }
    }

    // ---- status

    private static long status(CallContext context) {
        OpenFile file = context.file(0);
        return file == null ? CallOutcome.NATIVE : writeStatus(context, file, context.argument(1));
    }

    private static long statusAt(CallContext context) {
        OpenFile file = namedByEmptyPath(context, context.intArgument(3));
        return file != null ? writeStatus(context, file, context.argument(2)) : PathCalls.path(context, 1);
    }

    private static long extendedStatus(CallContext context) {
        OpenFile file = namedByEmptyPath(context, context.intArgument(2));
        if (file == null) {
            return PathCalls.path(context, 1);
        }
        if ((context.intArgument(3) & STATX_RESERVED) != 0) {
            return -Errno.EINVAL;
        }
        return writeExtendedStatus(context, file, context.argument(4));
    }

    /** The object that a call names by its descriptor and an empty path; null where the path names a file. */
    private static OpenFile namedByEmptyPath(CallContext context, int flags) {
        OpenFile file = context.file(0);
        if (file == null || (flags & AT_EMPTY_PATH) == 0) {
            return null;
        }
        byte[] path = context.argument(1) == 0 ? null : context.memory().readString(context.argument(1), 1);
        return context.argument(1) == 0 || path != null && path.length == 0 ? file : null;
    }

    private static long device(OpenFile file) {
        if (file instanceof NamedPipeFile named) {
            return named.device();
        }
        if (Pipe.of(file) != null) {
            return PIPE_DEVICE;
        }
        return file instanceof Socket ? SOCKET_DEVICE : ANONYMOUS_DEVICE;
    }

    /** {@code struct stat}, {@code arch/x86/include/uapi/asm/stat.h}. */
    private static long writeStatus(CallContext context, OpenFile file, long address) {
        byte[] status = context.kernel().scratch(STAT_BYTES);
        java.util.Arrays.fill(status, 0, STAT_BYTES, (byte) 0);
        LittleEndian.putLong(status, 0, device(file));
        LittleEndian.putLong(status, 8, file.inode());
        LittleEndian.putLong(status, 16, 1);
        LittleEndian.putInt(status, 24, file.mode());
        LittleEndian.putInt(status, 28, context.process().credentials().effectiveUserId());
        LittleEndian.putInt(status, 32, context.process().credentials().effectiveGroupId());
        LittleEndian.putLong(status, 56, BLOCK_BYTES);
        for (int offset = 72; offset <= 104; offset += 16) {
            LittleEndian.putLong(status, offset, Clocks.EPOCH_NANOS / 1_000_000_000L);
        }
        return context.memory().write(address, status, 0, STAT_BYTES) ? 0 : -Errno.EFAULT;
    }

    /** {@code struct statx}, {@code include/uapi/linux/stat.h}. */
    private static long writeExtendedStatus(CallContext context, OpenFile file, long address) {
        byte[] status = context.kernel().scratch(STATX_BYTES);
        java.util.Arrays.fill(status, 0, STATX_BYTES, (byte) 0);
        LittleEndian.putInt(status, 0, STATX_BASIC_STATS);
        LittleEndian.putInt(status, 4, BLOCK_BYTES);
        LittleEndian.putInt(status, 16, 1);
        LittleEndian.putInt(status, 20, context.process().credentials().effectiveUserId());
        LittleEndian.putInt(status, 24, context.process().credentials().effectiveGroupId());
        LittleEndian.putShort(status, 28, file.mode());
        LittleEndian.putLong(status, 32, file.inode());
        for (int offset = 64; offset <= 112; offset += 16) {
            // Access, birth, change and modification time; birth is not among the basic ones and stays 0.
            if (offset != 80) {
                LittleEndian.putLong(status, offset, Clocks.EPOCH_NANOS / 1_000_000_000L);
            }
        }
        // The kernel's number has the minor's low byte, the major's twelve bits, then the minor's rest.
        long device = device(file);
        LittleEndian.putInt(status, 136, (int) (device >> 8 & 0xfff));
        LittleEndian.putInt(status, 140, (int) (device & 0xff | device >> 12 & 0xfff00));
        return context.memory().write(address, status, 0, STATX_BYTES) ? 0 : -Errno.EFAULT;
    }

    // ---- control

    private static long control(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        int request = context.intArgument(1);
        long argument = context.argument(2);
        switch (request) {
            case FIOCLEX, FIONCLEX:
                return closeOnExec(context, request == FIOCLEX);
            case FIONBIO:
                return setFlag(context, file, OpenFile.O_NONBLOCK, argument);
            case FIOASYNC:
                return setFlag(context, file, OpenFile.O_ASYNC, argument);
            default:
                if (file instanceof Socket && InterfaceRequests.isOne(request)) {
                    return InterfaceRequests.answer(context.kernel(), request, argument, context.memory());
                }
                return file.control(request, argument, context.memory());
        }
    }

    /**
     * The placeholder's flag is the guest's kernel's, and a placeholder takes no {@code ioctl}: the guest's side makes it
     * {@code fcntl(F_SETFD)}. Where it does not, ENOTTY sends programs there.
     */
    private static long closeOnExec(CallContext context, boolean value) {
        return context.nativeThen(after -> {
            if (after.nativeResult() < 0) {
                return -Errno.ENOTTY;
            }
            after.process().descriptors().closeOnExec(after.intArgument(0), value);
            return 0;
        });
    }

    private static long setFlag(CallContext context, OpenFile file, int flag, long address) {
        long value = context.memory().readInt(address);
        if (value == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        file.statusFlags(value != 0 ? file.statusFlags() | flag : file.statusFlags() & ~flag);
        return 0;
    }

    // ---- positions

    private static long seek(CallContext context) {
        OpenFile file = context.file(0);
        if (file == null) {
            return CallOutcome.NATIVE;
        }
        int whence = context.intArgument(2);
        return whence < 0 || whence > MAXIMUM_WHENCE ? -Errno.EINVAL : file.seek(context.argument(1), whence);
    }
}
