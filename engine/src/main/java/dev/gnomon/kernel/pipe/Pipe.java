package dev.gnomon.kernel.pipe;

import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.ObjectDescriptor;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.WaitQueue;
import dev.gnomon.network.Errno;

/**
 * A pipe: a ring of pages between a reading and a writing end. How many bytes it takes depends, as in Linux, on how they
 * are written: a write's last part is appended to the last page only where it fits there whole, which also makes
 * writes of up to PIPE_BUF (4096) bytes atomic. Source of the model: {@code fs/pipe.c}.
 */
public final class Pipe {
    /** Bytes of one slot; also PIPE_BUF. */
    public static final int PAGE_BYTES = 4096;

    private static final int DEFAULT_SLOTS = 16;
    /** {@code /proc/sys/fs/pipe-max-size}. */
    private static final long MAXIMUM_BYTES = 1 << 20;

    private static final int READABLE = Poll.IN | Poll.RDNORM;
    private static final int WRITABLE = Poll.OUT | Poll.WRNORM;

    private final long inode;
    private final PipeReadEnd readEnd;
    private final PipeWriteEnd writeEnd;
    private final WaitQueue readWaiters;
    private final WaitQueue writeWaiters;
    private byte[][] pages = new byte[DEFAULT_SLOTS][];
    private int[] offsets = new int[DEFAULT_SLOTS];
    private int[] lengths = new int[DEFAULT_SLOTS];
    private boolean[] packets = new boolean[DEFAULT_SLOTS];
    private int first;
    private int used;
    private byte[] spare;
    private boolean hasReaders = true;
    private boolean hasWriters = true;

    /** @param flags O_NONBLOCK and O_DIRECT, for both ends */
    public Pipe(Kernel kernel, int flags) {
        inode = kernel.allocateInode();
        readEnd = new PipeReadEnd(this, flags);
        writeEnd = new PipeWriteEnd(this, flags | 1);
        readWaiters = readEnd.waiters();
        writeWaiters = writeEnd.waiters();
    }

    /** The bytes of a named pipe, whose ends come and go and all wait on one queue. Has no end yet. */
    Pipe(long inode, WaitQueue waiters) {
        this.inode = inode;
        readEnd = null;
        writeEnd = null;
        readWaiters = waiters;
        writeWaiters = waiters;
        hasReaders = false;
        hasWriters = false;
    }

    public PipeReadEnd readEnd() {
        return readEnd;
    }

    public PipeWriteEnd writeEnd() {
        return writeEnd;
    }

    public long inode() {
        return inode;
    }

    // ---- state

    boolean isEmpty() {
        return used == 0;
    }

    boolean isFull() {
        return used == pages.length;
    }

    boolean hasReaders() {
        return hasReaders;
    }

    boolean hasWriters() {
        return hasWriters;
    }

    /** Bytes that a write of any kind takes now at least. */
    public int freeBytes() {
        return (pages.length - used) * PAGE_BYTES;
    }

    /** Bytes that wait to be read. */
    public int queuedBytes() {
        int total = 0;
        for (int i = 0; i < used; i++) {
            total += lengths[slot(i)];
        }
        return total;
    }

    private int slot(int index) {
        return (first + index) % pages.length;
    }

    // ---- shown to guests

    /** Something about the pipe is different: both ends are shown anew. */
    private void changed() {
        if (readEnd != null) {
            readEnd.pipeChanged();
            writeEnd.pipeChanged();
        }
    }

    private boolean hasPackets() {
        for (int i = 0; i < used; i++) {
            if (packets[slot(i)]) {
                return true;
            }
        }
        return false;
    }

    void showReadEnd(GuestObject object, int statusFlags) {
        int flags = ObjectDescriptor.READS | ObjectDescriptor.PAIRED;
        if (mirror(object)) {
            flags |= ObjectDescriptor.COMPLETE;
        }
        if (!hasWriters) {
            flags |= ObjectDescriptor.END;
        }
        if (isFull()) {
            flags |= ObjectDescriptor.READ_EFFECTS;
        }
        boolean plain = !hasPackets() && (statusFlags & OpenFile.O_ASYNC) == 0;
        object.kind(plain ? ObjectDescriptor.KIND_STREAM : ObjectDescriptor.KIND_OPAQUE, flags, statusFlags);
        object.events(hasWriters ? 0 : Poll.HUP, READABLE, 0);
        object.room(0, 1, Long.MAX_VALUE);
    }

