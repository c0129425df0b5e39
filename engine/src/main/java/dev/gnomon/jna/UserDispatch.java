package dev.gnomon.jna;

import com.sun.jna.LastErrorException;

/** Whether the kernel has syscall user dispatch ({@code Documentation/admin-guide/syscall-user-dispatch.rst}). Not an API. */
public final class UserDispatch {
    private UserDispatch() {}

    /** Asks for what every thread has at first: none. Empty text where the kernel knows the request; otherwise its error. */
    public static String refusal() {
        try {
            LinuxLibrary.prctl(LinuxLibrary.PR_SET_SYSCALL_USER_DISPATCH, LinuxLibrary.PR_SYS_DISPATCH_OFF, 0, 0, 0);
            return "";
        } catch (LastErrorException e) {
            return "there is none: " + LinuxLibrary.strerror(e.getErrorCode());
        }
    }
}
