package dev.gnomon.kernel.unix;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.Credentials;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;
import dev.gnomon.network.SocketBuffers;
import java.util.ArrayDeque;
import java.util.ArrayList;

/** What all Unix sockets have: a name, a peer, a queue of messages received. Source of the model: {@code net/unix/af_unix.c}. */
abstract class UnixSocket extends Socket {
    static final int RECEIVE_SHUTDOWN = 1;
    static final int SEND_SHUTDOWN = 2;
    static final int BOTH_SHUTDOWN = 3;
    static final int READABLE = Poll.IN | Poll.RDNORM;
    static final int WRITABLE = Poll.OUT | Poll.WRNORM | Poll.WRBAND;

    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int SIOCINQ = 0x541B;
    private static final int SIOCOUTQ = 0x5411;
    private static final byte[] NO_NAME = new byte[0];

    final ArrayDeque<UnixMessage> queue = new ArrayDeque<>(2);
    /** Sockets that wait for room in what this one queues: messages, or connections to accept. */
    private final ArrayList<UnixSocket> waitingForRoom = new ArrayList<>(0);

    UnixSocket peer;
    int shutdown;
    int error;
    int chargedBytes;
    boolean dead;
    private byte[] name = NO_NAME;
    private String abstractName;
    private Object fileIdentity;
    private int sendBuffer = SocketBuffers.MAXIMUM_BYTES;
    private int receiveBuffer = SocketBuffers.MAXIMUM_BYTES;
    private int peerProcessId;
    private int peerUserId = -1;
    private int peerGroupId = -1;

    UnixSocket(Kernel kernel, int type, boolean nonBlocking) {
        super(kernel, AF_UNIX, type, 0, nonBlocking);
    }

    // ---- names

    @Override
    public long bind(GuestThread caller, SocketAddress address) {
        if (address.length() == 2 && address.family() == AF_UNIX) {
            return name.length > 0 ? 0 : kernel().unixNames().bindAutomatically(this);
        }
        int invalid = UnixNames.validate(address);
        if (invalid != 0) {
            return invalid;
        }
        return name.length > 0 ? -Errno.EINVAL : kernel().unixNames().bind(caller, this, address);
    }

    void bound(byte[] newName, String newAbstractName, Object newFileIdentity) {
        name = newName;
        abstractName = newAbstractName;
        fileIdentity = newFileIdentity;
    }

    /** What stands after the family in the address; empty where the socket has no name. */
    byte[] name() {
        return name;
    }

    /** An accepted socket shows its listener's name, but is not found by it. */
    void borrowName(UnixSocket listener) {
        name = listener.name;
    }

    boolean isBound() {
        return name.length > 0;
    }

    /** A sender that asks for credentials gets a name, so that it can be answered. */
    int bindForCredentials() {
        return option(SO_PASSCRED) && !isBound() ? kernel().unixNames().bindAutomatically(this) : 0;
    }

    @Override
    public long localName(SocketAddress address) {
        address.setUnix(name);
        return 0;
    }

    @Override
    public long peerName(SocketAddress address) {
        if (peer == null) {
            return -Errno.ENOTCONN;
        }
        address.setUnix(peer.name);
        return 0;
    }

    // ---- credentials

    void peerCredentials(int processId, int userId, int groupId) {
        peerProcessId = processId;
        peerUserId = userId;
        peerGroupId = groupId;
    }

    void peerCredentials(GuestProcess process) {
        Credentials credentials = process.credentials();
        peerCredentials(process.processId(), credentials.effectiveUserId(), credentials.effectiveGroupId());
    }

    void copyPeerCredentials(UnixSocket from) {
        peerCredentials(from.peerProcessId, from.peerUserId, from.peerGroupId);
    }

    // ---- sending and receiving

    boolean hasSendRoom() {
        return chargedBytes < sendBuffer;
    }

    int sendBuffer() {
        return sendBuffer;
    }

    boolean isWritable() {
        return chargedBytes << 2 <= sendBuffer;
    }

    /** Puts a message of {@code length} bytes of {@code message}'s data in {@code target}'s queue: 0 or {@code -EFAULT}. */
    int enqueue(UnixSocket target, SocketMessage message, int length, boolean withRights) {
        byte[] bytes = new byte[length];
        if (length > 0 && message.data().get(bytes, 0, length) != length) {
            return -Errno.EFAULT;
        }
        OpenFile[] rights = withRights ? message.rights() : null;
        if (rights != null) {
            for (OpenFile file : rights) {
                file.acquire();
            }
        }
        boolean explicit = message.hasCredentials();
        GuestProcess process = message.process();
        Credentials own = process != null ? process.credentials() : kernel().credentials();
        UnixMessage sent = new UnixMessage(
                this,
                bytes,
                rights,
                name,
                explicit ? message.processId() : process != null ? process.processId() : 0,
                explicit ? message.userId() : own.userId(),
                explicit ? message.groupId() : own.groupId());
        chargedBytes += sent.chargedBytes();
        target.queue.addLast(sent);
        target.waiters().wake(READABLE);
        return 0;
    }