    /** Adds what is to be read to the mirror. Returns whether all of it is there. */
    private boolean mirror(GuestObject object) {
        int passed = 0;
        int mirrored = object.mirrored();
        for (int i = 0; i < used; i++) {
            int slot = slot(i);
            int from = Math.max(0, mirrored - passed);
            if (from < lengths[slot]) {
                int part = Math.min(lengths[slot] - from, object.mirrorRoom());
                if (part > 0) {
                    object.mirror(pages[slot], offsets[slot] + from, part);
                    mirrored += part;
                }
                if (from + part < lengths[slot]) {
                    return false;
                }
            }
            passed += lengths[slot];
        }
        return true;
    }

    void showWriteEnd(GuestObject object, int statusFlags) {
        int flags = ObjectDescriptor.WRITE_EFFECTS | ObjectDescriptor.NOTES_FULL | ObjectDescriptor.PAIRED;
        if (hasReaders) {
            flags |= ObjectDescriptor.WRITES;
        }
        boolean plain = (statusFlags & (OpenFile.O_ASYNC | OpenFile.O_DIRECT)) == 0;
        object.kind(plain ? ObjectDescriptor.KIND_STREAM : ObjectDescriptor.KIND_OPAQUE, flags, statusFlags);
        object.events(hasReaders ? 0 : Poll.ERR, 0, WRITABLE);
        object.room(freeBytes(), PAGE_BYTES, PAGE_BYTES);
    }

    // ---- reading

    long read(UserBuffer destination) {
        if (destination.remaining() == 0) {
            return 0;
        }
        boolean wasFull = isFull();
        long done = 0;
        while (used > 0 && destination.remaining() > 0) {
            int chunk = (int) Math.min(lengths[first], destination.remaining());
            int moved = destination.put(pages[first], offsets[first], chunk);
            if (moved < 0) {
                done = done > 0 ? done : moved;
                break;
            }
            boolean wasPacket = packets[first];
            done += moved;
            consumeFirst(wasPacket && moved == chunk ? lengths[first] : moved);
            if (wasPacket || moved < chunk) {
                break;
            }
        }
        if (done == 0) {
            return hasWriters ? -Errno.EAGAIN : 0;
        }
        if (wasFull && !isFull()) {
            writeWaiters.wake(WRITABLE);
        }
        return done;
    }

    private void consumeFirst(int bytes) {
        changed();
        if (readEnd != null) {
            readEnd.bytesTaken(bytes);
        }
        offsets[first] += bytes;
        lengths[first] -= bytes;
        if (lengths[first] == 0) {
            spare = pages[first];
            pages[first] = null;
            first = (first + 1) % pages.length;
            used--;
        }
    }

    /**
     * Copies bytes without taking them.
     *
     * @return how many; 0 where the pipe is empty
     */
    public int peek(byte[] destination, int limit) {
        int done = 0;
        for (int i = 0; i < used && done < limit; i++) {
            int slot = slot(i);
            int chunk = Math.min(lengths[slot], limit - done);
            System.arraycopy(pages[slot], offsets[slot], destination, done, chunk);
            done += chunk;
        }
        return done;
    }

    /** Takes bytes that {@link #peek} showed. */
    public void discard(int bytes) {
        boolean wasFull = isFull();
        int left = bytes;
        while (left > 0) {
            int chunk = Math.min(left, lengths[first]);
            consumeFirst(chunk);
            left -= chunk;
        }
        if (wasFull && !isFull()) {
            writeWaiters.wake(WRITABLE);
        }
    }

    // ---- writing

