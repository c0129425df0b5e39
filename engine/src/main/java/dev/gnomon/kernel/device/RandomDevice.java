package dev.gnomon.kernel.device;

import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;

/** {@code /dev/random} and {@code /dev/urandom}, {@code random(4)}: both read from the host's generator. */
public final class RandomDevice extends OpenFile {
    private static final int CHUNK_BYTES = 4096;

    private final Kernel kernel;
    private final String path;

    public RandomDevice(Kernel kernel, String path, int statusFlags) {
        super(statusFlags);
        this.kernel = kernel;
        this.path = path;
    }

    @Override
    protected void closed() {}

    @Override
    public String description() {
        return path;
    }

    @Override
    public int mode() {
        return 020666;
    }

    @Override
    public int readiness() {
        return Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;
    }

    @Override
    public long read(UserBuffer destination) {
        byte[] chunk = new byte[(int) Math.min(destination.remaining(), CHUNK_BYTES)];
        while (destination.remaining() > 0) {
            kernel.environment().random().nextBytes(chunk);
            int part = (int) Math.min(chunk.length, destination.remaining());
            int put = destination.put(chunk, 0, part);
            if (put < 0) {
                return destination.moved() > 0 ? destination.moved() : put;
            }
            if (put < part) {
                break;
            }
        }
        return destination.moved();
    }

    @Override
    public long readAt(UserBuffer destination, long offset) {
        return read(destination);
    }

    /** Mixing bytes in is accepted and changes nothing: what is drawn comes from the seed. */
    @Override
    public long write(UserBuffer source) {
        return source.total();
    }

    @Override
    public long seek(long offset, int whence) {
        return whence < 0 || whence > 2 ? -Errno.EINVAL : 0;
    }
}
