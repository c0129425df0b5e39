package dev.gnomon.kernel.unix;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;
import java.util.ArrayDeque;

/** A Unix socket of type SOCK_STREAM or SOCK_SEQPACKET. */
public final class UnixConnectionSocket extends UnixSocket {
    private enum State {
        CLOSED,
        LISTENING,
        ESTABLISHED
    }

    /** The most bytes of one stream message: {@code SKB_MAX_HEAD(0) + UNIX_SKB_FRAGS_SZ}. */
    private static final int MAXIMUM_CHUNK_BYTES = 3776 + 32_768;

    private final ArrayDeque<UnixConnectionSocket> toAccept = new ArrayDeque<>(0);
    private State state = State.CLOSED;
    private int backlog;

    public UnixConnectionSocket(Kernel kernel, int type, boolean nonBlocking) {
        super(kernel, type, nonBlocking);
    }

    /** Makes the two of {@code socketpair(2)} each other's peers. */
    public static void pair(GuestThread caller, UnixConnectionSocket first, UnixConnectionSocket second) {
        first.establish(second);
        second.establish(first);
        first.peerCredentials(caller.process());
        second.peerCredentials(caller.process());
    }

    private void establish(UnixConnectionSocket other) {
        peer = other;
        state = State.ESTABLISHED;
    }

    // ---- connections

    @Override
    public long listen(GuestThread caller, int newBacklog) {
        if (!isBound() || state == State.ESTABLISHED) {
            return -Errno.EINVAL;
        }
        boolean grew = Integer.compareUnsigned(newBacklog, backlog) > 0;
        backlog = newBacklog;
        state = State.LISTENING;
        peerCredentials(caller.process());
        if (grew) {
            roomAppeared();
        }
        return 0;
    }

    @Override
    protected boolean isListening() {
        return state == State.LISTENING;
    }

    @Override
    public long connect(GuestThread caller, SocketAddress address) {
        int invalid = UnixNames.validate(address);
        if (invalid == 0) {
            invalid = bindForCredentials();
        }
        if (invalid != 0) {
            return invalid;
        }
        int lookup = kernel().unixNames().find(caller, address);
        if (lookup != 0) {
            return lookup;
        }
        UnixSocket found = kernel().unixNames().found();
        if (found.type() != type()) {
            return -Errno.EPROTOTYPE;
        }
        UnixConnectionSocket listener = (UnixConnectionSocket) found;
        if (!listener.isListening() || (listener.shutdown & RECEIVE_SHUTDOWN) != 0) {
            return -Errno.ECONNREFUSED;
        }
        if (state != State.CLOSED) {
            return state == State.ESTABLISHED ? -Errno.EISCONN : -Errno.EINVAL;
        }
        // The backlog is an unsigned number, and one connection more than it says is taken.
        if (Integer.compareUnsigned(listener.toAccept.size(), listener.backlog) > 0) {
            awaitRoomOf(listener);
            return -Errno.EAGAIN;
        }
        UnixConnectionSocket accepted = new UnixConnectionSocket(kernel(), type(), false);
        accepted.inheritOptions(listener);
        accepted.borrowName(listener);
        accepted.establish(this);
        accepted.peerCredentials(caller.process());
        establish(accepted);
        copyPeerCredentials(listener);
        listener.toAccept.addLast(accepted);
        listener.waiters().wake(READABLE);
        return 0;
    }

    @Override
    public long acceptable() {
        if (!isListening()) {
            return -Errno.EINVAL;
        }
        if (toAccept.isEmpty()) {
            return (shutdown & RECEIVE_SHUTDOWN) != 0 ? -Errno.EINVAL : -Errno.EAGAIN;
        }
        return 0;
    }

    @Override
    public Socket accept(boolean nonBlocking) {
        UnixConnectionSocket accepted = toAccept.removeFirst();
        roomAppeared();
        accepted.statusFlags(accepted.statusFlags() & ~O_NONBLOCK | (nonBlocking ? O_NONBLOCK : 0));
        return accepted;
    }

    @Override
    public long shutdown(int how) {
        int mode = how + 1;
        shutdown |= mode;
        if (peer != null) {
            int peerMode = (mode & RECEIVE_SHUTDOWN) != 0 ? SEND_SHUTDOWN : 0;
            if ((mode & SEND_SHUTDOWN) != 0) {
                peerMode |= RECEIVE_SHUTDOWN;
            }
            peer.shutdown |= peerMode;
            peer.waiters().wake(peerMode == BOTH_SHUTDOWN ? Poll.HUP | READABLE | WRITABLE : READABLE | WRITABLE);
        }
        waiters().wake(READABLE | WRITABLE | Poll.HUP);
        return 0;
    }

