package dev.gnomon.kernel.pipe;

import java.util.HashMap;

/**
 * The named pipes ({@code fifo(7)}) of one host that are open or being opened. The file system only keeps their names: what
 * is written goes through the host, and an open waits for its partner in virtual time. Hosts do not share them.
 */
public final class NamedPipes {
    private record Node(long device, long inode) {}

    private final HashMap<Node, NamedPipe> pipes = new HashMap<>();

    /**
     * Begins to open a named pipe; {@link NamedPipeFile#isComplete} says whether the other end is there already.
     *
     * @param device and {@code inode}: which file it is
     * @param mode its type and permissions, as {@code stat(2)} gives them
     * @param statusFlags access mode and status flags
     * @param path for {@code /proc/self/fd}
     */
    public NamedPipeFile open(long device, long inode, int mode, int statusFlags, String path) {
        Node node = new Node(device, inode);
        NamedPipe pipe = pipes.computeIfAbsent(node, absent -> new NamedPipe(device, inode, () -> pipes.remove(node)));
        return new NamedPipeFile(pipe, mode, statusFlags, path);
    }

    /** Whether somebody has the pipe open for reading, without whom {@code O_WRONLY | O_NONBLOCK} is refused. */
    public boolean hasReaders(long device, long inode) {
        NamedPipe pipe = pipes.get(new Node(device, inode));
        return pipe != null && pipe.bytes.hasReaders();
    }
}
