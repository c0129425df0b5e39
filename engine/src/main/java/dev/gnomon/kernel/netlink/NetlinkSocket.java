package dev.gnomon.kernel.netlink;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.socket.HostInterfaces;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.SocketBuffers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * A netlink socket of protocol NETLINK_ROUTE, {@code rtnetlink(7)}: interfaces, addresses and routes can be read. Requests that
 * would change something answer EPERM, others that are not known EOPNOTSUPP.
 */
public final class NetlinkSocket extends Socket {
    public static final int NETLINK_ROUTE = 0;

    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_DUMP = 0x300;
    private static final int FIRST_ROUTE_TYPE = 16;
    private static final int IFLA_IFNAME = 3;
    private static final int RTA_DST = 1;
    private static final int MAXIMUM_REQUEST_BYTES = 32_768;
    private static final int LINK_BODY_BYTES = 16;
    private static final int ROUTE_BODY_BYTES = 12;

    private final ArrayDeque<byte[]> replies = new ArrayDeque<>(2);
    private int portId;
    private int groups;
    private int peerPortId;
    private int sendBuffer = SocketBuffers.MAXIMUM_BYTES;
    private int receiveBuffer = SocketBuffers.MAXIMUM_BYTES;

    public NetlinkSocket(Kernel kernel, int type, boolean nonBlocking) {
        super(kernel, AF_NETLINK, type, NETLINK_ROUTE, nonBlocking);
    }

    // ---- names

    @Override
    public long bind(GuestThread caller, SocketAddress address) {
        if (address.length() < 12 || address.family() != AF_NETLINK) {
            return -Errno.EINVAL;
        }
        int wanted = LittleEndian.getInt(address.bytes(), 4);
        if (portId != 0 && wanted != portId) {
            return -Errno.EINVAL;
        }
        groups = LittleEndian.getInt(address.bytes(), 8);
        if (portId == 0) {
            portId = wanted != 0 ? wanted : automaticPort(caller);
        }
        return 0;
    }

    /** The process's id for its first socket, numbers below -4096 for more, as {@code netlink_autobind()} has it. */
    private int automaticPort(GuestThread caller) {
        return kernel().netlinkPorts().choose(caller.process().processId());
    }

    @Override
    public long connect(GuestThread caller, SocketAddress address) {
        if (address.family() == AF_UNSPEC) {
            peerPortId = 0;
            return 0;
        }
        if (address.length() < 12 || address.family() != AF_NETLINK) {
            return -Errno.EINVAL;
        }
        peerPortId = LittleEndian.getInt(address.bytes(), 4);
        if (portId == 0) {
            portId = automaticPort(caller);
        }
        return 0;
    }

    @Override
    public long localName(SocketAddress name) {
        name.setNetlink(portId, groups);
        return 0;
    }

    @Override
    public long peerName(SocketAddress name) {
        name.setNetlink(peerPortId, 0);
        return 0;
    }

    @Override
    public long shutdown(int how) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int takeError() {
        return 0;
    }

    // ---- requests and replies

    @Override
    public long send(SocketMessage message) {
        int destination = peerPortId;
        if (message.address().length() > 0) {
            if (message.address().length() < 12 || message.address().family() != AF_NETLINK) {
                return -Errno.EINVAL;
            }
            destination = LittleEndian.getInt(message.address().bytes(), 4);
        }
        if (destination != 0) {
            return -Errno.ECONNREFUSED;
        }
        long length = message.data().remaining();
        if (length > MAXIMUM_REQUEST_BYTES) {
            return -Errno.EMSGSIZE;
        }
        if (portId == 0 && message.caller() != null) {
            portId = automaticPort(message.caller());
        }
        byte[] request = new byte[(int) length];
        if (length > 0 && message.data().get(request, 0, request.length) != request.length) {
            return -Errno.EFAULT;
        }
        int offset = 0;
        while (offset + RouteMessages.HEADER_BYTES <= request.length) {
            int bytes = LittleEndian.getInt(request, offset);
            if (bytes < RouteMessages.HEADER_BYTES || bytes > request.length - offset) {
                break;
            }
            answer(request, offset, bytes);
            offset += bytes + 3 & ~3;
        }
        if (!replies.isEmpty()) {
            waiters().wake(Poll.IN | Poll.RDNORM);
        }
        return length;
    }

    private void answer(byte[] request, int offset, int bytes) {
        int type = LittleEndian.getShort(request, offset + 4);
        int flags = LittleEndian.getShort(request, offset + 6);
        if (type < FIRST_ROUTE_TYPE) {
            return;
        }
        boolean dump = (flags & NLM_F_DUMP) != 0;
        int sequence = LittleEndian.getInt(request, offset + 8);
        RouteMessages messages =
                new RouteMessages(kernel().network(), sequence, portId, dump ? RouteMessages.NLM_F_MULTI : 0);
        int error = switch (type) {
            case RouteMessages.RTM_GETLINK -> links(messages, request, offset, bytes, dump);
            case RouteMessages.RTM_GETADDR -> addresses(messages, request, offset, bytes, dump);
            case RouteMessages.RTM_GETROUTE -> routes(messages, request, offset, bytes, dump);
            default -> (type & 3) == 2 ? -Errno.EOPNOTSUPP : -Errno.EPERM;
        };
        if (error != 0 || !dump && (flags & NLM_F_ACK) != 0) {
            replies.addLast(messages.error(error, request, offset));
        }
    }

