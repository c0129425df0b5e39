package dev.gnomon.kernel.socket;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.ObjectDescriptor;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.tcp.TcpSocket;
import java.nio.charset.StandardCharsets;

/** A TCP socket as a program sees it, {@code tcp(7)}. */
public final class TcpStreamSocket extends InetSocket {
    private static final int IPPROTO_TCP = 6;
    private static final int CHUNK_BYTES = 65_536;

    private static final int TCP_NODELAY = 1;
    private static final int TCP_MAXSEG = 2;
    private static final int TCP_CORK = 3;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_SYNCNT = 7;
    private static final int TCP_LINGER2 = 8;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_WINDOW_CLAMP = 10;
    private static final int TCP_INFO = 11;
    private static final int TCP_QUICKACK = 12;
    private static final int TCP_CONGESTION = 13;
    private static final int TCP_USER_TIMEOUT = 18;
    private static final int TCP_FASTOPEN = 23;
    private static final int TCP_NOTSENT_LOWAT = 25;
    private static final int TCP_FASTOPEN_CONNECT = 30;
    private static final int CONGESTION_NAME_BYTES = 16;
    private static final byte[] CUBIC = "cubic".getBytes(StandardCharsets.US_ASCII);
    private static final int FIN_TIMEOUT_SECONDS = 60;

    private static final int SIOCATMARK = 0x8905;
    private static final int SIOCOUTQNSD = 0x894B;

    private final TcpSocket tcp;
    private int notSentLowWater = -1;

    public TcpStreamSocket(Kernel kernel, boolean nonBlocking) {
        this(kernel, kernel.network().openTcp(), nonBlocking);
    }

    private TcpStreamSocket(Kernel kernel, TcpSocket tcp, boolean nonBlocking) {
        super(kernel, tcp, SOCK_STREAM, IPPROTO_TCP, nonBlocking);
        this.tcp = tcp;
    }

    @Override
    public long listen(GuestThread caller, int backlog) {
        return tcp.listen(backlog);
    }

    @Override
    protected boolean isListening() {
        return tcp.isListening();
    }

    @Override
    public long acceptable() {
        if (!tcp.isListening()) {
            return -Errno.EINVAL;
        }
        return (tcp.readiness() & dev.gnomon.kernel.Poll.IN) != 0 ? 0 : -Errno.EAGAIN;
    }

    @Override
    public Socket accept(boolean nonBlocking) {
        TcpStreamSocket accepted = new TcpStreamSocket(kernel(), tcp.accept(), nonBlocking);
        accepted.inheritOptions(this);
        return accepted;
    }

    @Override
    public long send(SocketMessage message) {
        if (message.has(MSG_OOB | MSG_FASTOPEN)) {
            return -Errno.EOPNOTSUPP;
        }
        UserBuffer data = message.data();
        long start = data.moved();
        long done = 0;
        do {
            int chunk = (int) Math.min(CHUNK_BYTES, data.remaining());
            byte[] bytes = kernel().scratch(chunk);
            int read = data.get(bytes, 0, chunk);
            if (read < 0) {
                return done > 0 ? done : read;
            }
            boolean more = message.has(MSG_MORE) || data.remaining() > 0;
            int sent = tcp.send(bytes, 0, read, more);
            if (sent < 0) {
                data.moveTo(start + done);
                return done > 0 ? done : sent;
            }
            done += sent;
            if (sent < read || read < chunk) {
                data.moveTo(start + done);
                break;
            }
        } while (data.remaining() > 0);
        return done;
    }

    @Override
    public long receive(SocketMessage message) {
        if (message.has(MSG_OOB)) {
            return -Errno.EINVAL;
        }
        UserBuffer data = message.data();
        boolean peek = message.has(MSG_PEEK);
        boolean discard = message.has(MSG_TRUNC);
        long done = 0;
        do {
            // What is peeked at comes in one piece, since it stays where it is.
            int limit = peek ? Math.max(1, tcp.receivableBytes()) : CHUNK_BYTES;
            int chunk = (int) Math.min(limit, data.remaining());
            byte[] bytes = kernel().scratch(chunk);
            int received = tcp.receive(bytes, 0, chunk, peek);
            if (received <= 0) {
                return done > 0 ? done : received;
            }
            if (!peek) {
                consumed(received);
            }
            if (discard) {
                data.skip(received);
            } else {
                int stored = data.put(bytes, 0, received);
                if (stored < received) {
                    return done + Math.max(stored, 0) > 0 ? done + Math.max(stored, 0) : -Errno.EFAULT;
                }
            }
            done += received;
            if (peek || received < chunk) {
                break;
            }
        } while (data.remaining() > 0);
        return done;
    }

    // ---- shown to guests

    @Override
    protected void show(GuestObject object) {
        if (tcp.isListening()) {
            showSocket(object, ObjectDescriptor.KIND_LISTENER, 0, tcp.lastingReadiness());
            return;
        }
        int flags = ObjectDescriptor.READS;
        if (mirror(object) && tcp.receivesPlainly()) {
            flags |= ObjectDescriptor.COMPLETE;
        }
        if (tcp.atEnd()) {
            flags |= ObjectDescriptor.END;
        }
        int room = tcp.sendRoom();
        if (room > 0) {
            flags |= ObjectDescriptor.WRITES;
        }
        int lasting = tcp.lastingReadiness();
        int writableRoom = Integer.MAX_VALUE;
        if (tcp.isSynchronized() && (lasting & Readiness.POLLOUT) == 0) {
            flags |= ObjectDescriptor.NOTES_FULL;
            writableRoom = tcp.writableRoom();
        }
        object.room(room, 1, writableRoom);
        showSocket(object, ObjectDescriptor.KIND_STREAM, flags, lasting);
    }

