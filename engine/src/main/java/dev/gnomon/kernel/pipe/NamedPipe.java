package dev.gnomon.kernel.pipe;

import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.WaitQueue;

/** A named pipe while anybody has it open. Source of the model: {@code fifo_open()} in {@code fs/pipe.c}. */
final class NamedPipe {
    final long device;
    final WaitQueue waiters = new WaitQueue();
    final WaitQueue openings = new WaitQueue();
    final Pipe bytes;
    /** How often it was opened for reading, and for writing: an open waits for a partner, even one that has left again. */
    long readerOpenings;

    long writerOpenings;
    private int readers;
    private int writers;
    private final Runnable unused;

    NamedPipe(long device, long inode, Runnable unused) {
        this.device = device;
        this.unused = unused;
        bytes = new Pipe(inode, waiters);
    }

    void came(boolean reads, boolean writes) {
        if (reads) {
            readerOpenings++;
            if (readers++ == 0) {
                bytes.readersCame();
            }
        }
        if (writes) {
            writerOpenings++;
            if (writers++ == 0) {
                bytes.writersCame();
            }
        }
        openings.wake(Poll.IN);
    }

    void left(boolean reads, boolean writes) {
        boolean lastReader = reads && --readers == 0;
        boolean lastWriter = writes && --writers == 0;
        if (lastReader) {
            bytes.readersGone();
        }
        if (lastWriter) {
            bytes.writersGone();
        }
        if (readers == 0 && writers == 0) {
            unused.run();
        }
    }
}
