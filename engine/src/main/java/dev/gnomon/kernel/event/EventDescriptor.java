package dev.gnomon.kernel.event;

import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.ObjectDescriptor;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;

/** A counter to wait on, {@code eventfd(2)}. Source of the model: {@code fs/eventfd.c}. */
public final class EventDescriptor extends OpenFile {
    /** The largest value that the counter takes, as an unsigned number: {@code ULLONG_MAX - 1}. */
    private static final long MAXIMUM = -2L;

    private final boolean semaphore;
    private final byte[] value = new byte[8];
    private long count;

    /** @param semaphore whether a read takes 1 in place of the whole count */
    public EventDescriptor(int initial, boolean semaphore, boolean nonBlocking) {
        super(2 | (nonBlocking ? O_NONBLOCK : 0));
        this.count = initial & 0xffff_ffffL;
        this.semaphore = semaphore;
    }

    @Override
    public long read(UserBuffer destination) {
        if (destination.remaining() < 8) {
            return -Errno.EINVAL;
        }
        if (count == 0) {
            return -Errno.EAGAIN;
        }
        long taken = semaphore ? 1 : count;
        count -= taken;
        waiters().wake(Poll.OUT);
        LittleEndian.putLong(value, 0, taken);
        return destination.put(value, 0, 8) == 8 ? 8 : -Errno.EFAULT;
    }

    @Override
    public long write(UserBuffer source) {
        if (source.remaining() != 8) {
            return -Errno.EINVAL;
        }
        if (source.get(value, 0, 8) != 8) {
            return -Errno.EFAULT;
        }
        long added = LittleEndian.getLong(value, 0);
        if (added == -1L) {
            return -Errno.EINVAL;
        }
        if (Long.compareUnsigned(added, MAXIMUM - count) > 0) {
            return -Errno.EAGAIN;
        }
        count += added;
        waiters().wake(Poll.IN);
        return 8;
    }

    @Override
    protected boolean isShowable() {
        return true;
    }

    @Override
    protected void show(GuestObject object) {
        int flags = ObjectDescriptor.COMPLETE
                | ObjectDescriptor.READS
                | ObjectDescriptor.WRITES
                | ObjectDescriptor.READ_EFFECTS
                | ObjectDescriptor.WRITE_EFFECTS
                | (semaphore ? ObjectDescriptor.SEMAPHORE : 0);
        // Counts beyond what a signed number holds are left to the engine.
        boolean plain = count >= 0 && count < Long.MAX_VALUE && (statusFlags() & O_ASYNC) == 0;
        object.kind(plain ? ObjectDescriptor.KIND_COUNTER : ObjectDescriptor.KIND_OPAQUE, flags, statusFlags());
        object.events(0, Poll.IN, Poll.OUT);
        object.value(count);
        object.room(Long.MAX_VALUE - count, 1, 1);
    }

    @Override
    public int readiness() {
        int bits = count != 0 ? Poll.IN : 0;
        return count != MAXIMUM ? bits | Poll.OUT : bits;
    }

    @Override
    protected void closed() {
        waiters().wake(Poll.HUP);
    }

    /** Seeking is accepted and does nothing: {@code noop_llseek()}. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public String description() {
        return "anon_inode:[eventfd]";
    }

    @Override
    public int mode() {
        return 0600;
    }
}
