package dev.gnomon.kernel;

import dev.gnomon.network.Errno;

/** A read-only file whose content was made when it was opened, as files of {@code proc(5)} are. */
public final class GeneratedFile extends OpenFile {
    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;

    private final String path;
    private final byte[] content;
    private long position;

    public GeneratedFile(String path, byte[] content, int statusFlags) {
        super(statusFlags);
        this.path = path;
        this.content = content;
    }

    @Override
    protected void closed() {}

    @Override
    public String description() {
        return path;
    }

    @Override
    public int mode() {
        return 0100444;
    }

    @Override
    public int readiness() {
        return Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;
    }

    @Override
    public long read(UserBuffer destination) {
        long result = readAt(destination, position);
        if (result > 0) {
            position += result;
        }
        return result;
    }

    @Override
    public long readAt(UserBuffer destination, long offset) {
        if (offset < 0) {
            return -Errno.EINVAL;
        }
        if (offset >= content.length) {
            return 0;
        }
        return destination.put(content, (int) offset, content.length - (int) offset);
    }

    @Override
    public long write(UserBuffer source) {
        return -Errno.EBADF;
    }

    @Override
    public long seek(long offset, int whence) {
        long target;
        switch (whence) {
            case SEEK_SET -> target = offset;
            case SEEK_CUR -> target = position + offset;
            case SEEK_END -> target = content.length + offset;
            default -> {
                return -Errno.EINVAL;
            }
        }
        if (target < 0) {
            return -Errno.EINVAL;
        }
        position = target;
        return target;
    }
}
