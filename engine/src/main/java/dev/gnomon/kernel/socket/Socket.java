package dev.gnomon.kernel.socket;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.KernelEnvironment;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;

/**
 * A socket of any family, with the options that all families share. As with every object nothing here blocks: the calls
 * wait. Source of the options' meaning: {@code socket(7)}, {@code net/core/sock.c}.
 */
public abstract class Socket extends OpenFile {
    public static final int AF_UNSPEC = 0;
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;

    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_SEQPACKET = 5;

    public static final int MSG_OOB = 0x1;
    public static final int MSG_PEEK = 0x2;
    public static final int MSG_CTRUNC = 0x8;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_EOR = 0x80;
    public static final int MSG_WAITALL = 0x100;
    public static final int MSG_ERRQUEUE = 0x2000;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_MORE = 0x8000;
    public static final int MSG_WAITFORONE = 0x10000;
    public static final int MSG_FASTOPEN = 0x2000_0000;
    public static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_BROADCAST = 6;
    public static final int SO_KEEPALIVE = 9;
    public static final int SO_REUSEPORT = 15;
    protected static final int SO_DEBUG = 1;
    protected static final int SO_TYPE = 3;
    protected static final int SO_ERROR = 4;
    protected static final int SO_DONTROUTE = 5;
    protected static final int SO_SNDBUF = 7;
    protected static final int SO_RCVBUF = 8;
    protected static final int SO_OOBINLINE = 10;
    protected static final int SO_NO_CHECK = 11;
    protected static final int SO_PRIORITY = 12;
    protected static final int SO_LINGER = 13;
    protected static final int SO_BSDCOMPAT = 14;
    protected static final int SO_PASSCRED = 16;
    protected static final int SO_PEERCRED = 17;
    protected static final int SO_RCVLOWAT = 18;
    protected static final int SO_SNDLOWAT = 19;
    protected static final int SO_RCVTIMEO = 20;
    protected static final int SO_SNDTIMEO = 21;
    protected static final int SO_BINDTODEVICE = 25;
    protected static final int SO_TIMESTAMP = 29;
    protected static final int SO_ACCEPTCONN = 30;
    protected static final int SO_PEERSEC = 31;
    protected static final int SO_SNDBUFFORCE = 32;
    protected static final int SO_RCVBUFFORCE = 33;
    protected static final int SO_PASSSEC = 34;
    protected static final int SO_TIMESTAMPNS = 35;
    protected static final int SO_MARK = 36;
    protected static final int SO_PROTOCOL = 38;
    protected static final int SO_DOMAIN = 39;
    protected static final int SO_RXQ_OVFL = 40;
    protected static final int SO_PEEK_OFF = 42;
    protected static final int SO_BUSY_POLL = 46;
    protected static final int SO_INCOMING_CPU = 49;
    protected static final int SO_COOKIE = 57;
    protected static final int SO_RCVTIMEO_NEW = 66;
    protected static final int SO_SNDTIMEO_NEW = 67;

    /** Options that are a yes or no and have no effect beyond being read back, or have it where they are asked for. */
    private static final long BOOLEAN_OPTIONS = 1L << SO_DEBUG
            | 1L << SO_REUSEADDR
            | 1L << SO_DONTROUTE
            | 1L << SO_BROADCAST
            | 1L << SO_KEEPALIVE
            | 1L << SO_OOBINLINE
            | 1L << SO_NO_CHECK
            | 1L << SO_REUSEPORT
            | 1L << SO_PASSCRED
            | 1L << SO_TIMESTAMP
            | 1L << SO_PASSSEC
            | 1L << SO_TIMESTAMPNS
            | 1L << SO_RXQ_OVFL;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int INTERFACE_NAME_BYTES = 16;

    private final Kernel kernel;
    private final long inode;
    private final int domain;
    private final int type;
    private final int protocol;
    private long booleans;
    private int priority;
    private int mark;
    private int receiveLowWater = 1;
    private int peekOffset = -1;
    private int lingerSeconds = -1;
    private String boundDevice = "";
    private long readTimeoutNanos = GuestThread.FOREVER;
    private long writeTimeoutNanos = GuestThread.FOREVER;

