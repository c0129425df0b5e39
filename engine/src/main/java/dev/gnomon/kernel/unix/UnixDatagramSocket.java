package dev.gnomon.kernel.unix;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;

/** A Unix socket of type SOCK_DGRAM. */
public final class UnixDatagramSocket extends UnixSocket {
    /** Messages that may wait in a socket whose sender is not its own peer: {@code /proc/sys/net/unix/max_dgram_qlen}. */
    private static final int MAXIMUM_QUEUED = 10;

    public UnixDatagramSocket(Kernel kernel, boolean nonBlocking) {
        super(kernel, SOCK_DGRAM, nonBlocking);
    }

    /** Makes the two of {@code socketpair(2)} each other's peers. */
    public static void pair(GuestThread caller, UnixDatagramSocket first, UnixDatagramSocket second) {
        first.peer = second;
        second.peer = first;
        first.peerCredentials(caller.process());
        second.peerCredentials(caller.process());
    }

    @Override
    public long connect(GuestThread caller, SocketAddress address) {
        if (address.family() == AF_UNSPEC) {
            peer = null;
            return 0;
        }
        int invalid = UnixNames.validate(address);
        if (invalid == 0) {
            invalid = bindForCredentials();
        }
        if (invalid != 0) {
            return invalid;
        }
        long found = findTarget(caller, address);
        if (found != 0) {
            return found;
        }
        UnixSocket other = kernel().unixNames().found();
        if (other.peer != null && other.peer != this) {
            return -Errno.EPERM;
        }
        if (peer != null && peer != other) {
            queueOfFormerPeer();
        }
        peer = other;
        waiters().wake(WRITABLE);
        return 0;
    }

    /** What came from the former peer and was not read is forgotten, and that peer hears of it. */
    private void queueOfFormerPeer() {
        UnixSocket former = peer;
        boolean forgotten = !queue.isEmpty();
        while (!queue.isEmpty()) {
            queue.peekFirst().dropRights();
            removeFirst();
        }
        if (forgotten && former.peer == this && !former.dead) {
            former.error = Errno.ECONNRESET;
            former.waiters().wake(Poll.ERR | READABLE | WRITABLE);
        }
    }

    private long findTarget(GuestThread caller, SocketAddress address) {
        int lookup = kernel().unixNames().find(caller, address);
        if (lookup != 0) {
            return lookup;
        }
        return kernel().unixNames().found().type() != SOCK_DGRAM ? -Errno.EPROTOTYPE : 0;
    }

    @Override
    public long send(SocketMessage message) {
        if (message.has(MSG_OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        UnixSocket target;
        if (message.address().length() > 0) {
            int invalid = UnixNames.validate(message.address());
            if (invalid != 0) {
                return invalid;
            }
            long found = findTarget(message.caller(), message.address());
            if (found != 0) {
                return found;
            }
            target = kernel().unixNames().found();
        } else {
            if (peer == null) {
                return -Errno.ENOTCONN;
            }
            target = peer;
        }
        int unnamed = bindForCredentials();
        if (unnamed != 0) {
            return unnamed;
        }
        long length = message.data().remaining();
        if (length > sendBuffer() - 32) {
            return -Errno.EMSGSIZE;
        }
        if (error != 0) {
            return -takeError();
        }
        if ((shutdown & SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        if (!hasSendRoom()) {
            return -Errno.EAGAIN;
        }
        if (target.dead) {
            peer = null;
            return -Errno.ECONNREFUSED;
        }
        if (target.peer != null && target.peer != this) {
            return -Errno.EPERM;
        }
        if ((target.shutdown & RECEIVE_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        if (target.peer != this && target.queue.size() > MAXIMUM_QUEUED) {
            awaitRoomOf(target);
            return -Errno.EAGAIN;
        }
        int result = enqueue(target, message, (int) length, true);
        return result != 0 ? result : length;
    }

    @Override
    public long receive(SocketMessage message) {
        return UnixDatagrams.receive(this, message);
    }

    @Override
    public long shutdown(int how) {
        shutdown |= how + 1;
        waiters().wake(READABLE | WRITABLE | Poll.HUP);
        return 0;
    }

    @Override
    void disconnectAtClose(boolean unread) {
        if (peer != null && peer.peer == this && unread) {
            peer.error = Errno.ECONNRESET;
            peer.waiters().wake(Poll.ERR | READABLE | WRITABLE);
        }
        peer = null;
    }

    @Override
    public int readiness() {
        int bits = error != 0 ? Poll.ERR : 0;
        if ((shutdown & RECEIVE_SHUTDOWN) != 0) {
            bits |= Poll.RDHUP | READABLE;
        }
        if (shutdown == BOTH_SHUTDOWN) {
            bits |= Poll.HUP;
        }
        if (!queue.isEmpty()) {
            bits |= READABLE;
        }
        boolean writable = isWritable();
        if (writable && peer != null && peer.peer != this && peer.queue.size() > MAXIMUM_QUEUED) {
            awaitRoomOf(peer);
            writable = false;
        }
        return writable ? bits | WRITABLE : bits;
    }
}
