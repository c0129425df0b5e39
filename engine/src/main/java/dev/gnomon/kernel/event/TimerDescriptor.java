package dev.gnomon.kernel.event;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.KernelEnvironment;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;
import dev.gnomon.network.ScheduledAction;

/**
 * A timer to wait on, {@code timerfd_create(2)}. As in Linux an interval timer runs on only when it is read or asked, and
 * counts then what has passed, so that one that nobody reads costs nothing. Source of the model: {@code fs/timerfd.c}.
 */
public final class TimerDescriptor extends OpenFile {
    private static final int TFD_IOC_SET_TICKS = 0x40085400;

    private final KernelEnvironment environment;
    private final byte[] value = new byte[8];
    private final Runnable expiry = this::expired;
    private ScheduledAction action;
    private long expiryNanos;
    private long intervalNanos;
    private long ticks;
    private boolean expired;

    public TimerDescriptor(KernelEnvironment environment, boolean nonBlocking) {
        super(2 | (nonBlocking ? O_NONBLOCK : 0));
        this.environment = environment;
    }

    /**
     * Arms the timer, forgetting what was not read.
     *
     * @param atNanos virtual time of the first expiry, which may have passed; negative disarms the timer
     * @param newIntervalNanos time between further expiries; 0 for none
     */
    public void set(long atNanos, long newIntervalNanos) {
        cancel();
        ticks = 0;
        expired = false;
        intervalNanos = newIntervalNanos;
        if (atNanos >= 0) {
            arm(atNanos);
        }
    }

    private void arm(long atNanos) {
        expiryNanos = atNanos;
        action = environment.schedule(Math.max(atNanos, environment.nowNanos()), expiry);
    }

    private void cancel() {
        if (action != null) {
            action.cancel();
            action = null;
        }
    }

    private void expired() {
        action = null;
        expired = true;
        ticks++;
        waiters().wake(Poll.IN);
    }

    /** An interval timer that has expired: counts the expiries since then and arms it for the next. */
    private void forward() {
        if (expired && intervalNanos > 0) {
            long passed = (environment.nowNanos() - expiryNanos) / intervalNanos;
            ticks += passed;
            arm(expiryNanos + (passed + 1) * intervalNanos);
        }
        expired = false;
    }

    /** Time to the next expiry in nanoseconds; 0 where the timer is not armed. */
    public long remainingNanos() {
        if (expired && intervalNanos > 0) {
            forward();
        }
        return action == null ? 0 : Math.max(1, expiryNanos - environment.nowNanos());
    }

    public long intervalNanos() {
        return intervalNanos;
    }

    @Override
    public long read(UserBuffer destination) {
        if (destination.remaining() < 8) {
            return -Errno.EINVAL;
        }
        if (ticks == 0) {
            return -Errno.EAGAIN;
        }
        forward();
        LittleEndian.putLong(value, 0, ticks);
        ticks = 0;
        return destination.put(value, 0, 8) == 8 ? 8 : -Errno.EFAULT;
    }

    @Override
    public long control(int request, long argument, GuestMemory memory) {
        if (request != TFD_IOC_SET_TICKS) {
            return -Errno.ENOTTY;
        }
        if (!memory.read(argument, value, 0, 8)) {
            return -Errno.EFAULT;
        }
        long wanted = LittleEndian.getLong(value, 0);
        if (wanted == 0) {
            return -Errno.EINVAL;
        }
        ticks = wanted;
        waiters().wake(Poll.IN);
        return 0;
    }

    @Override
    public int readiness() {
        return ticks != 0 ? Poll.IN : 0;
    }

    @Override
    protected void closed() {
        cancel();
    }

    /** Seeking is accepted and does nothing: {@code noop_llseek()}. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public String description() {
        return "anon_inode:[timerfd]";
    }

    @Override
    public int mode() {
        return 0600;
    }
}
