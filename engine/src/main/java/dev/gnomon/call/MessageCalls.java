package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.socket.ControlMessages;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;

/** Sending and receiving on sockets: {@code send(2)}, {@code recv(2)} and their relatives. */
public final class MessageCalls {
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MAXIMUM_INSTALLED_AT_ONCE = 8;
    private static final int MAXIMUM_MESSAGES = 1024;
    private static final int NO_MORE_BITS = Poll.ERR | Poll.HUP | Poll.RDHUP;
    /** {@code sizeof(struct mmsghdr)}, and where its count stands. */
    private static final int NUMBERED_BYTES = 64;

    private static final int NUMBERED_COUNT_OFFSET = 56;

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.SENDTO, MessageCalls::sendTo);
        table.register(SystemCallNumber.RECVFROM, MessageCalls::receiveFrom);
        table.register(SystemCallNumber.SENDMSG, MessageCalls::sendMessage);
        table.register(SystemCallNumber.RECVMSG, MessageCalls::receiveMessage);
        table.register(SystemCallNumber.SENDMMSG, MessageCalls::sendMessages);
        table.register(SystemCallNumber.RECVMMSG, MessageCalls::receiveMessages);
    }

    // ---- sending

    private static long sendTo(CallContext context) {
        Socket socket = SocketCalls.socketOf(context);
        if (socket == null) {
            return SocketCalls.notASocket(context);
        }
        UserBuffer buffer = context.buffer(context.argument(1), context.argument(2));
        SocketMessage message = SocketCalls.begin(context, buffer, context.intArgument(3));
        if (context.argument(4) != 0) {
            long failure = SocketAddresses.read(
                    context.memory(), context.argument(4), context.intArgument(5), message.address());
            if (failure != 0) {
                return failure;
            }
        }
        return send(context, socket, message);
    }

    private static long sendMessage(CallContext context) {
        Socket socket = SocketCalls.socketOf(context);
        if (socket == null) {
            return SocketCalls.notASocket(context);
        }
        SocketMessage message = SocketCalls.begin(context, context.buffer(), context.intArgument(2));
        long failure = describe(context, socket, message, context.argument(1));
        return failure != 0 ? failure : send(context, socket, message);
    }

    private static long describe(CallContext context, Socket socket, SocketMessage message, long headerAddress) {
        MessageHeader header = context.messageHeader();
        long failure = header.read(context.memory(), headerAddress, context.buffer());
        if (failure == 0) {
            failure = header.readName(context.memory(), message.address());
        }
        return failure != 0 ? failure : header.readControl(context, socket, message);
    }

    /** Sends one message, waiting as long as the socket blocks. */
    private static long send(CallContext context, Socket socket, SocketMessage message) {
        boolean nonBlocking = SocketCalls.isNonBlocking(socket, message.flags());
        long done = Progress.bytesOf(context);
        message.data().skip(done);
        if (done > 0) {
            // Rights went with the first bytes.
            message.rights(null);
        }
        while (true) {
            long result = socket.send(message);
            if (result > 0) {
                done += result;
            }
            if (result >= 0 && (result == 0 || message.data().remaining() == 0 || nonBlocking || !socket.isStream())) {
                return done;
            }
            if (result == -Errno.EAGAIN && !nonBlocking) {
                long blocked = Waiting.untilWritable(context, socket);
                if (blocked == CallOutcome.BLOCKED) {
                    if (done > 0) {
                        Progress.of(context).bytes = done;
                    }
                    return blocked;
                }
                return done > 0 ? done : blocked;
            }
            if (result < 0) {
                if (result == -Errno.EPIPE && done == 0 && !message.has(Socket.MSG_NOSIGNAL)) {
                    Waiting.raisePipeSignal(context, socket);
                }
                return done > 0 ? done : result;
            }
        }
    }

    private static long sendMessages(CallContext context) {
        Socket socket = SocketCalls.socketOf(context);
        if (socket == null) {
            return SocketCalls.notASocket(context);
        }
        long count = Math.min(context.argument(2) & 0xffff_ffffL, MAXIMUM_MESSAGES);
        int flags = context.intArgument(3);
        int sent = context.attachment() instanceof Progress progress ? progress.messages : 0;
        while (sent < count) {
            long address = context.argument(1) + (long) sent * NUMBERED_BYTES;
            SocketMessage message = SocketCalls.begin(context, context.buffer(), flags);
            long result = describe(context, socket, message, address);
            if (result == 0) {
                result = send(context, socket, message);
            }
            if (result == CallOutcome.BLOCKED) {
                Progress.of(context).messages = sent;
                return result;
            }
            if (result >= 0 && !context.memory().writeInt(address + NUMBERED_COUNT_OFFSET, (int) result)) {
                result = -Errno.EFAULT;
            }
            if (result < 0) {
                return sent > 0 ? sent : result;
            }
            sent++;
            if (context.attachment() instanceof Progress progress) {
                progress.bytes = 0;
            }
        }
        return sent;
    }

    // ---- receiving

    private static long receiveFrom(CallContext context) {
        Socket socket = SocketCalls.socketOf(context);
        if (socket == null) {
            return SocketCalls.notASocket(context);
        }
        UserBuffer buffer = context.buffer(context.argument(1), context.argument(2));
        SocketMessage message = SocketCalls.begin(context, buffer, context.intArgument(3));
        long result = receive(context, socket, message);
        if (result < 0) {
            return result;
        }
        closeRights(message, 0);
        if (context.argument(4) != 0) {
            long failure = SocketAddresses.write(
                    context.memory(), message.address(), context.argument(4), context.argument(5));
            if (failure != 0) {
                return failure;
            }
        }
        return result;
    }

    /** Receives one message, waiting as long as the socket blocks. */
    private static long receive(CallContext context, Socket socket, SocketMessage message) {
        if (message.has(Socket.MSG_ERRQUEUE)) {
            return -Errno.EAGAIN;
        }
        boolean nonBlocking = SocketCalls.isNonBlocking(socket, message.flags());
        boolean peek = message.has(Socket.MSG_PEEK);
        long wanted = wanted(socket, message);
        long done = Progress.bytesOf(context);
        message.data().skip(done);
        long result = socket.receive(message);
        while (result > 0 && !nonBlocking && !peek && done + result < wanted && message.rights() == null) {
            done += result;
            if ((socket.readiness() & Poll.ERR) != 0) {
                return done; // the next call's to tell
            }
            result = socket.receive(message);
        }
        if (result > 0) {
            done += result;
        }
        boolean unfinished = result == -Errno.EAGAIN
                || peek && result > 0 && result < wanted && (socket.readiness() & NO_MORE_BITS) == 0;
        if (unfinished && !nonBlocking) {
            long blocked = Waiting.untilReadable(context, socket);
            if (blocked == CallOutcome.BLOCKED && done > 0 && !peek) {
                Progress.of(context).bytes = done;
            }
            return blocked == CallOutcome.BLOCKED || done == 0 ? blocked : done;
        }
        return result >= 0 || done > 0 ? done : result;
    }

    /** As {@link #receive} for {@code read(2)}, which has no flags. */
    static long read(CallContext context, Socket socket, UserBuffer destination) {
        return receive(context, socket, SocketCalls.begin(context, destination, 0));
    }

    /** How many bytes to wait for: {@code sock_rcvlowat}. */
    private static long wanted(Socket socket, SocketMessage message) {
        if (!socket.isStream()) {
            return 0;
        }
        long asked = message.data().remaining();
        return message.has(Socket.MSG_WAITALL) ? asked : Math.min(asked, socket.receiveLowWater());
    }

    private static long receiveMessage(CallContext context) {
        Socket socket = SocketCalls.socketOf(context);
        if (socket == null) {
            return SocketCalls.notASocket(context);
        }
        int flags = context.intArgument(2);
        long result = receiveInto(context, socket, context.argument(1), flags);
        if (result < 0) {
            return result;
        }
        SocketMessage message = context.kernel().socketMessage();
        MessageHeader header = context.messageHeader();
        if (message.rights() == null) {
            long failure = header.writeBack(context.memory(), message, flags & Socket.MSG_CMSG_CLOEXEC);
            return failure != 0 ? failure : result;
        }
        return receiveRights(context, message, header, flags, result);
    }

    private static long receiveInto(CallContext context, Socket socket, long headerAddress, int flags) {
        MessageHeader header = context.messageHeader();
        SocketMessage message = SocketCalls.begin(context, context.buffer(), flags);
        long failure = header.read(context.memory(), headerAddress, context.buffer());
        if (failure != 0) {
            return failure;
        }
        message.control().begin(Math.max(0, header.controlLength()));
        return receive(context, socket, message);
    }

    /** Gives received files their numbers, as many as the guest has room for, and then writes everything back. */
    private static long receiveRights(
            CallContext context, SocketMessage message, MessageHeader header, int flags, long result) {
        OpenFile[] files = message.rights();
        int count = Math.min(files.length, message.control().roomForDescriptors());
        if (count < files.length) {
            message.control().markTruncated();
        }
        closeRights(message, count);
        if (count == 0) {
            long failure = header.writeBack(context.memory(), message, flags & Socket.MSG_CMSG_CLOEXEC);
            return failure != 0 ? failure : result;
        }
        return installRights(context, files, count, 0, new byte[count * 4], header, flags, result);
    }

    /** Gives references to the files from number {@code first} on back. */
    private static void closeRights(SocketMessage message, int first) {
        OpenFile[] files = message.rights();
        if (files != null) {
            for (int i = first; i < files.length; i++) {
                files[i].release();
            }
        }
    }

    private static long installRights(
            CallContext context,
            OpenFile[] files,
            int count,
            int installed,
            byte[] numbers,
            MessageHeader header,
            int flags,
            long result) {
        int part = Math.min(count - installed, MAXIMUM_INSTALLED_AT_ONCE);
        OpenFile[] next = java.util.Arrays.copyOfRange(files, installed, installed + part);
        boolean closeOnExec = (flags & Socket.MSG_CMSG_CLOEXEC) != 0;
        long outcome = context.install(next, closeOnExec, after -> {
            for (int i = 0; i < part; i++) {
                LittleEndian.putInt(numbers, 4 * (installed + i), after.installedDescriptor(i));
            }
            if (installed + part < count) {
                return installRights(after, files, count, installed + part, numbers, header, flags, result);
            }
            SocketMessage message = after.kernel().socketMessage();
            message.control().put(SOL_SOCKET, SCM_RIGHTS, numbers, numbers.length);
            long failure = header.writeBack(after.memory(), message, flags & Socket.MSG_CMSG_CLOEXEC);
            return failure != 0 ? failure : result;
        });
        // The message's references pass to the installation, which holds its own.
        for (OpenFile file : next) {
            file.release();
        }
        return outcome;
    }

    private static long receiveMessages(CallContext context) {
        Socket socket = SocketCalls.socketOf(context);
        if (socket == null) {
            return SocketCalls.notASocket(context);
        }
        long timeoutAddress = context.argument(4);
        long deadline = Long.MAX_VALUE;
        if (timeoutAddress != 0) {
            long nanos = context.isRetry() ? 0 : context.readTimespec(timeoutAddress);
            if (nanos < 0) {
                return nanos;
            }
            Progress progress = Progress.of(context);
            if (!context.isRetry()) {
                progress.offset =
                        nanos > Long.MAX_VALUE - context.nowNanos() ? Long.MAX_VALUE : context.nowNanos() + nanos;
            }
            deadline = progress.offset;
        }
        long count = Math.min(context.argument(2) & 0xffff_ffffL, MAXIMUM_MESSAGES);
        int flags = context.intArgument(3);
        int received = context.attachment() instanceof Progress progress ? progress.messages : 0;
        while (received < count) {
            long address = context.argument(1) + (long) received * NUMBERED_BYTES;
            boolean onlyFirstWaits = (flags & Socket.MSG_WAITFORONE) != 0 && received > 0;
            long result = receiveInto(
                    context,
                    socket,
                    address,
                    (flags & ~Socket.MSG_WAITFORONE) | (onlyFirstWaits ? Socket.MSG_DONTWAIT : 0));
            if (result == CallOutcome.BLOCKED) {
                Progress.of(context).messages = received;
                return result;
            }
            if (result >= 0) {
                result = finishOne(context, address, result);
            }
            if (result < 0) {
                return received > 0 ? received : result;
            }
            received++;
            if (context.attachment() instanceof Progress progress) {
                progress.bytes = 0;
            }
            // The time is looked at between messages only: recvmmsg(2), BUGS.
            if (context.nowNanos() >= deadline) {
                break;
            }
        }
        return received;
    }

    /** Files cannot be given numbers one message after another; they are closed, and the message says that it was cut. */
    private static long finishOne(CallContext context, long address, long length) {
        SocketMessage message = context.kernel().socketMessage();
        if (message.rights() != null) {
            ControlMessages control = message.control();
            closeRights(message, 0);
            control.markTruncated();
            context.environment()
                    .warn(
                            "unsupported-call",
                            context.process().program(),
                            "recvmmsg",
                            "descriptors that come with recvmmsg are closed");
        }
        GuestMemory memory = context.memory();
        long failure = context.messageHeader().writeBack(memory, message, 0);
        if (failure == 0 && !memory.writeInt(address + NUMBERED_COUNT_OFFSET, (int) length)) {
            failure = -Errno.EFAULT;
        }
        return failure != 0 ? failure : length;
    }
}
