package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.network.Errno;

/** Socket addresses between guest memory and calls: {@code move_addr_to_kernel()} and {@code move_addr_to_user()}. */
final class SocketAddresses {
    private SocketAddresses() {}

    /** Reads an address: 0, {@code -EINVAL} for an impossible length, or {@code -EFAULT}. */
    static long read(GuestMemory memory, long address, int length, SocketAddress into) {
        into.length(0);
        if (length < 0 || length > SocketAddress.MAXIMUM_BYTES) {
            return -Errno.EINVAL;
        }
        if (length > 0 && !memory.read(address, into.bytes(), 0, length)) {
            return -Errno.EFAULT;
        }
        into.length(length);
        return 0;
    }

    /**
     * Writes an address, cut to the room that the {@code int} at {@code lengthAddress} says, and its whole length there: 0, {@code
     * -EINVAL} or {@code -EFAULT}.
     */
    static long write(GuestMemory memory, SocketAddress from, long address, long lengthAddress) {
        long room = memory.readInt(lengthAddress);
        if (room == GuestMemory.UNREADABLE) {
            return -Errno.EFAULT;
        }
        if ((int) room < 0) {
            return -Errno.EINVAL;
        }
        int part = Math.min((int) room, from.length());
        if (part > 0 && !memory.write(address, from.bytes(), 0, part)) {
            return -Errno.EFAULT;
        }
        return memory.writeInt(lengthAddress, from.length()) ? 0 : -Errno.EFAULT;
    }
}
