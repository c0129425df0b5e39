package dev.gnomon.kernel;

import dev.gnomon.guest.GuestProcessHandle;
import dev.gnomon.kernel.netlink.NetlinkPorts;
import dev.gnomon.kernel.pipe.NamedPipes;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.kernel.unix.UnixNames;
import dev.gnomon.network.HostNetwork;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One simulated machine's kernel: what all its processes share. */
public final class Kernel {
    /** The first process id that a host gives out. */
    public static final int FIRST_PROCESS_ID = 1000;

    private final KernelEnvironment environment;
    private final String hostName;
    private final HostNetwork network;
    private final Credentials credentials;
    private final SpecialPaths specialPaths;
    private final Futexes futexes;
    private final ShownObjects shownObjects = new ShownObjects();
    private final TreeMap<Integer, GuestProcess> processes = new TreeMap<>();
    private final Consumer<GuestProcess> processEnded;
    private final SocketMessage socketMessage = new SocketMessage();
    private final UnixNames unixNames = new UnixNames();
    private final NetlinkPorts netlinkPorts = new NetlinkPorts();
    private final NamedPipes namedPipes = new NamedPipes();
    private byte[] scratch = new byte[4096];
    private byte[] transferBytes;
    private int nextProcessId = FIRST_PROCESS_ID;
    private long nextInode = 1;

    /**
     * @param credentials of the processes that the definition starts
     * @param processEnded told of every process that has ended, before its parent is
     */
    public Kernel(
            KernelEnvironment environment,
            String hostName,
            HostNetwork network,
            Credentials credentials,
            SpecialPaths specialPaths,
            Consumer<GuestProcess> processEnded) {
        this.environment = environment;
        this.hostName = hostName;
        this.network = network;
        this.credentials = credentials;
        this.specialPaths = specialPaths;
        this.processEnded = processEnded;
        this.futexes = new Futexes(environment::showFutexWaiters);
    }

    public KernelEnvironment environment() {
        return environment;
    }

    public String hostName() {
        return hostName;
    }

    public HostNetwork network() {
        return network;
    }

    /** Who the processes are that the definition starts. */
    public Credentials credentials() {
        return credentials;
    }

    public SpecialPaths specialPaths() {
        return specialPaths;
    }

    public Futexes futexes() {
        return futexes;
    }

    /** What guests see of the objects. */
    public ShownObjects shownObjects() {
        return shownObjects;
    }

    /**
     * Bytes for use within one call, so that calls need not allocate. Their content is whatever the last user left.
     *
     * @param bytes how many are needed at least
     */
    public byte[] scratch(int bytes) {
        if (scratch.length < bytes) {
            scratch = new byte[Math.max(bytes, 65_536)];
        }
        return scratch;
    }

    /** 64 KiB for bytes on their way from one object to another, which are not disturbed by {@link #scratch}. */
    public byte[] transferBytes() {
        if (transferBytes == null) {
            transferBytes = new byte[65_536];
        }
        return transferBytes;
    }

    /** The object in which one call after the other says what it sends or receives. */
    public SocketMessage socketMessage() {
        return socketMessage;
    }

    /** The names of Unix sockets. */
    public UnixNames unixNames() {
        return unixNames;
    }

    /** The named pipes that are open. */
    public NamedPipes namedPipes() {
        return namedPipes;
    }

    /** The port numbers of netlink sockets. */
    public NetlinkPorts netlinkPorts() {
        return netlinkPorts;
    }

    /** A number for the next process or thread; they are never used again in a run. */
    public int allocateProcessId() {
        return nextProcessId++;
    }

    /** An inode number for an object that is not a file. */
    public long allocateInode() {
        return nextInode++;
    }

    /** @param parent null for a process that the definition starts */
    public GuestProcess addProcess(GuestProcessHandle handle, int processId, GuestProcess parent, String program) {
        GuestProcess process = new GuestProcess(this, handle, processId, parent, program);
        processes.put(processId, process);
        return process;
    }

    /** The process with a virtual id, zombies included; null where there is none. */
    public GuestProcess process(int processId) {
        return processes.get(processId);
    }

    /** All processes, zombies included, by process id. */
    public Collection<GuestProcess> processes() {
        return processes.values();
    }

    void processEnded(GuestProcess process) {
        processEnded.accept(process);
    }

    void forget(GuestProcess process) {
        processes.remove(process.processId());
    }
}
