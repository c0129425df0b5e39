package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.netlink.NetlinkSocket;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.kernel.socket.TcpStreamSocket;
import dev.gnomon.kernel.socket.UdpDatagramSocket;
import dev.gnomon.kernel.unix.UnixConnectionSocket;
import dev.gnomon.kernel.unix.UnixDatagramSocket;
import dev.gnomon.network.Errno;

/** Making, naming and connecting sockets, and their options, {@code socket(7)}. */
public final class SocketCalls {
    private static final int SOCK_TYPE_MASK = 0xf;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOCK_MAX = 11;
    /** One more than the last family that Linux knows. */
    private static final int AF_MAX = 46;

    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    private static final int MAXIMUM_BACKLOG = 4096;
    private static final int OPTION_BYTES = 1024;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.SOCKET, SocketCalls::socket);
        table.register(SystemCallNumber.SOCKETPAIR, SocketCalls::socketPair);
        table.register(SystemCallNumber.BIND, SocketCalls::bind);
        table.register(SystemCallNumber.LISTEN, SocketCalls::listen);
        table.register(SystemCallNumber.ACCEPT, context -> accept(context, 0));
        table.register(SystemCallNumber.ACCEPT4, context -> accept(context, context.intArgument(3)));
        table.register(SystemCallNumber.CONNECT, SocketCalls::connect);
        table.register(SystemCallNumber.GETSOCKNAME, context -> name(context, false));
        table.register(SystemCallNumber.GETPEERNAME, context -> name(context, true));
        table.register(SystemCallNumber.SHUTDOWN, SocketCalls::shutdown);
        table.register(SystemCallNumber.SETSOCKOPT, SocketCalls::setOption);
        table.register(SystemCallNumber.GETSOCKOPT, SocketCalls::getOption);
    }

    /** The socket that argument 0 names; null where {@link #notASocket} has the call's result. */
    static Socket socketOf(CallContext context) {
        return context.file(0) instanceof Socket socket ? socket : null;
    }

    /** For a descriptor of the guest's own kernel that says itself whether it is open, and that it is no socket. */
    static long notASocket(CallContext context) {
        return context.file(0) == null ? CallOutcome.NATIVE : -Errno.ENOTSOCK;
    }

    // ---- making

    private static long socket(CallContext context) {
        int type = context.intArgument(1);
        if ((type & ~SOCK_TYPE_MASK & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        int kind = type & SOCK_TYPE_MASK;
        int domain = context.intArgument(0);
        int protocol = context.intArgument(2);
        long refused = refuse(context, domain, kind, protocol);
        if (refused != 0) {
            return refused;
        }
        Socket socket = create(context.kernel(), domain, kind, (type & SOCK_NONBLOCK) != 0);
        return context.install(socket, (type & SOCK_CLOEXEC) != 0);
    }

    /** Why there is no such socket, as a negative errno; 0 where there is. */
    private static long refuse(CallContext context, int domain, int kind, int protocol) {
        if (kind >= SOCK_MAX) {
            return -Errno.EINVAL;
        }
        switch (domain) {
            case Socket.AF_INET:
                if (kind == Socket.SOCK_STREAM) {
                    return protocol == 0 || protocol == IPPROTO_TCP ? 0 : -Errno.EPROTONOSUPPORT;
                }
                if (kind == Socket.SOCK_DGRAM) {
                    return protocol == 0 || protocol == IPPROTO_UDP ? 0 : -Errno.EPROTONOSUPPORT;
                }
                warnUnsupported(context, "IPv4 sockets of type " + kind);
                return -Errno.ESOCKTNOSUPPORT;
            case Socket.AF_UNIX:
                if (protocol != 0 && protocol != Socket.AF_UNIX) {
                    return -Errno.EPROTONOSUPPORT;
                }
                return kind == Socket.SOCK_STREAM
                                || kind == Socket.SOCK_DGRAM
                                || kind == Socket.SOCK_RAW
                                || kind == Socket.SOCK_SEQPACKET
                        ? 0
                        : -Errno.ESOCKTNOSUPPORT;
            case Socket.AF_NETLINK:
                if (kind != Socket.SOCK_RAW && kind != Socket.SOCK_DGRAM) {
                    return -Errno.ESOCKTNOSUPPORT;
                }
                if (protocol != NetlinkSocket.NETLINK_ROUTE) {
                    warnUnsupported(context, "netlink sockets of protocol " + protocol);
                    return -Errno.EPROTONOSUPPORT;
                }
                return 0;
            case Socket.AF_INET6:
                // Programs try it and go on with IPv4, as on a machine without IPv6.
                return -Errno.EAFNOSUPPORT;
            default:
                if (domain > 0 && domain < AF_MAX) {
                    warnUnsupported(context, "sockets of family " + domain);
                }
                return -Errno.EAFNOSUPPORT;
        }
    }

    private static void warnUnsupported(CallContext context, String what) {
        context.environment()
                .warn("unsupported-call", context.process().program(), "socket", what + " are not supported");
    }

    private static Socket create(Kernel kernel, int domain, int kind, boolean nonBlocking) {
        if (domain == Socket.AF_INET) {
            return kind == Socket.SOCK_STREAM
                    ? new TcpStreamSocket(kernel, nonBlocking)
                    : new UdpDatagramSocket(kernel, nonBlocking);
        }
        if (domain == Socket.AF_NETLINK) {
            return new NetlinkSocket(kernel, kind, nonBlocking);
        }
        return kind == Socket.SOCK_STREAM || kind == Socket.SOCK_SEQPACKET
                ? new UnixConnectionSocket(kernel, kind, nonBlocking)
                : new UnixDatagramSocket(kernel, nonBlocking);
    }

    private static long socketPair(CallContext context) {
        int type = context.intArgument(1);
        if ((type & ~SOCK_TYPE_MASK & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        int kind = type & SOCK_TYPE_MASK;
        int domain = context.intArgument(0);
        long refused = refuse(context, domain, kind, context.intArgument(2));
        if (refused != 0) {
            return refused;
        }
        if (domain != Socket.AF_UNIX) {
            return -Errno.EOPNOTSUPP;
        }
        boolean nonBlocking = (type & SOCK_NONBLOCK) != 0;
        Socket first = create(context.kernel(), domain, kind, nonBlocking);
        Socket second = create(context.kernel(), domain, kind, nonBlocking);
        if (first instanceof UnixConnectionSocket one && second instanceof UnixConnectionSocket other) {
            UnixConnectionSocket.pair(context.thread(), one, other);
        } else if (first instanceof UnixDatagramSocket one && second instanceof UnixDatagramSocket other) {
            UnixDatagramSocket.pair(context.thread(), one, other);
        }
        return context.installPair(first, second, (type & SOCK_CLOEXEC) != 0, context.argument(3));
    }

    // ---- names and connections

    /** Reads the address of arguments 1 and 2 into the host's message object: 0 or a negative errno. */
    private static long readAddress(CallContext context) {
        SocketAddress address = context.kernel().socketMessage().address();
        return SocketAddresses.read(context.memory(), context.argument(1), context.intArgument(2), address);
    }

    private static long bind(CallContext context) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        long failure = readAddress(context);
        return failure != 0
                ? failure
                : socket.bind(context.thread(), context.kernel().socketMessage().address());
    }

    private static long listen(CallContext context) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        int backlog = context.intArgument(1);
        return socket.listen(
                context.thread(), Integer.compareUnsigned(backlog, MAXIMUM_BACKLOG) > 0 ? MAXIMUM_BACKLOG : backlog);
    }

    private static long connect(CallContext context) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        long failure = readAddress(context);
        if (failure != 0) {
            return failure;
        }
        long result = socket.connect(
                context.thread(), context.kernel().socketMessage().address());
        boolean underWay = result == -Errno.EINPROGRESS || result == -Errno.EALREADY;
        if (socket.isNonBlocking() || !underWay && result != -Errno.EAGAIN) {
            return result;
        }
        if (context.timedOut()) {
            return underWay ? -Errno.EINPROGRESS : -Errno.EAGAIN;
        }
        return Waiting.untilWritable(context, socket);
    }

    private static long accept(CallContext context, int flags) {
        if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        long result = socket.acceptable();
        if (result == -Errno.EAGAIN && !socket.isNonBlocking()) {
            return Waiting.untilAcceptable(context, socket);
        }
        if (result != 0) {
            return result;
        }
        Socket accepted = socket.accept((flags & SOCK_NONBLOCK) != 0);
        if (context.argument(1) != 0) {
            SocketAddress address = context.kernel().socketMessage().address();
            long failure = accepted.peerName(address);
            if (failure == 0) {
                failure = SocketAddresses.write(context.memory(), address, context.argument(1), context.argument(2));
            } else {
                failure = -Errno.ECONNABORTED;
            }
            if (failure != 0) {
                accepted.acquire();
                accepted.release();
                return failure;
            }
        }
        return context.install(accepted, (flags & SOCK_CLOEXEC) != 0);
    }

    private static long name(CallContext context, boolean ofPeer) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        SocketAddress address = context.kernel().socketMessage().address();
        long failure = ofPeer ? socket.peerName(address) : socket.localName(address);
        return failure != 0
                ? failure
                : SocketAddresses.write(context.memory(), address, context.argument(1), context.argument(2));
    }

    private static long shutdown(CallContext context) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        int how = context.intArgument(1);
        return how < Socket.SHUT_RD || how > Socket.SHUT_RDWR ? -Errno.EINVAL : socket.shutdown(how);
    }

    // ---- options

    private static long setOption(CallContext context) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        int length = context.intArgument(4);
        if (length < 0) {
            return -Errno.EINVAL;
        }
        int part = Math.min(length, OPTION_BYTES);
        byte[] value = context.kernel().scratch(OPTION_BYTES);
        java.util.Arrays.fill(value, 0, 16, (byte) 0);
        if (part > 0 && !context.memory().read(context.argument(3), value, 0, part)) {
            return -Errno.EFAULT;
        }
        return socket.setOption(context.intArgument(1), context.intArgument(2), value, part);
    }

    private static long getOption(CallContext context) {
        Socket socket = socketOf(context);
        if (socket == null) {
            return notASocket(context);
        }
        long room = context.memory().readInt(context.argument(4));
        if (room == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        if ((int) room < 0) {
            return -Errno.EINVAL;
        }
        byte[] value = context.kernel().scratch(OPTION_BYTES);
        int part = (int) Math.min(room, OPTION_BYTES);
        long length = socket.getOption(context.intArgument(1), context.intArgument(2), value, part);
        if (length < 0) {
            return length;
        }
        int written = (int) Math.min(length, part);
        if (written > 0 && !context.memory().write(context.argument(3), value, 0, written)) {
            return -Errno.EFAULT;
        }
        return context.memory().writeInt(context.argument(4), written) ? 0 : -Errno.EFAULT;
    }

    /** The message object of the host, begun for a call of this thread. */
    static SocketMessage begin(CallContext context, dev.gnomon.kernel.UserBuffer buffer, int flags) {
        GuestThread caller = context.thread();
        return context.kernel().socketMessage().begin(caller, buffer, flags);
    }

    /** Whether a call on {@code socket} with these flags returns rather than waits. */
    static boolean isNonBlocking(OpenFile socket, int flags) {
        return socket.isNonBlocking() || (flags & Socket.MSG_DONTWAIT) != 0;
    }
}
