package dev.gnomon.kernel.unix;

import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;

/** Receiving whole messages, for SOCK_DGRAM and SOCK_SEQPACKET: {@code unix_dgram_recvmsg()}. */
final class UnixDatagrams {
    private UnixDatagrams() {}

    static long receive(UnixSocket socket, SocketMessage message) {
        if (message.has(Socket.MSG_OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        UnixMessage first = socket.queue.peekFirst();
        if (first == null) {
            if (socket.error != 0) {
                return -socket.takeError();
            }
            boolean shut = (socket.shutdown & UnixSocket.RECEIVE_SHUTDOWN) != 0;
            boolean waits = !socket.isNonBlocking() && !message.has(Socket.MSG_DONTWAIT);
            return shut && (waits || socket.type() == Socket.SOCK_SEQPACKET) ? 0 : -Errno.EAGAIN;
        }
        boolean peek = message.has(Socket.MSG_PEEK);
        int length = first.bytes.length;
        int chunk = (int) Math.min(length, message.data().remaining());
        if (chunk > 0 && message.data().put(first.bytes, 0, chunk) != chunk) {
            return -Errno.EFAULT;
        }
        if (first.senderName.length > 0) {
            message.address().setUnix(first.senderName);
        }
        socket.receiveAncillary(message, first, peek);
        if (chunk < length) {
            message.addResultFlags(Socket.MSG_TRUNC);
        }
        if (!peek) {
            socket.removeFirst();
        }
        return message.has(Socket.MSG_TRUNC) ? length : chunk;
    }
}
