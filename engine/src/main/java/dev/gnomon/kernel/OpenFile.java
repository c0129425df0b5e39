package dev.gnomon.kernel;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.network.Errno;

/**
 * An open file description, {@code open(2)}: what one or more descriptors, of one or more processes, refer to.
 *
 * <p>Objects never block: where an operation would, it returns {@code -EAGAIN}, and the call decides whether to wait on
 * {@link #waiters()} and try again. Results are counts, or negative errno values.
 */
public abstract class OpenFile {
    public static final int O_ACCMODE = 3;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_ASYNC = 020000;
    public static final int O_DIRECT = 040000;
    /** What {@code fcntl(F_SETFL)} may change. */
    public static final int SETTABLE_FLAGS = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT;

    private final WaitQueue waiters = new WaitQueue();
    private int statusFlags;
    private int references;

    protected OpenFile(int statusFlags) {
        this.statusFlags = statusFlags;
    }

    public final WaitQueue waiters() {
        return waiters;
    }

    /** Access mode and status flags, as {@code fcntl(F_GETFL)} gives them. */
    public final int statusFlags() {
        return statusFlags;
    }

    public final void statusFlags(int flags) {
        statusFlags = flags;
        statusFlagsChanged();
    }

    /** Told after the status flags were set. */
    protected void statusFlagsChanged() {}

    public final boolean isNonBlocking() {
        return (statusFlags & O_NONBLOCK) != 0;
    }

    public final void acquire() {
        references++;
    }

    /** Gives one reference back; with the last the object is closed. */
    public final void release() {
        if (--references == 0) {
            closed();
        }
    }

    /** The last descriptor is gone. */
    protected abstract void closed();

    /** What this is, for {@code /proc/self/fd}: {@code socket:[7]}, {@code anon_inode:[eventpoll]}, … */
    public abstract String description();

    /** The file type and permission bits that {@code fstat(2)} gives. */
    public abstract int mode();

    /** The {@link Poll} bits that hold now. */
    public abstract int readiness();

    public long read(UserBuffer destination) {
        return -Errno.EINVAL;
    }

    public long write(UserBuffer source) {
        return -Errno.EINVAL;
    }

    /** {@code pread(2)}; most objects have no positions. */
    public long readAt(UserBuffer destination, long offset) {
        return -Errno.ESPIPE;
    }

    /** {@code lseek(2)}. */
    public long seek(long offset, int whence) {
        return -Errno.ESPIPE;
    }

    /** {@code fcntl(2)} commands that are not about descriptors, flags or locks, such as F_SETPIPE_SZ. */
    public long fileControl(int command, long argument) {
        return -Errno.EINVAL;
    }

    /** {@code ioctl(2)}. FIONBIO, FIOCLEX and FIONCLEX are the call's own. */
    public long control(int request, long argument, GuestMemory memory) {
        return -Errno.ENOTTY;
    }
}