    /** Adds what is to be read to the mirror. Returns whether all of it is there. */
    private boolean mirror(GuestObject object) {
        int left = tcp.receivableBytes() - object.mirrored();
        while (left > 0) {
            int part = Math.min(Math.min(left, object.mirrorRoom()), CHUNK_BYTES);
            if (part == 0) {
                return false;
            }
            byte[] bytes = kernel().scratch(part);
            tcp.peek(object.mirrored(), bytes, 0, part);
            object.mirror(bytes, 0, part);
            left -= part;
        }
        return true;
    }

    // ---- options

    @Override
    protected void setReceiveLowWater(int bytes) {
        tcp.setReceiveLowWater(bytes);
        changed();
    }

    @Override
    public int receiveLowWater() {
        return tcp.receiveLowWater();
    }

    @Override
    public long setOption(int level, int name, byte[] value, int length) {
        if (level != IPPROTO_TCP) {
            return super.setOption(level, name, value, length);
        }
        if (name == TCP_CONGESTION) {
            return setCongestionControl(value, length);
        }
        if (length < 4) {
            return -Errno.EINVAL;
        }
        int number = LittleEndian.getInt(value, 0);
        switch (name) {
            case TCP_NODELAY:
                tcp.options().setNoDelay(number != 0);
                return 0;
            case TCP_CORK:
                tcp.options().setCork(number != 0);
                return 0;
            case TCP_MAXSEG:
                return tcp.options().setMaximumSegment(number);
            case TCP_KEEPIDLE:
                return tcp.options().setKeepIdle(number);
            case TCP_KEEPINTVL:
                return tcp.options().setKeepInterval(number);
            case TCP_KEEPCNT:
                return tcp.options().setKeepCount(number);
            case TCP_SYNCNT:
                return tcp.options().setSynCount(number);
            case TCP_DEFER_ACCEPT:
                tcp.options().setDeferAccept(Math.max(0, number));
                return 0;
            case TCP_QUICKACK:
                tcp.options().setQuickAcknowledgment((number & 1) != 0);
                return 0;
            case TCP_USER_TIMEOUT:
                return tcp.options().setUserTimeout(number);
            case TCP_NOTSENT_LOWAT:
                notSentLowWater = number;
                return 0;
            case TCP_FASTOPEN, TCP_FASTOPEN_CONNECT:
                return -Errno.EOPNOTSUPP;
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    /** {@code cubic} is all there is. */
    private static long setCongestionControl(byte[] value, int length) {
        if (length < 1) {
            return -Errno.EINVAL;
        }
        int end = 0;
        while (end < Math.min(length, CONGESTION_NAME_BYTES - 1) && value[end] != 0) {
            end++;
        }
        return end == CUBIC.length && java.util.Arrays.equals(value, 0, end, CUBIC, 0, end) ? 0 : -Errno.ENOENT;
    }

    @Override
    public long getOption(int level, int name, byte[] value, int room) {
        if (level != IPPROTO_TCP) {
            return super.getOption(level, name, value, room);
        }
        switch (name) {
            case TCP_NODELAY:
                return number(value, tcp.options().noDelay() ? 1 : 0);
            case TCP_CORK:
                return number(value, tcp.options().cork() ? 1 : 0);
            case TCP_MAXSEG:
                return number(value, tcp.options().maximumSegment());
            case TCP_KEEPIDLE:
                return number(value, tcp.options().keepIdle());
            case TCP_KEEPINTVL:
                return number(value, tcp.options().keepInterval());
            case TCP_KEEPCNT:
                return number(value, tcp.options().keepCount());
            case TCP_SYNCNT:
                return number(value, tcp.options().synCount());
            case TCP_LINGER2:
                return number(value, FIN_TIMEOUT_SECONDS);
            case TCP_DEFER_ACCEPT:
                return number(value, tcp.options().deferAccept());
            case TCP_WINDOW_CLAMP:
                return number(value, 0);
            case TCP_INFO:
                return tcp.information(value, 0, room);
            case TCP_QUICKACK:
                return number(value, tcp.options().quickAcknowledgment() ? 1 : 0);
            case TCP_CONGESTION:
                java.util.Arrays.fill(value, 0, CONGESTION_NAME_BYTES, (byte) 0);
                System.arraycopy(CUBIC, 0, value, 0, CUBIC.length);
                return CONGESTION_NAME_BYTES;
            case TCP_USER_TIMEOUT:
                return number(value, tcp.options().userTimeout());
            case TCP_NOTSENT_LOWAT:
                return number(value, notSentLowWater);
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    @Override
    public long control(int request, long argument, GuestMemory memory) {
        if (request == SIOCATMARK) {
            return memory.writeInt(argument, 0) ? 0 : -Errno.EFAULT;
        }
        if (request == SIOCOUTQNSD) {
            if (isListening()) {
                return -Errno.EINVAL;
            }
            return memory.writeInt(argument, tcp.notSentBytes()) ? 0 : -Errno.EFAULT;
        }
        return super.control(request, argument, memory);
    }
}