    @Override
    void disconnectAtClose(boolean unread) {
        // Connections that nobody accepted end as if they had been accepted and closed with everything unread.
        while (!toAccept.isEmpty()) {
            UnixConnectionSocket embryo = toAccept.removeFirst();
            embryo.acquire();
            embryo.peerIsReset = true;
            embryo.release();
        }
        if (peer != null) {
            UnixSocket other = peer;
            other.shutdown = BOTH_SHUTDOWN;
            if (unread || peerIsReset) {
                other.error = Errno.ECONNRESET;
            }
            other.waiters().wake(READABLE | WRITABLE | Poll.HUP | Poll.ERR);
            peer = null;
        }
    }

    private boolean peerIsReset;

    // ---- data

    @Override
    public long send(SocketMessage message) {
        if (message.has(MSG_OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        if (type() == SOCK_SEQPACKET) {
            return sendPacket(message);
        }
        if (message.address().length() > 0) {
            return state == State.ESTABLISHED ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
        }
        if (state != State.ESTABLISHED) {
            return -Errno.ENOTCONN;
        }
        if ((shutdown & SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        long done = 0;
        boolean first = true;
        while (message.data().remaining() > 0) {
            long blocked = sendBlocked();
            if (blocked != 0) {
                return done > 0 ? done : blocked;
            }
            int chunk =
                    (int) Math.min(message.data().remaining(), Math.min((sendBuffer() >> 1) - 64, MAXIMUM_CHUNK_BYTES));
            int result = enqueue(peer, message, chunk, first);
            if (result != 0) {
                return done > 0 ? done : result;
            }
            first = false;
            done += chunk;
        }
        if (done > 0) {
            message.rights(null);
        }
        return done;
    }

    private long sendBlocked() {
        if (!hasSendRoom()) {
            return error != 0 ? -takeError() : -Errno.EAGAIN;
        }
        if (error != 0) {
            return -takeError();
        }
        return peer == null || peer.dead || (peer.shutdown & RECEIVE_SHUTDOWN) != 0 ? -Errno.EPIPE : 0;
    }

    private long sendPacket(SocketMessage message) {
        if (error != 0) {
            return -takeError();
        }
        if (state != State.ESTABLISHED) {
            return -Errno.ENOTCONN;
        }
        long length = message.data().remaining();
        if (length > sendBuffer() - 32) {
            return -Errno.EMSGSIZE;
        }
        if ((shutdown & SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        long blocked = sendBlocked();
        if (blocked != 0) {
            return blocked;
        }
        int result = enqueue(peer, message, (int) length, true);
        return result != 0 ? result : length;
    }

    @Override
    public long receive(SocketMessage message) {
        if (type() == SOCK_SEQPACKET) {
            if (state != State.ESTABLISHED) {
                return -Errno.ENOTCONN;
            }
            return UnixDatagrams.receive(this, message);
        }
        if (state != State.ESTABLISHED) {
            return -Errno.EINVAL;
        }
        if (message.has(MSG_OOB)) {
            return -Errno.EINVAL;
        }
        boolean peek = message.has(MSG_PEEK);
        boolean withCredentials = option(SO_PASSCRED);
        long done = 0;
        UnixMessage firstRead = null;
        java.util.Iterator<UnixMessage> iterator = null;
        while (message.data().remaining() > 0) {
            UnixMessage next;
            if (peek) {
                iterator = iterator != null ? iterator : queue.iterator();
                next = iterator.hasNext() ? iterator.next() : null;
            } else {
                next = queue.peekFirst();
            }
            if (next == null) {
                break;
            }
            if (firstRead != null && withCredentials && next.processId != firstRead.processId) {
                break;
            }
            int chunk = (int) Math.min(next.remaining(), message.data().remaining());
            int moved = message.data().put(next.bytes, next.offset, chunk);
            if (moved < 0) {
                return done > 0 ? done : moved;
            }
            boolean hadRights = next.rights != null;
            if (firstRead == null) {
                firstRead = next;
                receiveAncillary(message, next, peek);
            } else {
                receiveRights(message, next, peek);
            }
            done += moved;
            if (peek) {
                if (hadRights) {
                    break;
                }
                continue;
            }
            next.offset += moved;
            if (next.remaining() > 0) {
                break;
            }
            removeFirst();
            if (hadRights) {
                break;
            }
        }
        if (done > 0 || message.data().remaining() == 0) {
            return done;
        }
        if (error != 0) {
            return -takeError();
        }
        return (shutdown & RECEIVE_SHUTDOWN) != 0 ? 0 : -Errno.EAGAIN;
    }

    @Override
    public int readiness() {
        int bits = error != 0 ? Poll.ERR : 0;
        if (shutdown == BOTH_SHUTDOWN) {
            bits |= Poll.HUP;
        }
        if ((shutdown & RECEIVE_SHUTDOWN) != 0) {
            bits |= Poll.RDHUP | READABLE;
        }
        if (!queue.isEmpty() || !toAccept.isEmpty()) {
            bits |= READABLE;
        }
        if (state == State.CLOSED) {
            bits |= Poll.HUP;
        }
        return state != State.LISTENING && isWritable() ? bits | WRITABLE : bits;
    }
}