    protected Socket(Kernel kernel, int domain, int type, int protocol, boolean nonBlocking) {
        super(2 | (nonBlocking ? O_NONBLOCK : 0));
        this.kernel = kernel;
        this.inode = kernel.allocateInode();
        this.domain = domain;
        this.type = type;
        this.protocol = protocol;
    }

    public final Kernel kernel() {
        return kernel;
    }

    public final int domain() {
        return domain;
    }

    public final int type() {
        return type;
    }

    public final int protocol() {
        return protocol;
    }

    // ---- what families do. Results are 0 or counts, or negative errno values.

    /** {@code bind(2)}. */
    public abstract long bind(GuestThread caller, SocketAddress address);

    /**
     * {@code connect(2)}: {@code -EINPROGRESS} where the outcome comes later, {@code -EALREADY} where that is still so, and
     * {@code -EAGAIN} where the peer has no room for it.
     */
    public abstract long connect(GuestThread caller, SocketAddress address);

    /** {@code listen(2)}. */
    public long listen(GuestThread caller, int backlog) {
        return -Errno.EOPNOTSUPP;
    }

    /** 0 where {@link #accept} would give a socket; {@code -EAGAIN} where none waits, or another error. */
    public long acceptable() {
        return -Errno.EOPNOTSUPP;
    }

    /** Takes the connection that waits longest; only after {@link #acceptable} said 0. */
    public Socket accept(boolean nonBlocking) {
        throw new IllegalStateException("does not accept: " + description());
    }

    /** {@code getsockname(2)}. */
    public abstract long localName(SocketAddress name);

    /** {@code getpeername(2)}. */
    public abstract long peerName(SocketAddress name);

    /** Sends what fits. */
    public abstract long send(SocketMessage message);

    /** Receives what is there. */
    public abstract long receive(SocketMessage message);

    /** {@code shutdown(2)}; {@code how} is valid. */
    public abstract long shutdown(int how);

    /** Whether SIGPIPE goes with EPIPE. */
    public boolean raisesPipeSignal() {
        return type == SOCK_STREAM;
    }

    /** The pending error (SO_ERROR), as a positive number; it is forgotten. 0 for none. */
    public abstract int takeError();

    protected boolean isListening() {
        return false;
    }

    // ---- as a file

    @Override
    public boolean isStream() {
        return type == SOCK_STREAM;
    }

    @Override
    public final long read(UserBuffer destination) {
        if (destination.remaining() == 0) {
            return 0;
        }
        return receive(kernel.socketMessage().begin(null, destination, 0));
    }

    @Override
    public final long readFor(GuestThread thread, UserBuffer destination) {
        if (destination.remaining() == 0) {
            return 0;
        }
        return receive(kernel.socketMessage().begin(thread, destination, 0));
    }

    @Override
    public final long write(UserBuffer source) {
        return send(kernel.socketMessage().begin(null, source, 0));
    }

    @Override
    public final long writeFor(GuestThread thread, UserBuffer source) {
        return send(kernel.socketMessage().begin(thread, source, 0));
    }

    @Override
    public final String description() {
        return "socket:[" + inode + "]";
    }

    @Override
    public final long inode() {
        return inode;
    }

    @Override
    public final int mode() {
        return 0140777;
    }

    @Override
    public long readTimeoutNanos() {
        return readTimeoutNanos;
    }

    @Override
    public long writeTimeoutNanos() {
        return writeTimeoutNanos;
    }

    // ---- options

    public final boolean option(int booleanOption) {
        return (booleans & 1L << booleanOption) != 0;
    }

    /** Seconds of SO_LINGER; negative where it is off. */
    public final int lingerSeconds() {
        return lingerSeconds;
    }

    protected final String boundDevice() {
        return boundDevice;
    }

    /** An accepted socket has the options of the one that listened. */
    protected final void inheritOptions(Socket listener) {
        booleans = listener.booleans;
        priority = listener.priority;
        mark = listener.mark;
        receiveLowWater = listener.receiveLowWater;
        lingerSeconds = listener.lingerSeconds;
        boundDevice = listener.boundDevice;
        readTimeoutNanos = listener.readTimeoutNanos;
        writeTimeoutNanos = listener.writeTimeoutNanos;
    }

    /** Told after a yes-or-no option, SO_LINGER or SO_BINDTODEVICE was set. */
    protected void optionChanged(int option) {}

    /** {@code SO_SNDBUF} as it is read. */
    protected abstract int sendBufferBytes();

