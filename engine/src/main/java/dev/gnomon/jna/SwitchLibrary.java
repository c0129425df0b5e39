package dev.gnomon.jna;

import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * {@code native/switch/switch.c}: the system calls that the engine needs; what every switch calls is in {@link SwitchCalls}. Direct mapping with
 * integers only; addresses are numbers. Where a call can fail, it returns the negative errno. Not an API.
 */
public final class SwitchLibrary {
    /** {@link SwitchCalls#letGo}, {@link SwitchCalls#await}: the guest in the slot stopped. */
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
            Native.register(
                    SwitchLibrary.class,
                    NativeLibrary.getInstance(file.path(), Map.of(Library.OPTION_ALLOW_OBJECTS, true)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SwitchLibrary() {}

    /** Binds the native methods of a class. */
    static void bind(Class<?> calls) {
        int result = gnomon_bind(JNIEnv.CURRENT, calls);
        if (result != 0) {
            throw new IllegalStateException("cannot bind the switch: JNI error " + result);
        }
    }

    private static native int gnomon_bind(JNIEnv environment, Object calls);

    /** Sleeps until the worker's word differs from {@code seen} (0) or the time is over (1). */
    public static native int gnomon_await_word(long workerAddress, int seen, long timeoutNanos);

    /** Executes so many pause instructions. */
    public static native void gnomon_pause(int count);

    /** How many threads of the machine run or could run; -errno where the kernel does not tell. */
    public static native int gnomon_runnable();

    /** How many processors of the machine are online. */
    public static native int gnomon_processors();

    /** Adds 1 to a worker's or tracers' word and wakes whoever sleeps on it. */
    public static native void gnomon_notify(long workerAddress);

    /** An event descriptor, for {@link SwitchCalls#letGoNotified}; -errno where there is none. */
    public static native int gnomon_event();

    /** Ends the wait of who watches the event descriptor. */
    public static native void gnomon_signal_event(int event);

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

    /** {@code SCHED_FIFO} with that priority for the calling thread; 0 for the usual policy. */
    public static native int gnomon_set_priority(int priority);

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
