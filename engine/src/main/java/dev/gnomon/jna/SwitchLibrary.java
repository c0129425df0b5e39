package dev.gnomon.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code native/switch/switch.c}: one switch in one call, and the system calls that the engine needs. Direct mapping with
 * integers only; addresses are numbers. Where a call can fail, it returns the negative errno. Not an API.
 */
public final class SwitchLibrary {
    /** {@link #gnomon_switch}, {@link #gnomon_await}: the guest in the slot stopped. */
    public static final int STOPPED = 0;

    /** The worker's word moved, but not because of this slot. */
    public static final int NOTICE = 1;

    /** The time given is over and the guest still runs. */
    public static final int TIMEOUT = 2;

    /** {@code include/uapi/asm-generic/signal.h} */
    public static final int SIGKILL = 9;

    static {
        // The loader maps the library; its file in memory is not needed after that.
        try (NativeFile file = NativeFile.fromJar("libgnomon-switch.so")) {
            Native.register(SwitchLibrary.class, NativeLibrary.getInstance(file.path()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SwitchLibrary() {}

    /**
     * Lets the guest in a slot run and sleeps until it stopped, the worker's word moved past {@code seen}, or the time is
     * over.
     */
    public static native int gnomon_switch(long slotAddress, long workerAddress, int seen, long timeoutNanos);

    /** As {@link #gnomon_switch} without letting anything run. */
    public static native int gnomon_await(long slotAddress, long workerAddress, int seen, long timeoutNanos);

    /** Sleeps until the worker's word differs from {@code seen} (0) or the time is over (1). */
    public static native int gnomon_await_word(long workerAddress, int seen, long timeoutNanos);

    /** Adds 1 to a worker's word and wakes the worker. */
    public static native void gnomon_notify(long workerAddress);

    /** A descriptor of a new memory file of that size. */
    public static native int gnomon_memory_file(long bytes);

    /** Where a file was mapped, shared; -errno where it was not. */
    public static native long gnomon_map(int file, long bytes);

    public static native int gnomon_unmap(long address, long bytes);

    public static native int gnomon_close(int file);

    /** Frees the pages of a piece of a mapped memory file; they read as zero afterwards. */
    public static native int gnomon_discard(long address, long bytes);

    /** {@code process_vm_readv(2)}; bytes read, possibly fewer, or -errno. */
    public static native long gnomon_read_process(int process, long local, long remote, long bytes);

    /** {@code process_vm_writev(2)}; bytes written, possibly fewer, or -errno. */
    public static native long gnomon_write_process(int process, long local, long remote, long bytes);

    /** Binds the calling thread to one processor. */
    public static native int gnomon_pin_thread(int cpu);

    public static native int gnomon_set_affinity(long mask, int bytes);

    /** Fills the processors that the calling thread may use; bytes filled, or -errno. */
    public static native int gnomon_get_affinity(long mask, int bytes);

    public static native int gnomon_kill(int process, int signal);

    /** The version of the shared layouts that the library was compiled with. */
    public static native int gnomon_layout_version();

    /** Bytes at an address as a buffer, little-endian. Access after the memory was unmapped ends the JVM. */
    public static ByteBuffer buffer(long address, int bytes) {
        return new Pointer(address).getByteBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The address of a direct buffer. */
    public static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** What {@code strerror(3)} says. */
    public static String errorText(int errno) {
        return LinuxLibrary.strerror(errno) + " (errno " + errno + ")";
    }
}
