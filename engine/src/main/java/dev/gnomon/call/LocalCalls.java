package dev.gnomon.call;

import dev.gnomon.guest.GuestLog;
import dev.gnomon.guest.LogEntryDescriptor;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.poll.Epoll;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalAction;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.kernel.socket.SocketMessage;
import dev.gnomon.network.Errno;
import dev.gnomon.trace.CallCounters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Repeats what guests have answered themselves: each entry of a thread's log is carried out on the engine's own objects, in
 * order, as if the call had crossed. Virtual time has not moved since, so the answers are the same; where one is not, the
 * guest wrote nonsense into its log (or the shim was wrong), and its process is killed.
 */
public final class LocalCalls {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int OPTION_BYTES = 16;

    private final CallCounters counters;
    private final UserBuffer buffer = new UserBuffer();
    private final byte[] option = new byte[OPTION_BYTES];
    private final ByteBuffer signalAction =
            ByteBuffer.allocate(SignalAction.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** @param counters of the worker whose guests' logs are repeated */
    public LocalCalls(CallCounters counters) {
        this.counters = counters;
    }

    /** Carries out a log of {@code thread}. */
    public void repeat(GuestThread thread, GuestLog log) {
        while (log.next()) {
            counters.countLogged(log.operation());
            boolean ofDescriptor = log.operation() != LogEntryDescriptor.SIGNAL_ACTION;
            OpenFile file = ofDescriptor ? thread.process().descriptors().get(log.descriptor()) : null;
            long result = !ofDescriptor
                    ? setSignalAction(thread, log)
                    : file == null ? -Errno.EBADF : repeatEntry(thread, file, log);
            if (result != log.result()) {
                log.refute("answered a call otherwise than its host would have: operation=" + log.operation()
                        + ", descriptor=" + log.descriptor() + " (" + (file == null ? "none" : file.description())
                        + "), requested=" + log.requested() + ", payload="
                        + log.payloadBytes() + ", answer=" + log.result() + ", host's=" + result);
            }
        }
    }

    private long repeatEntry(GuestThread thread, OpenFile file, GuestLog log) {
        return switch (log.operation()) {
            case LogEntryDescriptor.READ -> read(thread, file, log);
            case LogEntryDescriptor.WRITE -> write(thread, file, log);
            case LogEntryDescriptor.EPOLL_WAIT -> waitEpoll(thread, file, log);
            case LogEntryDescriptor.EPOLL_CONTROL -> controlEpoll(thread, file, log);
            case LogEntryDescriptor.STATUS_FLAGS -> setStatusFlags(file, log.flags());
            case LogEntryDescriptor.CLOSE -> close(thread, log.descriptor());
            case LogEntryDescriptor.SET_OPTION -> setOption(file, log);
            default -> -Errno.ENOSYS;
        };
    }

    private long read(GuestThread thread, OpenFile file, GuestLog log) {
        if (!ReadWriteCalls.isReadable(file)) {
            return -Errno.EBADF;
        }
        buffer.single(log.payload(), 0, log.requested());
        if (file instanceof Socket socket) {
            return socket.receive(thread.process().kernel().socketMessage().begin(thread, buffer, log.flags()));
        }
        return file.readFor(thread, buffer);
    }

    private long write(GuestThread thread, OpenFile file, GuestLog log) {
        if (!ReadWriteCalls.isWritable(file)) {
            return -Errno.EBADF;
        }
        buffer.single(log.payload(), 0, log.payloadBytes());
        if (file instanceof Socket socket) {
            SocketMessage message = thread.process().kernel().socketMessage().begin(thread, buffer, log.flags());
            if (log.isNamed()) {
                message.address().setInet(log.address(), log.port());
            }
            return socket.send(message);
        }
        return file.writeFor(thread, buffer);
    }

    private static long waitEpoll(GuestThread thread, OpenFile file, GuestLog log) {
        int limit = (int) log.requested();
        if (!(file instanceof Epoll epoll) || limit <= 0) {
            return -Errno.EINVAL;
        }
        // The guest has the events already.
        return epoll.collect(thread, limit, (index, events, data) -> true);
    }

    private static long controlEpoll(GuestThread thread, OpenFile file, GuestLog log) {
        int descriptor = log.address();
        OpenFile target = thread.process().descriptors().get(descriptor);
        if (!(file instanceof Epoll epoll) || target == null) {
            return -Errno.EINVAL;
        }
        int events = (int) log.requested();
        return switch (log.flags()) {
            case EPOLL_CTL_ADD -> epoll.add(thread, target, descriptor, events, log.value());
            case EPOLL_CTL_MOD -> epoll.modify(thread, target, descriptor, events, log.value());
            case EPOLL_CTL_DEL -> epoll.remove(target, descriptor);
            default -> -Errno.EINVAL;
        };
    }

    private static long setStatusFlags(OpenFile file, int flags) {
        file.statusFlags(file.statusFlags() & ~OpenFile.O_NONBLOCK | flags & OpenFile.O_NONBLOCK);
        return 0;
    }

    private long setOption(OpenFile file, GuestLog log) {
        int length = log.payloadBytes();
        if (!(file instanceof Socket socket)
                || length > OPTION_BYTES
                || !log.payload().read(0, option, 0, length)) {
            return -Errno.EINVAL;
        }
        return socket.setOption(log.flags(), (int) log.requested(), option, length);
    }

    private long setSignalAction(GuestThread thread, GuestLog log) {
        long signal = log.requested();
        if (signal < 1
                || signal > Signal.MAXIMUM
                || signal == Signal.KILL
                || signal == Signal.STOP
                || log.payloadBytes() != SignalAction.BYTES
                || !log.payload().read(0, signalAction.array(), 0, SignalAction.BYTES)) {
            return -Errno.EINVAL;
        }
        thread.process().action((int) signal, SignalAction.of(signalAction));
        return 0;
    }

    private static long close(GuestThread thread, int descriptor) {
        thread.process().descriptors().remove(descriptor);
        return 0;
    }
}
