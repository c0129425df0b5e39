package dev.gnomon.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/** The few calls of libc that are needed before {@link SwitchLibrary} can be loaded. Not an API. */
final class LinuxLibrary {
    /** {@code include/uapi/linux/memfd.h} */
    static final int MFD_CLOEXEC = 0x0001;

    /** {@code include/uapi/linux/memfd.h} */
    static final int MFD_ALLOW_SEALING = 0x0002;

    /** {@code include/uapi/linux/memfd.h}; since Linux 6.3 */
    static final int MFD_EXEC = 0x0010;

    /** {@code include/uapi/linux/fcntl.h}: {@code F_LINUX_SPECIFIC_BASE + 9} */
    static final int F_ADD_SEALS = 1033;

    /** {@code include/uapi/linux/fcntl.h}: {@code F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE} */
    static final int F_SEAL_ALL = 0x0001 | 0x0002 | 0x0004 | 0x0008;

    /** {@code include/uapi/linux/prctl.h}; since Linux 5.11 */
    static final int PR_SET_SYSCALL_USER_DISPATCH = 59;

    /** {@code include/uapi/linux/prctl.h} */
    static final long PR_SYS_DISPATCH_OFF = 0;

    /** {@code include/uapi/asm-generic/errno-base.h} */
    static final int EINVAL = 22;

    static {
        Native.register(LinuxLibrary.class, "c");
    }

    private LinuxLibrary() {}

    static native int memfd_create(String name, int flags) throws LastErrorException;

    static native long write(int file, byte[] bytes, long count) throws LastErrorException;

    static native int close(int file) throws LastErrorException;

    static native int fcntl(int file, int command, int argument) throws LastErrorException;

    static native int prctl(int option, long second, long third, long fourth, long fifth) throws LastErrorException;

    static native String strerror(int error);
}
