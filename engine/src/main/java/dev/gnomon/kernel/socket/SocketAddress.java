package dev.gnomon.kernel.socket;

import dev.gnomon.kernel.LittleEndian;

/** A {@code struct sockaddr} of any family. One object serves many calls. */
public final class SocketAddress {
    /** {@code sizeof(struct sockaddr_storage)}. */
    public static final int MAXIMUM_BYTES = 128;

    /** {@code sizeof(struct sockaddr_in)}. */
    public static final int INET_BYTES = 16;

    private final byte[] bytes = new byte[MAXIMUM_BYTES];
    private int length;

    public byte[] bytes() {
        return bytes;
    }

    /** 0 where there is no address. */
    public int length() {
        return length;
    }

    public void length(int value) {
        length = value;
    }

    /** The family; 0 (AF_UNSPEC) where the address is too short to have one. */
    public int family() {
        return length >= 2 ? LittleEndian.getShort(bytes, 0) : 0;
    }

    /** Becomes a {@code struct sockaddr_in}. {@code address} is in host order. */
    public void setInet(int address, int port) {
        LittleEndian.putShort(bytes, 0, Socket.AF_INET);
        LittleEndian.putNetworkShort(bytes, 2, port);
        LittleEndian.putNetworkInt(bytes, 4, address);
        LittleEndian.putLong(bytes, 8, 0);
        length = INET_BYTES;
    }

    /** The IPv4 address in host order. */
    public int inetAddress() {
        return LittleEndian.getNetworkInt(bytes, 4);
    }

    public int inetPort() {
        return LittleEndian.getNetworkShort(bytes, 2);
    }

    /** Becomes a {@code struct sockaddr_un}; {@code name} is what stands after the family. */
    public void setUnix(byte[] name) {
        LittleEndian.putShort(bytes, 0, Socket.AF_UNIX);
        System.arraycopy(name, 0, bytes, 2, name.length);
        length = 2 + name.length;
    }

    /** Becomes a {@code struct sockaddr_nl}. */
    public void setNetlink(int portId, int groups) {
        LittleEndian.putInt(bytes, 0, Socket.AF_NETLINK);
        LittleEndian.putInt(bytes, 4, portId);
        LittleEndian.putInt(bytes, 8, groups);
        length = 12;
    }
}
