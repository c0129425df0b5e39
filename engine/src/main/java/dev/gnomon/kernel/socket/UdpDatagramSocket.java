package dev.gnomon.kernel.socket;

import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.ObjectDescriptor;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.network.Errno;
import dev.gnomon.network.Packet;
import dev.gnomon.network.udp.Datagram;
import dev.gnomon.network.udp.UdpSocket;

/** A UDP socket as a program sees it, {@code udp(7)}. */
public final class UdpDatagramSocket extends InetSocket {
    private static final int IPPROTO_UDP = 17;
    private static final int MAXIMUM_BYTES = 65_535;

    private final UdpSocket udp;
    private final Datagram datagram = new Datagram();
    /** How many of the waiting datagrams stand in the mirror. */
    private int mirrored;

    public UdpDatagramSocket(Kernel kernel, boolean nonBlocking) {
        this(kernel, kernel.network().openUdp(), nonBlocking);
    }

    private UdpDatagramSocket(Kernel kernel, UdpSocket udp, boolean nonBlocking) {
        super(kernel, udp, SOCK_DGRAM, IPPROTO_UDP, nonBlocking);
        this.udp = udp;
    }

    @Override
    public long send(SocketMessage message) {
        if (message.has(MSG_OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        long length = message.data().remaining();
        if (length > MAXIMUM_BYTES) {
            return -Errno.EMSGSIZE;
        }
        SocketAddress address = message.address();
        if (address.length() > 0) {
            if (address.length() < SocketAddress.INET_BYTES) {
                return -Errno.EINVAL;
            }
            if (address.family() != AF_INET && address.family() != AF_UNSPEC) {
                return -Errno.EAFNOSUPPORT;
            }
        }
        byte[] bytes = kernel().scratch((int) length);
        if (length > 0 && message.data().get(bytes, 0, (int) length) != length) {
            return -Errno.EFAULT;
        }
        return address.length() > 0
                ? udp.sendTo(bytes, 0, (int) length, address.inetAddress(), address.inetPort())
                : udp.send(bytes, 0, (int) length);
    }

    @Override
    public long receive(SocketMessage message) {
        if (message.has(MSG_OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        int room = (int) Math.min(message.data().remaining(), MAXIMUM_BYTES);
        byte[] bytes = kernel().scratch(room);
        int received = udp.receive(bytes, 0, room, message.has(MSG_PEEK), datagram);
        if (received < 0) {
            return received;
        }
        if (!message.has(MSG_PEEK) && datagram.sourcePort != 0 && mirrored > 0) {
            mirrored--;
            consumed(GuestObject.datagramBytes(datagram.fullLength));
        }
        if (received > 0 && message.data().put(bytes, 0, received) != received) {
            return -Errno.EFAULT;
        }
        if (datagram.sourcePort == 0) {
            // Shut down: there was no datagram.
            return 0;
        }
        message.address().setInet(datagram.sourceAddress, datagram.sourcePort);
        addControl(message);
        if (datagram.fullLength > received) {
            message.addResultFlags(MSG_TRUNC);
        }
        return message.has(MSG_TRUNC) ? datagram.fullLength : received;
    }

    @Override
    protected void show(GuestObject object) {
        int flags = ObjectDescriptor.NOTES_FULL;
        boolean complete = mirror(object);
        if (udp.receivesPlainly()) {
            flags |= ObjectDescriptor.READS | (complete ? ObjectDescriptor.COMPLETE : 0);
        }
        long room = udp.sendRoom();
        if (room > 0) {
            flags |= ObjectDescriptor.WRITES;
        }
        if (hasControl()) {
            flags |= ObjectDescriptor.CONTROL;
        }
        object.room(room, 1, udp.writableRoom());
        showSocket(object, ObjectDescriptor.KIND_DATAGRAM, flags, udp.lastingReadiness());
    }

    /** Adds waiting datagrams to the mirror. Returns whether all of them are there. */
    private boolean mirror(GuestObject object) {
        if (object.mirrored() == 0) {
            mirrored = 0;
        }
        for (; mirrored < udp.receivedCount(); mirrored++) {
            Packet packet = udp.waiting(mirrored);
            if (!object.mirrorDatagram(
                    packet.sourceAddress,
                    packet.sourcePort,
                    packet.payload,
                    packet.payloadOffset,
                    packet.payloadLength)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasControl() {
        return option(SO_TIMESTAMP)
                || option(SO_TIMESTAMPNS)
                || ipOption(IP_PKTINFO)
                || ipOption(IP_RECVTTL)
                || ipOption(IP_RECVTOS)
                || ipOption(IP_RECVORIGDSTADDR);
    }

    private void addControl(SocketMessage message) {
        addTimestamp(message, kernel().environment().nowNanos());
        if (ipOption(IP_PKTINFO)) {
            byte[] information = new byte[12];
            boolean external =
                    datagram.destinationAddress == kernel().network().external().address()
                            && datagram.sourceAddress != datagram.destinationAddress;
            LittleEndian.putInt(
                    information, 0, external ? HostInterfaces.EXTERNAL_INDEX : HostInterfaces.LOOPBACK_INDEX);
            LittleEndian.putNetworkInt(information, 4, datagram.destinationAddress);
            LittleEndian.putNetworkInt(information, 8, datagram.destinationAddress);
            message.control().put(SOL_IP, IP_PKTINFO, information, 12);
        }
        if (ipOption(IP_RECVTTL)) {
            byte[] value = new byte[4];
            LittleEndian.putInt(value, 0, timeToLive());
            message.control().put(SOL_IP, IP_TTL, value, 4);
        }
        if (ipOption(IP_RECVTOS)) {
            message.control().put(SOL_IP, IP_TOS, new byte[1], 1);
        }
        if (ipOption(IP_RECVORIGDSTADDR)) {
            SocketAddress destination = new SocketAddress();
            byte[] local = new byte[SocketAddress.INET_BYTES];
            localName(destination);
            destination.setInet(datagram.destinationAddress, destination.inetPort());
            System.arraycopy(destination.bytes(), 0, local, 0, local.length);
            message.control().put(SOL_IP, IP_RECVORIGDSTADDR, local, local.length);
        }
    }
}