    /** Sets {@code SO_SNDBUF} as asked, before it is doubled. */
    protected abstract void askSendBuffer(int asked);

    protected abstract int receiveBufferBytes();

    protected abstract void askReceiveBuffer(int asked);

    /**
     * {@code setsockopt(2)}.
     *
     * @param value at least {@code length} bytes; where the guest gave fewer than 4, the rest of the first 4 is 0
     */
    public long setOption(int level, int name, byte[] value, int length) {
        return level == SOL_SOCKET ? setSocketOption(name, value, length) : -Errno.ENOPROTOOPT;
    }

    /**
     * {@code getsockopt(2)}.
     *
     * @param value where the value goes
     * @param room how many bytes the guest takes
     * @return how many bytes the value has
     */
    public long getOption(int level, int name, byte[] value, int room) {
        return level == SOL_SOCKET ? getSocketOption(name, value, room) : -Errno.EOPNOTSUPP;
    }

    private long setSocketOption(int name, byte[] value, int length) {
        if (name == SO_BINDTODEVICE) {
            return bindToDevice(value, length);
        }
        if (length < 4) {
            return -Errno.EINVAL;
        }
        int number = LittleEndian.getInt(value, 0);
        if (name > 0 && name < 64 && (BOOLEAN_OPTIONS & 1L << name) != 0) {
            if (number != 0) {
                booleans |= 1L << name;
            } else {
                booleans &= ~(1L << name);
            }
            optionChanged(name);
            return 0;
        }
        switch (name) {
            case SO_TYPE, SO_PROTOCOL, SO_DOMAIN, SO_ERROR, SO_ACCEPTCONN, SO_PEERCRED, SO_PEERSEC, SO_SNDLOWAT:
                return -Errno.ENOPROTOOPT;
            case SO_SNDBUF, SO_SNDBUFFORCE:
                askSendBuffer(number);
                return 0;
            case SO_RCVBUF, SO_RCVBUFFORCE:
                askReceiveBuffer(number);
                return 0;
            case SO_PRIORITY:
                if (number < 0) {
                    return -Errno.EPERM;
                }
                priority = number;
                return 0;
            case SO_MARK:
                mark = number;
                return 0;
            case SO_LINGER:
                if (length < 8) {
                    return -Errno.EINVAL;
                }
                lingerSeconds = number == 0 ? -1 : Math.max(0, LittleEndian.getInt(value, 4));
                optionChanged(name);
                return 0;
            case SO_RCVLOWAT:
                setReceiveLowWater(number < 0 ? Integer.MAX_VALUE : Math.max(1, number));
                return 0;
            case SO_PEEK_OFF:
                if (domain != AF_UNIX && type != SOCK_DGRAM) {
                    return -Errno.EOPNOTSUPP;
                }
                if (number >= 0) {
                    return -Errno.EOPNOTSUPP;
                }
                peekOffset = number;
                return 0;
            case SO_RCVTIMEO, SO_RCVTIMEO_NEW, SO_SNDTIMEO, SO_SNDTIMEO_NEW:
                return setTimeout(name == SO_RCVTIMEO || name == SO_RCVTIMEO_NEW, value, length);
            case SO_BSDCOMPAT, SO_BUSY_POLL, SO_INCOMING_CPU:
                return 0;
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    /** SO_RCVLOWAT, at least 1. */
    protected void setReceiveLowWater(int bytes) {
        receiveLowWater = bytes;
        changed();
    }

    /** SO_RCVLOWAT: how many bytes a call on a stream waits for, unless it asks for fewer. */
    public int receiveLowWater() {
        return receiveLowWater;
    }

    private long setTimeout(boolean reading, byte[] value, int length) {
        if (length < 16) {
            return -Errno.EINVAL;
        }
        long seconds = LittleEndian.getLong(value, 0);
        long micros = LittleEndian.getLong(value, 8);
        if (micros < 0 || micros >= 1_000_000) {
            return -Errno.EDOM;
        }
        long nanos;
        if (seconds < 0) {
            // A negative time is none at all: calls come back at once.
            nanos = 0;
        } else if (seconds == 0 && micros == 0 || seconds > Long.MAX_VALUE / NANOS_PER_SECOND - 1) {
            nanos = GuestThread.FOREVER;
        } else {
            nanos = seconds * NANOS_PER_SECOND + micros * 1000;
        }
        if (reading) {
            readTimeoutNanos = nanos;
        } else {
            writeTimeoutNanos = nanos;
        }
        return 0;
    }

    private long bindToDevice(byte[] value, int length) {
        int end = 0;
        while (end < length && end < INTERFACE_NAME_BYTES - 1 && value[end] != 0) {
            end++;
        }
        String device = new String(value, 0, end, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (!device.isEmpty() && !device.equals("lo") && !device.equals("eth0")) {
            return -Errno.ENODEV;
        }
        boundDevice = device;
        optionChanged(SO_BINDTODEVICE);
        return 0;
    }

    private long getSocketOption(int name, byte[] value, int room) {
        if (name > 0 && name < 64 && (BOOLEAN_OPTIONS & 1L << name) != 0) {
            return number(value, option(name) ? 1 : 0);
        }
        switch (name) {
            case SO_TYPE:
                return number(value, type);
            case SO_PROTOCOL:
                return number(value, protocol);
            case SO_DOMAIN:
                return number(value, domain);
            case SO_ERROR:
                return number(value, takeError());
            case SO_ACCEPTCONN:
                return number(value, isListening() ? 1 : 0);
            case SO_SNDBUF:
                return number(value, sendBufferBytes());
            case SO_RCVBUF:
                return number(value, receiveBufferBytes());
            case SO_PRIORITY:
                return number(value, priority);
            case SO_MARK:
                return number(value, mark);
            case SO_RCVLOWAT:
                return number(value, receiveLowWater());
            case SO_SNDLOWAT:
                return number(value, 1);
            case SO_PEEK_OFF:
                return number(value, peekOffset);
            case SO_BSDCOMPAT, SO_BUSY_POLL:
                return number(value, 0);
            case SO_INCOMING_CPU:
                return number(value, 0);
            case SO_COOKIE:
                if (room < 8) {
                    return -Errno.EINVAL;
                }
                LittleEndian.putLong(value, 0, inode);
                return 8;
            case SO_LINGER:
                LittleEndian.putInt(value, 0, lingerSeconds >= 0 ? 1 : 0);
                LittleEndian.putInt(value, 4, Math.max(0, lingerSeconds));
                return 8;
            case SO_RCVTIMEO, SO_RCVTIMEO_NEW:
                return timeout(value, readTimeoutNanos);
            case SO_SNDTIMEO, SO_SNDTIMEO_NEW:
                return timeout(value, writeTimeoutNanos);
            case SO_BINDTODEVICE:
                if (boundDevice.isEmpty()) {
                    return 0;
                }
                if (room < INTERFACE_NAME_BYTES) {
                    return -Errno.EINVAL;
                }
                for (int i = 0; i < boundDevice.length(); i++) {
                    value[i] = (byte) boundDevice.charAt(i);
                }
                value[boundDevice.length()] = 0;
                return boundDevice.length() + 1;
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    private static long timeout(byte[] value, long nanos) {
        boolean none = nanos == GuestThread.FOREVER;
        LittleEndian.putLong(value, 0, none ? 0 : nanos / NANOS_PER_SECOND);
        LittleEndian.putLong(value, 8, none ? 0 : nanos % NANOS_PER_SECOND / 1000);
        return 16;
    }

    /** An {@code int} as the value of an option. */
    protected static long number(byte[] value, int number) {
        LittleEndian.putInt(value, 0, number);
        return 4;
    }

    /** Adds SO_TIMESTAMP's or SO_TIMESTAMPNS's control message where the socket asked for it. */
    protected final void addTimestamp(SocketMessage message, long arrivalNanos) {
        boolean nanos = option(SO_TIMESTAMPNS);
        if (!nanos && !option(SO_TIMESTAMP)) {
            return;
        }
        byte[] stamp = new byte[16];
        LittleEndian.putLong(stamp, 0, KernelEnvironment.START_EPOCH_SECONDS + arrivalNanos / NANOS_PER_SECOND);
        long fraction = arrivalNanos % NANOS_PER_SECOND;
        LittleEndian.putLong(stamp, 8, nanos ? fraction : fraction / 1000);
        message.control().put(SOL_SOCKET, nanos ? SO_TIMESTAMPNS : SO_TIMESTAMP, stamp, 16);
    }
}