    /** The first message was read whole, or thrown away. */
    void removeFirst() {
        UnixMessage message = queue.removeFirst();
        message.sender.uncharge(message);
        roomAppeared();
    }

    private void uncharge(UnixMessage message) {
        chargedBytes -= message.chargedBytes();
        if (!dead && isWritable()) {
            waiters().wake(WRITABLE);
        }
    }

    /** Has this socket's waiters woken when there is room in {@code other}'s queue. */
    void awaitRoomOf(UnixSocket other) {
        if (!other.waitingForRoom.contains(this)) {
            other.waitingForRoom.add(this);
        }
    }

    void roomAppeared() {
        if (!waitingForRoom.isEmpty()) {
            ArrayList<UnixSocket> waiting = new ArrayList<>(waitingForRoom);
            waitingForRoom.clear();
            for (UnixSocket socket : waiting) {
                socket.waiters().wake(WRITABLE);
            }
        }
    }

    /** Hands the rights and credentials of {@code from} to the receiver. */
    void receiveAncillary(SocketMessage message, UnixMessage from, boolean peek) {
        if (option(SO_PASSCRED)) {
            byte[] credentials = new byte[12];
            LittleEndian.putInt(credentials, 0, from.processId);
            LittleEndian.putInt(credentials, 4, from.userId);
            LittleEndian.putInt(credentials, 8, from.groupId);
            message.control().put(SOL_SOCKET, SCM_CREDENTIALS, credentials, 12);
        }
        receiveRights(message, from, peek);
    }

    void receiveRights(SocketMessage message, UnixMessage from, boolean peek) {
        if (from.rights == null) {
            return;
        }
        message.rights(from.rights);
        if (peek) {
            for (OpenFile file : from.rights) {
                file.acquire();
            }
        } else {
            from.rights = null;
        }
    }

    /** The type of the control message that carries files. */
    public static int rightsType() {
        return SCM_RIGHTS;
    }

    @Override
    public int takeError() {
        int taken = error;
        error = 0;
        return taken;
    }

    // ---- the end

    @Override
    protected void closed() {
        dead = true;
        kernel().unixNames().unbind(this, abstractName, fileIdentity);
        shutdown = BOTH_SHUTDOWN;
        boolean unread = !queue.isEmpty();
        disconnectAtClose(unread);
        while (!queue.isEmpty()) {
            queue.peekFirst().dropRights();
            removeFirst();
        }
        roomAppeared();
        waiters().wake(Poll.HUP | READABLE | WRITABLE);
    }

    /** @param unread whether messages are thrown away that were not read */
    abstract void disconnectAtClose(boolean unread);

    // ---- options and controls

    @Override
    protected int sendBufferBytes() {
        return sendBuffer;
    }

    @Override
    protected void askSendBuffer(int asked) {
        sendBuffer = SocketBuffers.sendBytes(asked);
        if (isWritable()) {
            waiters().wake(WRITABLE);
        }
    }

    @Override
    protected int receiveBufferBytes() {
        return receiveBuffer;
    }

    @Override
    protected void askReceiveBuffer(int asked) {
        receiveBuffer = SocketBuffers.receiveBytes(asked);
    }

    @Override
    public long getOption(int level, int option, byte[] value, int room) {
        if (level == SOL_SOCKET && option == SO_PEERCRED) {
            LittleEndian.putInt(value, 0, peerProcessId);
            LittleEndian.putInt(value, 4, peerUserId);
            LittleEndian.putInt(value, 8, peerGroupId);
            return 12;
        }
        return super.getOption(level, option, value, room);
    }

    @Override
    public long setOption(int level, int option, byte[] value, int length) {
        return level == SOL_SOCKET ? super.setOption(level, option, value, length) : -Errno.EOPNOTSUPP;
    }

    @Override
    public long control(int request, long argument, GuestMemory memory) {
        int answer;
        if (request == SIOCOUTQ) {
            answer = chargedBytes;
        } else if (request == SIOCINQ) {
            if (isListening()) {
                return -Errno.EINVAL;
            }
            answer = 0;
            for (UnixMessage message : queue) {
                answer += message.remaining();
                if (type() == SOCK_DGRAM) {
                    break;
                }
            }
        } else {
            return super.control(request, argument, memory);
        }
        return memory.writeInt(argument, answer) ? 0 : -Errno.EFAULT;
    }
}
