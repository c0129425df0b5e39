package dev.gnomon.call;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.pipe.Pipe;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.network.Errno;

/** Waiting for an object as its own calls do: as long as SO_RCVTIMEO and SO_SNDTIMEO let them. */
final class Waiting {
    private static final int READ_BITS = Poll.IN | Poll.RDNORM | Poll.PRI | Poll.ERR | Poll.HUP | Poll.RDHUP;
    private static final int WRITE_BITS = Poll.OUT | Poll.WRNORM | Poll.ERR | Poll.HUP;

    private Waiting() {}

    /** Until something can be read: BLOCKED; {@code -EAGAIN} where the time is over; or the error of a signal. */
    static long untilReadable(CallContext context, OpenFile file) {
        return until(context, file, READ_BITS, file.readTimeoutNanos(), false);
    }

    /** As {@link #untilReadable}, where one event is for one of several threads. */
    static long untilAcceptable(CallContext context, OpenFile file) {
        return until(context, file, READ_BITS, file.readTimeoutNanos(), true);
    }

    /** Until something can be written. */
    static long untilWritable(CallContext context, OpenFile file) {
        return until(context, file, WRITE_BITS, file.writeTimeoutNanos(), false);
    }

    private static long until(CallContext context, OpenFile file, int bits, long timeout, boolean exclusive) {
        if (context.timedOut()) {
            return -Errno.EAGAIN;
        }
        context.thread().watch(file.waitersFor(context.thread()), bits, exclusive);
        // A call with a time limit of its own is not made again after a signal: sock_intr_errno().
        return context.block(
                context.deadlineIn(timeout), timeout == GuestThread.FOREVER ? Errno.ERESTARTSYS : Errno.EINTR);
    }

    /** Sends the SIGPIPE that goes with {@code -EPIPE}. */
    static void raisePipeSignal(CallContext context, OpenFile file) {
        if (Pipe.of(file) != null || file instanceof Socket socket && socket.raisesPipeSignal()) {
            context.thread().send(SignalInformation.ofKernel(Signal.PIPE));
        }
    }
}
