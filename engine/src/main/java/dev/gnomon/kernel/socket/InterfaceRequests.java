package dev.gnomon.kernel.socket;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Interface;
import java.nio.charset.StandardCharsets;

/** {@code ioctl(2)} requests about interfaces, {@code netdevice(7)}. They can be read, not set. */
public final class InterfaceRequests {
    private static final int SIOCGIFNAME = 0x8910;
    private static final int SIOCGIFCONF = 0x8912;
    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int SIOCGIFADDR = 0x8915;
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCGIFDSTADDR = 0x8917;
    private static final int SIOCGIFBRDADDR = 0x8919;
    private static final int SIOCGIFNETMASK = 0x891b;
    private static final int SIOCGIFMETRIC = 0x891d;
    private static final int SIOCGIFMTU = 0x8921;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int SIOCGIFTXQLEN = 0x8942;

    /** {@code sizeof(struct ifreq)}. */
    private static final int REQUEST_BYTES = 40;

    private static final int NAME_BYTES = 16;

    private InterfaceRequests() {}

    public static boolean isOne(int request) {
        return switch (request) {
            case SIOCGIFNAME,
                    SIOCGIFCONF,
                    SIOCGIFFLAGS,
                    SIOCSIFFLAGS,
                    SIOCGIFADDR,
                    SIOCSIFADDR,
                    SIOCGIFDSTADDR,
                    SIOCGIFBRDADDR,
                    SIOCGIFNETMASK,
                    SIOCGIFMETRIC,
                    SIOCGIFMTU,
                    SIOCGIFHWADDR,
                    SIOCGIFINDEX,
                    SIOCGIFTXQLEN -> true;
            default -> false;
        };
    }

    public static long answer(Kernel kernel, int request, long address, GuestMemory memory) {
        HostNetwork network = kernel.network();
        if (request == SIOCGIFCONF) {
            return configuration(network, address, memory);
        }
        byte[] entry = kernel.scratch(REQUEST_BYTES);
        if (!memory.read(address, entry, 0, REQUEST_BYTES)) {
            return -Errno.EFAULT;
        }
        if (request == SIOCSIFFLAGS || request == SIOCSIFADDR) {
            return -Errno.EPERM;
        }
        int index = request == SIOCGIFNAME
                ? LittleEndian.getInt(entry, NAME_BYTES)
                : HostInterfaces.indexOf(network, name(entry));
        Interface device = HostInterfaces.byIndex(network, index);
        if (device == null) {
            return -Errno.ENODEV;
        }
        int error = fill(network, request, entry, index, device);
        if (error != 0) {
            return error;
        }
        return memory.write(address, entry, 0, REQUEST_BYTES) ? 0 : -Errno.EFAULT;
    }

    private static int fill(HostNetwork network, int request, byte[] entry, int index, Interface device) {
        int value = NAME_BYTES;
        switch (request) {
            case SIOCGIFNAME -> putName(entry, 0, device.name());
            case SIOCGIFFLAGS -> LittleEndian.putShort(entry, value, HostInterfaces.flags(index));
            case SIOCGIFADDR, SIOCGIFDSTADDR -> putAddress(entry, value, device.address());
            case SIOCGIFBRDADDR ->
                putAddress(
                        entry,
                        value,
                        index == HostInterfaces.LOOPBACK_INDEX ? 0 : device.address() | ~HostInterfaces.netmask(index));
            case SIOCGIFNETMASK -> putAddress(entry, value, HostInterfaces.netmask(index));
            case SIOCGIFMETRIC -> LittleEndian.putInt(entry, value, 0);
            case SIOCGIFMTU -> LittleEndian.putInt(entry, value, device.maximumTransmissionUnit());
            case SIOCGIFHWADDR -> {
                java.util.Arrays.fill(entry, value, value + 16, (byte) 0);
                LittleEndian.putShort(entry, value, HostInterfaces.hardwareType(index));
                HostInterfaces.hardwareAddress(network, index, entry, value + 2);
            }
            case SIOCGIFINDEX -> LittleEndian.putInt(entry, value, index);
            case SIOCGIFTXQLEN -> LittleEndian.putInt(entry, value, HostInterfaces.TRANSMIT_QUEUE_LENGTH);
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    /** {@code struct ifconf}: a length and, padded, a pointer. Without a pointer the length needed is answered. */
    private static long configuration(HostNetwork network, long address, GuestMemory memory) {
        long room = memory.readInt(address);
        long[] pointer = new long[1];
        if (room == GuestMemory.UNREADABLE || !memory.readLong(address + 8, pointer)) {
            return -Errno.EFAULT;
        }
        int written = 0;
        byte[] entry = new byte[REQUEST_BYTES];
        for (int index = HostInterfaces.LOOPBACK_INDEX; index <= HostInterfaces.EXTERNAL_INDEX; index++) {
            if (pointer[0] != 0) {
                if ((int) room - written < REQUEST_BYTES) {
                    break;
                }
                Interface device = HostInterfaces.byIndex(network, index);
                java.util.Arrays.fill(entry, (byte) 0);
                putName(entry, 0, device.name());
                putAddress(entry, NAME_BYTES, device.address());
                if (!memory.write(pointer[0] + written, entry, 0, REQUEST_BYTES)) {
                    return -Errno.EFAULT;
                }
            }
            written += REQUEST_BYTES;
        }
        return memory.writeInt(address, written) ? 0 : -Errno.EFAULT;
    }

    private static String name(byte[] entry) {
        int end = 0;
        while (end < NAME_BYTES - 1 && entry[end] != 0) {
            end++;
        }
        return new String(entry, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static void putName(byte[] entry, int offset, String name) {
        java.util.Arrays.fill(entry, offset, offset + NAME_BYTES, (byte) 0);
        for (int i = 0; i < name.length(); i++) {
            entry[offset + i] = (byte) name.charAt(i);
        }
    }

    private static void putAddress(byte[] entry, int offset, int address) {
        java.util.Arrays.fill(entry, offset, offset + SocketAddress.INET_BYTES, (byte) 0);
        LittleEndian.putShort(entry, offset, Socket.AF_INET);
        LittleEndian.putNetworkInt(entry, offset + 4, address);
    }
}