    long write(UserBuffer source, boolean packet) {
        if (source.remaining() == 0) {
            return 0;
        }
        if (!hasReaders) {
            return -Errno.EPIPE;
        }
        long done = 0;
        int tail = (int) (source.remaining() % PAGE_BYTES);
        if (tail != 0 && used > 0) {
            int last = slot(used - 1);
            int end = offsets[last] + lengths[last];
            if (!packets[last] && end + tail <= PAGE_BYTES) {
                int moved = source.get(pages[last], end, tail);
                if (moved < tail) {
                    return -Errno.EFAULT;
                }
                lengths[last] += moved;
                done = moved;
            }
        }
        while (source.remaining() > 0 && !isFull()) {
            byte[] page = spare != null ? spare : new byte[PAGE_BYTES];
            spare = null;
            int wanted = (int) Math.min(PAGE_BYTES, source.remaining());
            int moved = source.get(page, 0, wanted);
            if (moved < wanted) {
                spare = page;
                done = done > 0 ? done : -Errno.EFAULT;
                break;
            }
            int slot = slot(used++);
            pages[slot] = page;
            offsets[slot] = 0;
            lengths[slot] = moved;
            packets[slot] = packet;
            done += moved;
        }
        if (done > 0) {
            changed();
            readWaiters.wake(READABLE);
        }
        return done == 0 ? -Errno.EAGAIN : done;
    }

    // ---- size

    long bytes() {
        return (long) pages.length * PAGE_BYTES;
    }

    /** F_SETPIPE_SZ. Returns the new size. */
    long resize(long wanted) {
        if (wanted < 0 || wanted > 1L << 31) {
            return -Errno.EINVAL;
        }
        if (wanted > MAXIMUM_BYTES) {
            return -Errno.EPERM;
        }
        int slots = Math.max(1, (int) ((wanted + PAGE_BYTES - 1) / PAGE_BYTES));
        if (Integer.bitCount(slots) != 1) {
            slots = Integer.highestOneBit(slots) << 1;
        }
        if (slots < used) {
            return -Errno.EBUSY;
        }
        boolean wasFull = isFull();
        byte[][] newPages = new byte[slots][];
        int[] newOffsets = new int[slots];
        int[] newLengths = new int[slots];
        boolean[] newPackets = new boolean[slots];
        for (int i = 0; i < used; i++) {
            newPages[i] = pages[slot(i)];
            newOffsets[i] = offsets[slot(i)];
            newLengths[i] = lengths[slot(i)];
            newPackets[i] = packets[slot(i)];
        }
        pages = newPages;
        offsets = newOffsets;
        lengths = newLengths;
        packets = newPackets;
        first = 0;
        changed();
        if (wasFull && !isFull()) {
            writeWaiters.wake(WRITABLE);
        }
        return bytes();
    }

    // ---- the ends' ends

    void readersCame() {
        hasReaders = true;
    }

    void writersCame() {
        hasWriters = true;
    }

    void readersGone() {
        hasReaders = false;
        changed();
        writeWaiters.wake(WRITABLE | Poll.ERR | Poll.HUP);
    }

    void writersGone() {
        hasWriters = false;
        changed();
        readWaiters.wake(READABLE | Poll.ERR | Poll.HUP);
    }

    // ---- what both ends share

    static final int MODE = 0010600;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int FIONREAD = 0x541B;

    String description() {
        return "pipe:[" + inode + "]";
    }

    long fileControl(int command, long argument) {
        return switch (command) {
            case F_SETPIPE_SZ -> resize(argument & 0xffff_ffffL);
            case F_GETPIPE_SZ -> bytes();
            default -> -Errno.EINVAL;
        };
    }

    long control(int request, long argument, dev.gnomon.guest.GuestMemory memory) {
        if (request != FIONREAD) {
            return -Errno.ENOTTY;
        }
        return memory.writeInt(argument, queuedBytes()) ? 0 : -Errno.EFAULT;
    }

    /** The pipe that an end belongs to; null for any other file. */
    public static Pipe of(OpenFile file) {
        if (file instanceof PipeReadEnd end) {
            return end.pipe();
        }
        if (file instanceof NamedPipeFile end) {
            return end.pipe();
        }
        return file instanceof PipeWriteEnd end ? end.pipe() : null;
    }
}
