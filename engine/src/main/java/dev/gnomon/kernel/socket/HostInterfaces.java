package dev.gnomon.kernel.socket;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Interface;

/** What programs are told about a host's two interfaces: {@code lo} with index 1 and {@code eth0} with index 2. */
public final class HostInterfaces {
    public static final int LOOPBACK_INDEX = 1;
    public static final int EXTERNAL_INDEX = 2;
    public static final int HARDWARE_ADDRESS_BYTES = 6;
    public static final int TRANSMIT_QUEUE_LENGTH = 1000;

    private static final int IFF_UP = 0x1;
    private static final int IFF_BROADCAST = 0x2;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_MULTICAST = 0x1000;
    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int LOOPBACK_PREFIX_BITS = 8;
    private static final int EXTERNAL_PREFIX_BITS = 24;

    private HostInterfaces() {}

    /** The interface of an index; null where there is none. */
    public static Interface byIndex(HostNetwork network, int index) {
        return switch (index) {
            case LOOPBACK_INDEX -> network.loopback();
            case EXTERNAL_INDEX -> network.external();
            default -> null;
        };
    }

    /** The index of an interface's name; 0 where there is none of this name. */
    public static int indexOf(HostNetwork network, String name) {
        for (int index = LOOPBACK_INDEX; index <= EXTERNAL_INDEX; index++) {
            if (byIndex(network, index).name().equals(name)) {
                return index;
            }
        }
        return 0;
    }

    public static int flags(int index) {
        return index == LOOPBACK_INDEX
                ? IFF_UP | IFF_LOOPBACK | IFF_RUNNING
                : IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST;
    }

    public static int hardwareType(int index) {
        return index == LOOPBACK_INDEX ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
    }

    /** Bits of the network part; every other host of the experiment is reached directly all the same. */
    public static int prefixBits(int index) {
        return index == LOOPBACK_INDEX ? LOOPBACK_PREFIX_BITS : EXTERNAL_PREFIX_BITS;
    }

    public static int netmask(int index) {
        return -1 << 32 - prefixBits(index);
    }

    /** Bit 1 of the first byte says that the address is administered locally; the last four are the IPv4 address. */
    public static void hardwareAddress(HostNetwork network, int index, byte[] destination, int offset) {
        java.util.Arrays.fill(destination, offset, offset + HARDWARE_ADDRESS_BYTES, (byte) 0);
        if (index == EXTERNAL_INDEX) {
            destination[offset] = 2;
            dev.gnomon.kernel.LittleEndian.putNetworkInt(
                    destination, offset + 2, network.external().address());
        }
    }
}
