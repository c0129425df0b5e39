package dev.gnomon.kernel.netlink;

import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.socket.HostInterfaces;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Interface;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds messages of {@code rtnetlink(7)}. Source of the layouts: {@code include/uapi/linux/rtnetlink.h}, {@code if_link.h}. */
final class RouteMessages {
    static final int HEADER_BYTES = 16;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int RTM_NEWLINK = 16;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_GETROUTE = 26;
    static final int NLM_F_MULTI = 2;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_BROADCAST = 2;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_TXQLEN = 13;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFF_LOWER_UP = 0x10000;
    private static final int IF_OPER_UNKNOWN = 0;
    private static final int IF_OPER_UP = 6;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_PERMANENT = 0x80;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_HOST = 254;

    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_TABLE = 15;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RT_TABLE_LOCAL = 255;
    private static final int RTPROT_KERNEL = 2;
    private static final int RTPROT_BOOT = 3;
    private static final int RTN_UNICAST = 1;
    private static final int RTN_LOCAL = 2;

    private final byte[] bytes = new byte[1024];
    private final HostNetwork network;
    private final int sequence;
    private final int portId;
    private final int flags;
    private int length;

    RouteMessages(HostNetwork network, int sequence, int portId, int flags) {
        this.network = network;
        this.sequence = sequence;
        this.portId = portId;
        this.flags = flags;
    }

    private void begin(int type, int bodyBytes) {
        Arrays.fill(bytes, (byte) 0);
        LittleEndian.putShort(bytes, 4, type);
        LittleEndian.putShort(bytes, 6, flags);
        LittleEndian.putInt(bytes, 8, sequence);
        LittleEndian.putInt(bytes, 12, portId);
        length = HEADER_BYTES + bodyBytes;
    }

    private void attribute(int type, byte[] value) {
        LittleEndian.putShort(bytes, length, 4 + value.length);
        LittleEndian.putShort(bytes, length + 2, type);
        System.arraycopy(value, 0, bytes, length + 4, value.length);
        length += 4 + value.length + 3 & ~3;
    }

    private void number(int type, int value) {
        byte[] encoded = new byte[4];
        LittleEndian.putInt(encoded, 0, value);
        attribute(type, encoded);
    }

    private void address(int type, int value) {
        byte[] encoded = new byte[4];
        LittleEndian.putNetworkInt(encoded, 0, value);
        attribute(type, encoded);
    }

    private void text(int type, String value) {
        attribute(type, (value + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] end() {
        LittleEndian.putInt(bytes, 0, length);
        return Arrays.copyOf(bytes, length);
    }

    byte[] done() {
        begin(NLMSG_DONE, 4);
        return end();
    }

    /** @param error a negative errno, or 0 for an acknowledgment */
    byte[] error(int error, byte[] request, int offset) {
        begin(NLMSG_ERROR, 4 + HEADER_BYTES);
        LittleEndian.putInt(bytes, HEADER_BYTES, error);
        System.arraycopy(request, offset, bytes, HEADER_BYTES + 4, HEADER_BYTES);
        return end();
    }

    byte[] link(int index) {
        Interface device = HostInterfaces.byIndex(network, index);
        boolean loopback = index == HostInterfaces.LOOPBACK_INDEX;
        begin(RTM_NEWLINK, 16);
        LittleEndian.putShort(bytes, HEADER_BYTES + 2, HostInterfaces.hardwareType(index));
        LittleEndian.putInt(bytes, HEADER_BYTES + 4, index);
        LittleEndian.putInt(bytes, HEADER_BYTES + 8, HostInterfaces.flags(index) | IFF_LOWER_UP);
        text(IFLA_IFNAME, device.name());
        number(IFLA_TXQLEN, HostInterfaces.TRANSMIT_QUEUE_LENGTH);
        attribute(IFLA_OPERSTATE, new byte[] {(byte) (loopback ? IF_OPER_UNKNOWN : IF_OPER_UP)});
        number(IFLA_MTU, device.maximumTransmissionUnit());
        byte[] hardware = new byte[HostInterfaces.HARDWARE_ADDRESS_BYTES];
        HostInterfaces.hardwareAddress(network, index, hardware, 0);
        attribute(IFLA_ADDRESS, hardware);
        Arrays.fill(hardware, (byte) (loopback ? 0 : 0xff));
        attribute(IFLA_BROADCAST, hardware);
        return end();
    }

    byte[] address(int index) {
        Interface device = HostInterfaces.byIndex(network, index);
        boolean loopback = index == HostInterfaces.LOOPBACK_INDEX;
        begin(RTM_NEWADDR, 8);
        bytes[HEADER_BYTES] = Socket.AF_INET;
        bytes[HEADER_BYTES + 1] = (byte) HostInterfaces.prefixBits(index);
        bytes[HEADER_BYTES + 2] = (byte) IFA_F_PERMANENT;
        bytes[HEADER_BYTES + 3] = (byte) (loopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE);
        LittleEndian.putInt(bytes, HEADER_BYTES + 4, index);
        address(IFA_ADDRESS, device.address());
        address(IFA_LOCAL, device.address());
        if (!loopback) {
            address(IFA_BROADCAST, device.address() | ~HostInterfaces.netmask(index));
        }
        text(IFA_LABEL, device.name());
        number(IFA_FLAGS, IFA_F_PERMANENT);
        return end();
    }

    /** The route to everything that is not this host: directly by {@code eth0}. */
    byte[] defaultRoute() {
        route(0, 0, RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_LINK, RTN_UNICAST, HostInterfaces.EXTERNAL_INDEX);
        return end();
    }

    byte[] localRoute(int index) {
        boolean loopback = index == HostInterfaces.LOOPBACK_INDEX;
        int destination = HostInterfaces.byIndex(network, index).address();
        route(
                loopback ? destination & HostInterfaces.netmask(index) : destination,
                loopback ? HostInterfaces.prefixBits(index) : 32,
                RT_TABLE_LOCAL,
                RTPROT_KERNEL,
                RT_SCOPE_HOST,
                RTN_LOCAL,
                index);
        return end();
    }

    /** The way to one address. */
    byte[] routeTo(int destination) {
        boolean local = network.isLocal(destination);
        route(
                destination,
                32,
                local ? RT_TABLE_LOCAL : RT_TABLE_MAIN,
                0,
                RT_SCOPE_UNIVERSE,
                local ? RTN_LOCAL : RTN_UNICAST,
                local ? HostInterfaces.LOOPBACK_INDEX : HostInterfaces.EXTERNAL_INDEX);
        return end();
    }

    private void route(int destination, int bits, int table, int protocol, int scope, int type, int index) {
        begin(RTM_NEWROUTE, 12);
        bytes[HEADER_BYTES] = Socket.AF_INET;
        bytes[HEADER_BYTES + 1] = (byte) bits;
        bytes[HEADER_BYTES + 4] = (byte) table;
        bytes[HEADER_BYTES + 5] = (byte) protocol;
        bytes[HEADER_BYTES + 6] = (byte) scope;
        bytes[HEADER_BYTES + 7] = (byte) type;
        number(RTA_TABLE, table);
        if (bits > 0) {
            address(RTA_DST, destination);
        }
        address(RTA_PREFSRC, HostInterfaces.byIndex(network, index).address());
        number(RTA_OIF, index);
    }
}
