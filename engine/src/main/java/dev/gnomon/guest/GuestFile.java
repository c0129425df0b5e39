package dev.gnomon.guest;

import dev.gnomon.jna.DescriptorLibrary;

/**
 * A file that a guest has open in its own kernel, reached from the engine by {@code pidfd_getfd(2)}: the two share the open
 * file description, so that its offset moves for the guest as well. For calls that move bytes between such a file
 * and an emulated object. Results are counts or negative errno values.
 */
public final class GuestFile implements AutoCloseable {
    private final int descriptor;

    private GuestFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a guest's descriptor.
     *
     * @param realProcessId the guest's process, as the engine sees it
     * @param into where the file is put, at index 0
     * @return 0, or a negative errno: {@code -EBADF} where the guest has no such descriptor
     */
    public static long open(int realProcessId, int guestDescriptor, GuestFile[] into) {
        long process = checked(DescriptorLibrary.syscall(DescriptorLibrary.PIDFD_OPEN, realProcessId, 0, 0));
        if (process < 0) {
            return process;
        }
        long file = checked(DescriptorLibrary.syscall(DescriptorLibrary.PIDFD_GETFD, process, guestDescriptor, 0));
        DescriptorLibrary.close((int) process);
        if (file < 0) {
            return file;
        }
        into[0] = new GuestFile((int) file);
        return 0;
    }

    private static long checked(long result) {
        return result == -1 ? -DescriptorLibrary.lastError() : result;
    }

    /** The offset that the guest's next read or write has. */
    public long position() {
        return checked(DescriptorLibrary.lseek(descriptor, 0, DescriptorLibrary.SEEK_CUR));
    }

    public long position(long offset) {
        return checked(DescriptorLibrary.lseek(descriptor, offset, DescriptorLibrary.SEEK_SET));
    }

    /** Reads at {@code offset} without moving the file's own. */
    public long readAt(byte[] destination, int count, long offset) {
        return checked(DescriptorLibrary.pread(descriptor, destination, count, offset));
    }

    /** Writes at {@code offset} without moving the file's own. */
    public long writeAt(byte[] source, int count, long offset) {
        return checked(DescriptorLibrary.pwrite(descriptor, source, count, offset));
    }

    /** Writes at the file's own offset, or at its end where it was opened so. */
    public long write(byte[] source, int count) {
        return checked(DescriptorLibrary.write(descriptor, source, count));
    }

    @Override
    public void close() {
        DescriptorLibrary.close(descriptor);
    }
}
