package dev.gnomon.kernel.unix;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.network.Errno;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The names that a host's Unix sockets are bound to. An abstract name is a name here only. A path is a real socket file, made
 * when it is bound, so that the guest finds, renames and removes it as any file; which socket it leads to is known by the
 * file's identity (device and inode). A socket file that nobody of this host is bound to refuses connections, as in Linux.
 */
public final class UnixNames {
    private static final int FAMILY_BYTES = 2;
    /** {@code sizeof(struct sockaddr_un)}. */
    private static final int MAXIMUM_BYTES = 110;

    private final Map<String, UnixSocket> abstractNames = new HashMap<>();
    private final Map<Object, UnixSocket> files = new HashMap<>();
    private UnixSocket found;

    /** Checks an address: 0 or {@code -EINVAL}. */
    static int validate(SocketAddress address) {
        return address.length() <= FAMILY_BYTES
                        || address.length() > MAXIMUM_BYTES
                        || address.family() != Socket.AF_UNIX
                ? -Errno.EINVAL
                : 0;
    }

    /** Gives {@code socket} a name of the kernel's choice: five hexadecimal digits in the abstract namespace. */
    int bindAutomatically(UnixSocket socket) {
        int number = socket.kernel().environment().random().nextInt(1 << 20);
        for (int tried = 0; tried < 1 << 20; tried++) {
            byte[] name = String.format("\0%05x", (number + tried) & 0xfffff).getBytes(StandardCharsets.ISO_8859_1);
            if (bindAbstract(socket, name) == 0) {
                return 0;
            }
        }
        return -Errno.ENOSPC;
    }

    /** Binds to a name that was validated. */
    int bind(GuestThread caller, UnixSocket socket, SocketAddress address) {
        byte[] name = Arrays.copyOfRange(address.bytes(), FAMILY_BYTES, address.length());
        return name[0] == 0 ? bindAbstract(socket, name) : bindFile(caller, socket, name);
    }

    private int bindAbstract(UnixSocket socket, byte[] name) {
        String key = new String(name, StandardCharsets.ISO_8859_1);
        if (abstractNames.putIfAbsent(key, socket) != null) {
            return -Errno.EADDRINUSE;
        }
        socket.bound(name, key, null);
        return 0;
    }

    private int bindFile(GuestThread caller, UnixSocket socket, byte[] name) {
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        try {
            Path path = path(caller, name, end);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return -Errno.EADDRINUSE;
            }
            Path directory = path.getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                return Files.exists(directory) ? -Errno.ENOTDIR : -Errno.ENOENT;
            }
            Object identity = createSocketFile(path);
            files.put(identity, socket);
            socket.bound(Arrays.copyOf(name, end + 1), null, identity);
            return 0;
        } catch (InvalidPathException e) {
            return -Errno.EINVAL;
        } catch (IOException e) {
            return -Errno.EACCES;
        }
    }

    /** Binding a real socket leaves its file; the socket itself is not needed. */
    private static Object createSocketFile(Path path) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
        }
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static Path path(GuestThread caller, byte[] name, int length) {
        String text = new String(name, 0, length, StandardCharsets.UTF_8);
        String from = text.startsWith("/") ? "/root" : "/cwd/";
        return Path.of("/proc/" + caller.channel().machineProcessId() + from + text);
    }

    /**
     * Looks a validated name up.
     *
     * @return 0, and {@link #found} is the socket; or {@code -ECONNREFUSED}, {@code -ENOENT}, {@code -EACCES}
     */
    int find(GuestThread caller, SocketAddress address) {
        found = null;
        byte[] name = Arrays.copyOfRange(address.bytes(), FAMILY_BYTES, address.length());
        if (name[0] == 0) {
            found = abstractNames.get(new String(name, StandardCharsets.ISO_8859_1));
            return found != null ? 0 : -Errno.ECONNREFUSED;
        }
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(caller, name, end), BasicFileAttributes.class);
            found = attributes.isOther() ? files.get(attributes.fileKey()) : null;
            return found != null ? 0 : -Errno.ECONNREFUSED;
        } catch (InvalidPathException e) {
            return -Errno.EINVAL;
        } catch (AccessDeniedException e) {
            return -Errno.EACCES;
        } catch (FileSystemException e) {
            return e.getReason() != null && e.getReason().equals("Not a directory") ? -Errno.ENOTDIR : -Errno.ENOENT;
        } catch (IOException e) {
            return -Errno.ENOENT;
        }
    }

    UnixSocket found() {
        return found;
    }

    /** The socket is closed: its name leads nowhere. A file stays, as in Linux. */
    void unbind(UnixSocket socket, String abstractName, Object fileIdentity) {
        if (abstractName != null) {
            abstractNames.remove(abstractName, socket);
        }
        if (fileIdentity != null) {
            files.remove(fileIdentity, socket);
        }
    }
}
