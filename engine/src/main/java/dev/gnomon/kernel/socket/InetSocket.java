package dev.gnomon.kernel.socket;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.ObjectDescriptor;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.Poll;
import dev.gnomon.network.Errno;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.ReadinessListener;
import dev.gnomon.network.TransportSocket;

/** An IPv4 socket: addresses and the options of {@code ip(7)} over a socket of the host's network stack. */
public abstract class InetSocket extends Socket {
    protected static final int SOL_IP = 0;
    protected static final int IP_TOS = 1;
    protected static final int IP_TTL = 2;
    protected static final int IP_PKTINFO = 8;
    protected static final int IP_MTU_DISCOVER = 10;
    protected static final int IP_RECVERR = 11;
    protected static final int IP_RECVTTL = 12;
    protected static final int IP_RECVTOS = 13;
    protected static final int IP_MTU = 14;
    protected static final int IP_RECVORIGDSTADDR = 20;
    private static final int IP_FREEBIND = 15;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int IP_MULTICAST_TTL = 33;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int IP_DROP_MEMBERSHIP = 36;
    private static final int IP_OPTIONS_END = 64;
    private static final int DEFAULT_TTL = 64;
    private static final int IP_PMTUDISC_WANT = 1;
    private static final int IP_PMTUDISC_OMIT = 5;

    private static final int SIOCINQ = 0x541B;
    private static final int SIOCOUTQ = 0x5411;

    /** Options that are a yes or no. */
    private static final long IP_BOOLEANS = 1L << IP_PKTINFO
            | 1L << IP_RECVERR
            | 1L << IP_RECVTTL
            | 1L << IP_RECVTOS
            | 1L << IP_FREEBIND
            | 1L << IP_RECVORIGDSTADDR
            | 1L << IP_BIND_ADDRESS_NO_PORT
            | 1L << IP_MULTICAST_LOOP;

    private final TransportSocket transport;
    private long ipBooleans = 1L << IP_MULTICAST_LOOP;
    private int typeOfService;
    private int timeToLive = -1;
    private int multicastTimeToLive = 1;
    private int mtuDiscover = IP_PMTUDISC_WANT;

    InetSocket(Kernel kernel, TransportSocket transport, int type, int protocol, boolean nonBlocking) {
        super(kernel, AF_INET, type, protocol, nonBlocking);
        this.transport = transport;
        transport.readinessListener(new ReadinessListener() {
            @Override
            public void readinessChanged(TransportSocket socket, int bits) {
                waiters().wake(pollBits(bits));
            }

            @Override
            public void stateChanged(TransportSocket socket) {
                changed();
            }
        });
    }

    @Override
    protected final boolean isShowable() {
        return true;
    }

    /** Shows what all IPv4 sockets have: what kind they are, names, lasting readiness and options. */
    protected final void showSocket(GuestObject object, int kind, int flags, int lastingReadiness) {
        int all = flags | ObjectDescriptor.SOCKET | ObjectDescriptor.NAMED;
        if (!transport.hasError()) {
            all |= ObjectDescriptor.NO_ERROR;
        }
        if (transport.connected()) {
            all |= ObjectDescriptor.CONNECTED;
        }
        // What a mark says of reading, or a signal of readiness, is the engine's to know.
        boolean opaque = (statusFlags() & O_ASYNC) != 0 || isStream() && receiveLowWater() > 1;
        object.kind(opaque ? ObjectDescriptor.KIND_OPAQUE : kind, all, statusFlags());
        object.events(pollBits(lastingReadiness), Poll.IN | Poll.RDNORM, Poll.OUT | Poll.WRNORM);
        object.socket(domain(), type(), protocol());
        object.names(
                transport.localAddress(), transport.localPort(), transport.remoteAddress(), transport.remotePort());
    }

    /** The network's bits with those that {@code poll(2)} shows beside them. */
    static int pollBits(int bits) {
        int result = bits;
        if ((bits & Readiness.POLLIN) != 0) {
            result |= Poll.RDNORM;
        }
        if ((bits & Readiness.POLLOUT) != 0) {
            result |= Poll.WRNORM;
        }
        return result;
    }

    @Override
    public final int readiness() {
        return pollBits(transport.readiness());
    }

    // ---- names

    @Override
    public final long bind(GuestThread caller, SocketAddress address) {
        if (address.length() < SocketAddress.INET_BYTES) {
            return -Errno.EINVAL;
        }
        if (address.family() != AF_INET && (address.family() != AF_UNSPEC || address.inetAddress() != 0)) {
            return -Errno.EAFNOSUPPORT;
        }
        return transport.bind(address.inetAddress(), address.inetPort());
    }

    @Override
    public final long connect(GuestThread caller, SocketAddress address) {
        if (address.length() < 2) {
            return -Errno.EINVAL;
        }
        if (address.family() == AF_UNSPEC) {
            return transport.disconnect();
        }
        if (address.length() < SocketAddress.INET_BYTES) {
            return -Errno.EINVAL;
        }
        if (address.family() != AF_INET) {
            return -Errno.EAFNOSUPPORT;
        }
        return transport.connect(address.inetAddress(), address.inetPort());
    }

