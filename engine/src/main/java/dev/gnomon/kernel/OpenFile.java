package dev.gnomon.kernel;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.network.Errno;
import java.util.ArrayList;

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
    /** The inode number of every object that has none of its own. */
    public static final long ANONYMOUS_INODE = 1;
    /** What {@code fcntl(F_SETFL)} may change. */
    public static final int SETTABLE_FLAGS = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT;

    private final WaitQueue waiters = new WaitQueue();
    private int statusFlags;
    private int references;
    private ArrayList<Runnable> closeListeners;
    private ShownObjects shownObjects;
    private GuestObject guestObject;
    /** Whether {@link ShownObjects} has it in its list; kept by that. */
    boolean listed;

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
        changed();
        statusFlagsChanged();
    }

    /** Told after the status flags were set. */
    protected void statusFlagsChanged() {}

    public final boolean isNonBlocking() {
        return (statusFlags & O_NONBLOCK) != 0;
    }

    public final void acquire() {
        references++;
        changed();
    }

    /** Gives one reference back; with the last the object is closed. */
    public final void release() {
        if (--references == 0) {
            if (closeListeners != null) {
                ArrayList<Runnable> listeners = closeListeners;
                closeListeners = null;
                listeners.forEach(Runnable::run);
            }
            closed();
            if (guestObject != null) {
                guestObject.close();
                guestObject = null;
            }
        } else {
            changed();
        }
    }

    /** How many descriptors and calls refer to it. */
    protected final int references() {
        return references;
    }

    // ---- shown to guests, so that they answer calls themselves

    /** Whether there is anything that guests can be shown of it. */
    protected boolean isShowable() {
        return false;
    }

    /** Writes down what it is now. */
    protected void show(GuestObject object) {}

    /** What guests see of it; null for nothing: then every call on it crosses. */
    public final GuestObject guestObject() {
        return guestObject;
    }

    final void openGuestObject(GuestObject object, ShownObjects objects) {
        guestObject = object;
        shownObjects = objects;
        changed();
    }

    /** What guests see of it may no longer be so: it is shown anew before one of them runs. */
    protected final void changed() {
        if (guestObject != null && !listed) {
            shownObjects.add(this);
        }
    }

    /** So many bytes of what there was to read (of datagrams, of what they take of a mirror) were taken. */
    protected final void consumed(long bytes) {
        if (guestObject != null) {
            guestObject.consumed(bytes);
            changed();
        }
    }

    /** Has {@code listener} run when the last descriptor is gone, before the object itself is closed. */
    public final void addCloseListener(Runnable listener) {
        if (closeListeners == null) {
            closeListeners = new ArrayList<>(1);
        }
        closeListeners.add(listener);
    }

    public final void removeCloseListener(Runnable listener) {
        if (closeListeners != null) {
            closeListeners.remove(listener);
        }
    }

    /** The last descriptor is gone. */
    protected abstract void closed();

    /** What this is, for {@code /proc/self/fd}: {@code socket:[7]}, {@code anon_inode:[eventpoll]}, … */
    public abstract String description();

    /** The inode number that {@code fstat(2)} gives. All anonymous inodes share one. */
    public long inode() {
        return ANONYMOUS_INODE;
    }

    /** The file type and permission bits that {@code fstat(2)} gives. */
    public abstract int mode();

    /** The {@link Poll} bits that hold now. */
    public abstract int readiness();

    /** {@link #readiness} as {@code thread} sees it; the same for all but signal descriptors. */
    public int readinessFor(GuestThread thread) {
        return readiness();
    }

    /** {@link #waiters} for {@code thread}; the same for all but signal descriptors. */
    public WaitQueue waitersFor(GuestThread thread) {
        return waiters;
    }

    /** Whether bytes have no boundaries, so that a blocking write goes on until all bytes are written. */
    public boolean isStream() {
        return false;
    }

    /** How long a blocking read waits, in nanoseconds; {@link GuestThread#FOREVER} for no limit. */
    public long readTimeoutNanos() {
        return GuestThread.FOREVER;
    }

    /** How long a blocking write waits, in nanoseconds; {@link GuestThread#FOREVER} for no limit. */
    public long writeTimeoutNanos() {
        return GuestThread.FOREVER;
    }

    public long read(UserBuffer destination) {
        return -Errno.EINVAL;
    }

    /** {@link #read} by {@code thread}; the same for all but signal descriptors and sockets. */
    public long readFor(GuestThread thread, UserBuffer destination) {
        return read(destination);
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

    /** {@link #write} by {@code thread}; the same for all but sockets that tell who wrote. */
    public long writeFor(GuestThread thread, UserBuffer source) {
        return write(source);
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
