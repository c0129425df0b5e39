package dev.gnomon.jna;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file that was built beside the engine and travels in its jar, laid into memory ({@code memfd_create(2)}): it has a path
 * that other processes can open or execute, and no name in any directory that could be left behind.
 */
public final class NativeFile implements AutoCloseable {
    private static final String FOLDER = "/dev/gnomon/native/linux-x86-64/";

    private final int descriptor;
    private boolean closed;

    private NativeFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Lays a file of the engine's jar into memory.
     *
     * @throws IOException where the jar lacks it or the kernel has no room
     */
    public static NativeFile fromJar(String name) throws IOException {
        try (InputStream stream = NativeFile.class.getResourceAsStream(FOLDER + name)) {
            if (stream == null) {
                throw new IOException("the engine was built without its native part: resource=" + FOLDER + name);
            }
            return of(name, stream.readAllBytes());
        }
    }

    /** Lays a file of the file system into memory. */
    public static NativeFile fromPath(Path path) throws IOException {
        return of(path.getFileName().toString(), Files.readAllBytes(path));
    }

    private static NativeFile of(String name, byte[] content) throws IOException {
        int descriptor = create(name);
        NativeFile file = new NativeFile(descriptor);
        try {
            int done = 0;
            while (done < content.length) {
                byte[] rest = done == 0 ? content : Arrays.copyOfRange(content, done, content.length);
                done += Math.toIntExact(LinuxLibrary.write(descriptor, rest, rest.length));
            }
            // Guests may open it: sealed, none can change what the others run.
            LinuxLibrary.fcntl(descriptor, LinuxLibrary.F_ADD_SEALS, LinuxLibrary.F_SEAL_ALL);
            return file;
        } catch (LastErrorException e) {
            file.close();
            throw new IOException(
                    "cannot lay a native file into memory: name=" + name + ", bytes=" + content.length, e);
        }
    }

    private static int create(String name) throws IOException {
        int flags = LinuxLibrary.MFD_CLOEXEC | LinuxLibrary.MFD_ALLOW_SEALING;
        try {
            return LinuxLibrary.memfd_create(name, flags | LinuxLibrary.MFD_EXEC);
        } catch (LastErrorException e) {
            if (e.getErrorCode() != LinuxLibrary.EINVAL) {
                throw new IOException("cannot create a memory file: name=" + name, e);
            }
        }
        try {
            // Kernels before 6.3 do not know MFD_EXEC; there every memory file is executable.
            return LinuxLibrary.memfd_create(name, flags);
        } catch (LastErrorException e) {
            throw new IOException("cannot create a memory file: name=" + name, e);
        }
    }

    /** A path under which any process of this user can open the file while this object is open. */
    public String path() {
        return processPath(descriptor);
    }

    /** The path of one of this process's descriptors, for other processes. */
    public static String processPath(int descriptor) {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LinuxLibrary.close(descriptor);
        }
    }
}