    private void reply(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        replies.addLast(whole.toByteArray());
    }

    private int links(RouteMessages messages, byte[] request, int offset, int bytes, boolean dump) {
        if (dump) {
            reply(messages.link(HostInterfaces.LOOPBACK_INDEX), messages.link(HostInterfaces.EXTERNAL_INDEX));
            reply(messages.done());
            return 0;
        }
        if (bytes < RouteMessages.HEADER_BYTES + LINK_BODY_BYTES) {
            return -Errno.EINVAL;
        }
        HostNetwork network = kernel().network();
        int index = LittleEndian.getInt(request, offset + RouteMessages.HEADER_BYTES + 4);
        if (index == 0) {
            int at = attribute(request, offset, bytes, LINK_BODY_BYTES, IFLA_IFNAME);
            index = at < 0 ? 0 : HostInterfaces.indexOf(network, text(request, at));
        }
        if (HostInterfaces.byIndex(network, index) == null) {
            return -Errno.ENODEV;
        }
        reply(messages.link(index));
        return 0;
    }

    private int addresses(RouteMessages messages, byte[] request, int offset, int bytes, boolean dump) {
        if (!dump) {
            return -Errno.EOPNOTSUPP;
        }
        if (wantsInet(request, offset, bytes)) {
            reply(messages.address(HostInterfaces.LOOPBACK_INDEX), messages.address(HostInterfaces.EXTERNAL_INDEX));
        }
        reply(messages.done());
        return 0;
    }

    private int routes(RouteMessages messages, byte[] request, int offset, int bytes, boolean dump) {
        if (dump) {
            if (wantsInet(request, offset, bytes)) {
                reply(
                        messages.defaultRoute(),
                        messages.localRoute(HostInterfaces.LOOPBACK_INDEX),
                        messages.localRoute(HostInterfaces.EXTERNAL_INDEX));
            }
            reply(messages.done());
            return 0;
        }
        int at = attribute(request, offset, bytes, ROUTE_BODY_BYTES, RTA_DST);
        if (at < 0 || !wantsInet(request, offset, bytes)) {
            return -Errno.EINVAL;
        }
        reply(messages.routeTo(LittleEndian.getNetworkInt(request, at)));
        return 0;
    }

    /** Whether the family that a request asks for is IPv4, or any. */
    private static boolean wantsInet(byte[] request, int offset, int bytes) {
        int family = bytes > RouteMessages.HEADER_BYTES ? request[offset + RouteMessages.HEADER_BYTES] : 0;
        return family == AF_UNSPEC || family == AF_INET;
    }

    /** Where the value of a request's attribute stands; -1 where it has none of this type. */
    private static int attribute(byte[] request, int offset, int bytes, int bodyBytes, int type) {
        int at = offset + RouteMessages.HEADER_BYTES + bodyBytes;
        int end = offset + bytes;
        while (at + 4 <= end) {
            int length = LittleEndian.getShort(request, at);
            if (length < 4 || at + length > end) {
                return -1;
            }
            if (LittleEndian.getShort(request, at + 2) == type) {
                return length >= 8 ? at + 4 : -1;
            }
            at += length + 3 & ~3;
        }
        return -1;
    }

    private static String text(byte[] request, int at) {
        int end = at;
        while (end < request.length && request[end] != 0) {
            end++;
        }
        return new String(request, at, end - at, StandardCharsets.ISO_8859_1);
    }

    @Override
    public long receive(SocketMessage message) {
        if (message.has(MSG_OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        byte[] first = replies.peekFirst();
        if (first == null) {
            return -Errno.EAGAIN;
        }
        int part = (int) Math.min(first.length, message.data().remaining());
        if (part > 0 && message.data().put(first, 0, part) != part) {
            return -Errno.EFAULT;
        }
        message.address().setNetlink(0, 0);
        if (part < first.length) {
            message.addResultFlags(MSG_TRUNC);
        }
        if (!message.has(MSG_PEEK)) {
            replies.removeFirst();
        }
        return message.has(MSG_TRUNC) ? first.length : part;
    }

    @Override
    public int readiness() {
        int writable = Poll.OUT | Poll.WRNORM | Poll.WRBAND;
        return replies.isEmpty() ? writable : writable | Poll.IN | Poll.RDNORM;
    }

    @Override
    protected void closed() {
        kernel().netlinkPorts().release(portId);
        replies.clear();
    }

    // ---- options

    @Override
    protected int sendBufferBytes() {
        return sendBuffer;
    }

    @Override
    protected void askSendBuffer(int asked) {
        sendBuffer = SocketBuffers.sendBytes(asked);
    }

    @Override
    protected int receiveBufferBytes() {
        return receiveBuffer;
    }

    @Override
    protected void askReceiveBuffer(int asked) {
        receiveBuffer = SocketBuffers.receiveBytes(asked);
    }
}
