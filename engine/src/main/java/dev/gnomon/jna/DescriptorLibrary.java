package dev.gnomon.jna;

import com.sun.jna.Native;

/**
 * Calls on files that a guest's own kernel has open, through a descriptor of the engine's that shares the guest's open file
 * description. Direct mapping of libc with integers and byte arrays; a result of -1 is explained by {@link
 * Native#getLastError}. Not an API.
 */
public final class DescriptorLibrary {
    /** {@code arch/x86/entry/syscalls/syscall_64.tbl} */
    public static final long PIDFD_OPEN = 434;

    /** {@code arch/x86/entry/syscalls/syscall_64.tbl}; since Linux 5.6 */
    public static final long PIDFD_GETFD = 438;

    /** {@code include/uapi/linux/fs.h} */
    public static final int SEEK_SET = 0;

    /** {@code include/uapi/linux/fs.h} */
    public static final int SEEK_CUR = 1;

    static {
        Native.register(DescriptorLibrary.class, "c");
    }

    private DescriptorLibrary() {}

    public static native long syscall(long number, long first, long second, long third);

    public static native long lseek(int file, long offset, int whence);

    public static native long pread(int file, byte[] bytes, long count, long offset);

    public static native long pwrite(int file, byte[] bytes, long count, long offset);

    public static native long write(int file, byte[] bytes, long count);

    public static native int close(int file);

    /** The {@code errno} of this thread's last failed call. */
    public static int lastError() {
        return Native.getLastError();
    }
}
