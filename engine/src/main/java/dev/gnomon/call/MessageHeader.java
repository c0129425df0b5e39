package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketAddress;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;
import java.util.ArrayList;
import java.util.List;

/** A {@code struct msghdr} in guest memory, read for one call. Source: {@code net/socket.c}, {@code net/core/scm.c}. */
final class MessageHeader {
    static final int BYTES = 56;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int FLAGS_OFFSET = 48;
    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int MAXIMUM_CONTROL_BYTES = 20_480;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_IP = 0;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int IP_TOS = 1;
    private static final int IP_TTL = 2;
    private static final int IP_PKTINFO = 8;

    private final byte[] header = new byte[BYTES];
    private long address;
    private long name;
    private int nameLength;
    private long vectors;
    private long vectorCount;
    private long control;
    private long controlLength;

    /** Reads the structure and describes its data in {@code buffer}: 0 or a negative errno. */
    long read(GuestMemory memory, long headerAddress, UserBuffer buffer) {
        address = headerAddress;
        if (!memory.read(headerAddress, header, 0, BYTES)) {
            return -Errno.EFAULT;
        }
        name = LittleEndian.getLong(header, 0);
        nameLength = LittleEndian.getInt(header, NAME_LENGTH_OFFSET);
        vectors = LittleEndian.getLong(header, 16);
        vectorCount = LittleEndian.getLong(header, 24);
        control = LittleEndian.getLong(header, 32);
        controlLength = LittleEndian.getLong(header, CONTROL_LENGTH_OFFSET);
        if (name == 0) {
            nameLength = 0;
        }
        if (nameLength < 0) {
            return -Errno.EINVAL;
        }
        nameLength = Math.min(nameLength, SocketAddress.MAXIMUM_BYTES);
        if (vectorCount < 0 || vectorCount > UserBuffer.MAXIMUM_VECTORS) {
            return -Errno.EMSGSIZE;
        }
        return buffer.vectors(memory, vectors, vectorCount);
    }

    boolean hasControl() {
        return control != 0;
    }

    /** The room for control messages; 0 where the guest gave none. */
    long controlLength() {
        return control == 0 ? 0 : controlLength;
    }

    /** Reads the destination's address: 0 or a negative errno. */
    long readName(GuestMemory memory, SocketAddress into) {
        return SocketAddresses.read(memory, name, nameLength, into);
    }

    // ---- control messages that are sent

    /** Reads rights and credentials into {@code message}: 0 or a negative errno. */
    long readControl(CallContext context, Socket socket, SocketMessage message) {
        if (controlLength() == 0) {
            return 0;
        }
        if (controlLength < 0 || controlLength > MAXIMUM_CONTROL_BYTES) {
            return -Errno.ENOBUFS;
        }
        byte[] bytes = new byte[(int) controlLength];
        if (!context.memory().read(control, bytes, 0, bytes.length)) {
            return -Errno.EFAULT;
        }
        List<OpenFile> rights = new ArrayList<>();
        int offset = 0;
        while (offset + CONTROL_HEADER_BYTES <= bytes.length) {
            long length = LittleEndian.getLong(bytes, offset);
            if (length < CONTROL_HEADER_BYTES || length > bytes.length - offset) {
                return -Errno.EINVAL;
            }
            int level = LittleEndian.getInt(bytes, offset + 8);
            int type = LittleEndian.getInt(bytes, offset + 12);
            int data = offset + CONTROL_HEADER_BYTES;
            int dataLength = (int) length - CONTROL_HEADER_BYTES;
            long result = readControl(context, socket, message, bytes, level, type, data, dataLength, rights);
            if (result != 0) {
                return result;
            }
            offset += ((int) length + 7) & ~7;
        }
        if (!rights.isEmpty()) {
            message.rights(rights.toArray(new OpenFile[0]));
        }
        return 0;
    }

    private static long readControl(
            CallContext context,
            Socket socket,
            SocketMessage message,
            byte[] bytes,
            int level,
            int type,
            int data,
            int dataLength,
            List<OpenFile> rights) {
        if (socket.domain() == Socket.AF_UNIX && level == SOL_SOCKET && type == SCM_RIGHTS) {
            return readRights(context, bytes, data, dataLength / 4, rights);
        }
        if (socket.domain() == Socket.AF_UNIX && level == SOL_SOCKET && type == SCM_CREDENTIALS) {
            return dataLength == 12 ? readCredentials(context, message, bytes, data) : -Errno.EINVAL;
        }
        if (level == SOL_SOCKET) {
            return -Errno.EINVAL;
        }
        if (socket.domain() == Socket.AF_INET && level == SOL_IP) {
            // They choose the source or mark a packet; hosts have one address a destination, and marks change nothing.
            return type == IP_TOS || type == IP_TTL || type == IP_PKTINFO ? 0 : -Errno.EINVAL;
        }
        return 0;
    }

    private static long readRights(CallContext context, byte[] bytes, int data, int count, List<OpenFile> rights) {
        if (rights.size() + count > SocketMessage.MAXIMUM_RIGHTS) {
            return -Errno.EINVAL;
        }
        for (int i = 0; i < count; i++) {
            int descriptor = LittleEndian.getInt(bytes, data + 4 * i);
            OpenFile file = context.process().descriptors().get(descriptor);
            if (file == null) {
                if (!NativeDescriptors.isOpen(context, descriptor)) {
                    return -Errno.EBADF;
                }
                context.environment()
                        .warn(
                                "unsupported-call",
                                context.process().program(),
                                "sendmsg",
                                "descriptors of regular files cannot be passed to another process");
                return -Errno.EOPNOTSUPP;
            }
            rights.add(file);
        }
        return 0;
    }

    private static long readCredentials(CallContext context, SocketMessage message, byte[] bytes, int data) {
        int processId = LittleEndian.getInt(bytes, data);
        int userId = LittleEndian.getInt(bytes, data + 4);
        int groupId = LittleEndian.getInt(bytes, data + 8);
        GuestProcess process = context.process();
        if (!process.credentials().isPrivileged()
                && (processId != process.processId()
                        || userId != process.credentials().userId()
                        || groupId != process.credentials().groupId())) {
            return -Errno.EPERM;
        }
        if (context.kernel().process(processId) == null) {
            return -Errno.ESRCH;
        }
        message.credentials(processId, userId, groupId);
        return 0;
    }

    // ---- what a receiving call gives back

    /** Writes the sender's address, control messages and flags: 0 or {@code -EFAULT}. */
    long writeBack(GuestMemory memory, SocketMessage message, int extraFlags) {
        if (name != 0) {
            int room = LittleEndian.getInt(header, NAME_LENGTH_OFFSET);
            int part = Math.min(Math.max(room, 0), message.address().length());
            if (part > 0 && !memory.write(name, message.address().bytes(), 0, part)) {
                return -Errno.EFAULT;
            }
            if (!memory.writeInt(address + NAME_LENGTH_OFFSET, message.address().length())) {
                return -Errno.EFAULT;
            }
        }
        int written = message.control().length();
        if (written > 0 && !memory.write(control, message.control().bytes(), 0, written)) {
            return -Errno.EFAULT;
        }
        int flags = message.resultFlags() | extraFlags;
        if (message.control().isTruncated()) {
            flags |= Socket.MSG_CTRUNC;
        }
        boolean done = memory.writeLong(address + CONTROL_LENGTH_OFFSET, written)
                && memory.writeInt(address + FLAGS_OFFSET, flags);
        return done ? 0 : -Errno.EFAULT;
    }
}