    @Override
    public final long localName(SocketAddress name) {
        name.setInet(transport.localAddress(), transport.localPort());
        return 0;
    }

    @Override
    public final long peerName(SocketAddress name) {
        if (!transport.connected()) {
            return -Errno.ENOTCONN;
        }
        name.setInet(transport.remoteAddress(), transport.remotePort());
        return 0;
    }

    @Override
    public final long shutdown(int how) {
        return transport.shutdown(how);
    }

    @Override
    public final int takeError() {
        return transport.takeError();
    }

    @Override
    protected final void closed() {
        transport.close();
        waiters().wake(Poll.HUP | Poll.IN | Poll.OUT);
    }

    // ---- options

    protected final boolean ipOption(int option) {
        return (ipBooleans & 1L << option) != 0;
    }

    protected final int timeToLive() {
        return timeToLive < 0 ? DEFAULT_TTL : timeToLive;
    }

    protected final int typeOfService() {
        return typeOfService;
    }

    @Override
    protected final int sendBufferBytes() {
        return transport.sendBuffer();
    }

    @Override
    protected final void askSendBuffer(int asked) {
        transport.setSendBuffer(asked);
    }

    @Override
    protected final int receiveBufferBytes() {
        return transport.receiveBuffer();
    }

    @Override
    protected final void askReceiveBuffer(int asked) {
        transport.setReceiveBuffer(asked);
    }

    @Override
    protected void optionChanged(int option) {
        switch (option) {
            case SO_REUSEADDR -> transport.setReuseAddress(option(SO_REUSEADDR));
            case SO_REUSEPORT -> transport.setReusePort(option(SO_REUSEPORT));
            case SO_KEEPALIVE -> transport.setKeepAlive(option(SO_KEEPALIVE));
            case SO_BROADCAST -> transport.setBroadcast(option(SO_BROADCAST));
            case SO_LINGER -> transport.setLinger(lingerSeconds());
            default -> {
                // The others are read back, or looked at where they matter.
            }
        }
    }

    @Override
    public long setOption(int level, int name, byte[] value, int length) {
        return level == SOL_IP ? setIpOption(name, value, length) : super.setOption(level, name, value, length);
    }

    @Override
    public long getOption(int level, int name, byte[] value, int room) {
        return level == SOL_IP ? getIpOption(name, value) : super.getOption(level, name, value, room);
    }

    private long setIpOption(int name, byte[] value, int length) {
        if (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP) {
            return -Errno.ENODEV;
        }
        if (length == 0 && name != IP_TOS) {
            return -Errno.EINVAL;
        }
        // One byte is accepted in place of four: do_ip_setsockopt().
        int number = length >= 4 ? dev.gnomon.kernel.LittleEndian.getInt(value, 0) : length == 0 ? 0 : value[0] & 0xff;
        if (name > 0 && name < IP_OPTIONS_END && (IP_BOOLEANS & 1L << name) != 0) {
            ipBooleans = number != 0 ? ipBooleans | 1L << name : ipBooleans & ~(1L << name);
            return 0;
        }
        switch (name) {
            case IP_TOS:
                typeOfService = number & (type() == SOCK_STREAM ? 0xfc : 0xff);
                return 0;
            case IP_TTL:
                if (number != -1 && (number < 1 || number > 255)) {
                    return -Errno.EINVAL;
                }
                timeToLive = number;
                return 0;
            case IP_MULTICAST_TTL:
                if (type() == SOCK_STREAM || number < -1 || number > 255) {
                    return -Errno.EINVAL;
                }
                multicastTimeToLive = number == -1 ? 1 : number;
                return 0;
            case IP_MTU_DISCOVER:
                if (number < 0 || number > IP_PMTUDISC_OMIT) {
                    return -Errno.EINVAL;
                }
                mtuDiscover = number;
                return 0;
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    private long getIpOption(int name, byte[] value) {
        if (name > 0 && name < IP_OPTIONS_END && (IP_BOOLEANS & 1L << name) != 0) {
            return number(value, ipOption(name) ? 1 : 0);
        }
        switch (name) {
            case IP_TOS:
                return number(value, typeOfService);
            case IP_TTL:
                return number(value, timeToLive());
            case IP_MULTICAST_TTL:
                return number(value, multicastTimeToLive);
            case IP_MTU_DISCOVER:
                return number(value, mtuDiscover);
            case IP_MTU:
                if (!transport.connected()) {
                    return -Errno.ENOTCONN;
                }
                return number(
                        value,
                        transport.network().route(transport.remoteAddress()).maximumTransmissionUnit());
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    @Override
    public long control(int request, long argument, GuestMemory memory) {
        int answer;
        if (request == SIOCINQ) {
            if (isListening()) {
                return -Errno.EINVAL;
            }
            answer = transport.receivableBytes();
        } else if (request == SIOCOUTQ) {
            if (isListening()) {
                return -Errno.EINVAL;
            }
            answer = transport.unsentBytes();
        } else {
            return super.control(request, argument, memory);
        }
        return memory.writeInt(argument, answer) ? 0 : -Errno.EFAULT;
    }
}
