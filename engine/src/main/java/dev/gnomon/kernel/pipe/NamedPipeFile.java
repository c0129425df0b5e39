package dev.gnomon.kernel.pipe;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.WaitQueue;

/** A named pipe opened for reading, for writing, or for both. */
public final class NamedPipeFile extends OpenFile {
    private final NamedPipe named;
    private final int mode;
    private final String path;
    private final boolean reads;
    private final boolean writes;
    private final boolean complete;
    private final long partnerOpenings;
    /** Where a reader did not wait, it sees no hang-up before the first writer has come. */
    private final long silentAt;

    NamedPipeFile(NamedPipe named, int mode, int statusFlags, String path) {
        super(statusFlags);
        this.named = named;
        this.mode = mode;
        this.path = path;
        int access = statusFlags & O_ACCMODE;
        reads = access != 1;
        writes = access != 0;
        boolean partner = reads && writes || (reads ? named.bytes.hasWriters() : named.bytes.hasReaders());
        boolean silent = reads && !partner && isNonBlocking();
        complete = partner || silent;
        silentAt = silent ? named.writerOpenings : -1;
        partnerOpenings = partnerOpenings();
        named.came(reads, writes);
    }

    private long partnerOpenings() {
        return reads ? named.writerOpenings : named.readerOpenings;
    }

    /** Whether the open is over: nobody needs to be waited for, or somebody came since. */
    public boolean isComplete() {
        return complete || partnerOpenings() != partnerOpenings;
    }

    /** Woken when somebody opens the pipe. */
    public WaitQueue openings() {
        return named.openings;
    }

    Pipe pipe() {
        return named.bytes;
    }

    /** The device number of the file that names the pipe. */
    public long device() {
        return named.device;
    }

    @Override
    public WaitQueue waitersFor(GuestThread thread) {
        return named.waiters;
    }

    @Override
    public long read(UserBuffer destination) {
        return named.bytes.read(destination);
    }

    @Override
    public long write(UserBuffer source) {
        return named.bytes.write(source, (statusFlags() & O_DIRECT) != 0);
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    protected void closed() {
        named.left(reads, writes);
    }

    @Override
    public String description() {
        return path;
    }

    @Override
    public long inode() {
        return named.bytes.inode();
    }

    @Override
    public int mode() {
        return mode;
    }

    @Override
    public int readiness() {
        int bits = 0;
        if (reads) {
            bits |= named.bytes.isEmpty() ? 0 : Poll.IN | Poll.RDNORM;
            bits |= named.bytes.hasWriters() || silentAt == named.writerOpenings ? 0 : Poll.HUP;
        }
        if (writes) {
            bits |= named.bytes.isFull() ? 0 : Poll.OUT | Poll.WRNORM;
            bits |= named.bytes.hasReaders() ? 0 : Poll.ERR;
        }
        return bits;
    }

    @Override
    public long fileControl(int command, long argument) {
        return named.bytes.fileControl(command, argument);
    }

    @Override
    public long control(int request, long argument, GuestMemory memory) {
        return named.bytes.control(request, argument, memory);
    }
}
