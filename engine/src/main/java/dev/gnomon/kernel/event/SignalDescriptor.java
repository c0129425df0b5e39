package dev.gnomon.kernel.event;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.WaitQueue;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.Errno;

/**
 * Signals to read, {@code signalfd(2)}: always those of the thread that reads and of its process, whoever made the
 * descriptor. Source of the model: {@code fs/signalfd.c}.
 */
public final class SignalDescriptor extends OpenFile {
    /** Bytes of a {@code struct signalfd_siginfo}. */
    private static final int RECORD_BYTES = 128;

    private static final int SI_CODE = 8;

    private final GuestThread creator;
    private final byte[] record = new byte[RECORD_BYTES];
    private long mask;

    public SignalDescriptor(GuestThread creator, long mask, boolean nonBlocking) {
        super(2 | (nonBlocking ? O_NONBLOCK : 0));
        this.creator = creator;
        mask(mask);
    }

    /** Sets which signals are read (bit n-1 = signal n). */
    public void mask(long value) {
        mask = value & ~Signal.UNBLOCKABLE;
        creator.process().signalEvents().wake(Poll.IN);
    }

    @Override
    public long read(UserBuffer destination) {
        return readFor(creator, destination);
    }

    @Override
    public long readFor(GuestThread thread, UserBuffer destination) {
        if (destination.remaining() < RECORD_BYTES) {
            return -Errno.EINVAL;
        }
        long done = 0;
        while (destination.remaining() >= RECORD_BYTES) {
            SignalInformation information = thread.takeSignal(mask);
            if (information == null) {
                break;
            }
            fill(information);
            if (destination.put(record, 0, RECORD_BYTES) != RECORD_BYTES) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            done += RECORD_BYTES;
        }
        return done > 0 ? done : -Errno.EAGAIN;
    }

    /** {@code struct signalfd_siginfo} from {@code siginfo_t}; which members are filled depends on where it came from. */
    private void fill(SignalInformation information) {
        byte[] from = information.bytes();
        java.util.Arrays.fill(record, (byte) 0);
        LittleEndian.putInt(record, 0, information.signal());
        LittleEndian.putInt(record, 4, LittleEndian.getInt(from, 4));
        int code = LittleEndian.getInt(from, SI_CODE);
        LittleEndian.putInt(record, 8, code);
        if (code == SignalInformation.SI_TIMER) {
            LittleEndian.putInt(record, 24, LittleEndian.getInt(from, 16));
            LittleEndian.putInt(record, 32, LittleEndian.getInt(from, 20));
            LittleEndian.putLong(record, 48, LittleEndian.getLong(from, 24));
            LittleEndian.putInt(record, 44, LittleEndian.getInt(from, 24));
            return;
        }
        LittleEndian.putInt(record, 12, LittleEndian.getInt(from, 16));
        LittleEndian.putInt(record, 16, LittleEndian.getInt(from, 20));
        if (information.signal() == Signal.CHLD) {
            LittleEndian.putInt(record, 40, LittleEndian.getInt(from, 24));
            LittleEndian.putLong(record, 56, LittleEndian.getLong(from, 32));
            LittleEndian.putLong(record, 64, LittleEndian.getLong(from, 40));
        } else if (code == SignalInformation.SI_QUEUE) {
            LittleEndian.putInt(record, 44, LittleEndian.getInt(from, 24));
            LittleEndian.putLong(record, 48, LittleEndian.getLong(from, 24));
        }
    }

    @Override
    public int readiness() {
        return readinessFor(creator);
    }

    @Override
    public int readinessFor(GuestThread thread) {
        long pending = thread.pending().mask() | thread.process().pending().mask();
        return (pending & mask) != 0 ? Poll.IN : 0;
    }

    @Override
    public WaitQueue waitersFor(GuestThread thread) {
        return thread.process().signalEvents();
    }

    @Override
    protected void closed() {
        // Nothing is held: the signals belong to their process.
    }

    /** Seeking is accepted and does nothing: {@code noop_llseek()}. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public String description() {
        return "anon_inode:[signalfd]";
    }

    @Override
    public int mode() {
        return 0600;
    }
}
