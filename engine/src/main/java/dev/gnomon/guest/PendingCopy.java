package dev.gnomon.guest;

import dev.gnomon.guest.GuestThreadChannel.Stop;
import java.util.concurrent.TimeUnit;

/** A copy of a guest on its way to the place that was made for it in its host's block. */
final class PendingCopy implements GuestHostBlock.PendingGuest {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final PreloadHostBlock host;
    private final GuestHostBlock.StartRequest request;
    private final PreloadProcess process;
    private final PreloadChannel thread;
    private boolean born;
    private boolean refused;

    PendingCopy(
            PreloadHostBlock host, GuestHostBlock.StartRequest request, PreloadProcess process, PreloadChannel thread) {
        this.host = host;
        this.request = request;
        this.process = process;
        this.thread = thread;
    }

    /** Stores what the guest that is copied is to know: struct gnomon_copy. @param at where in the transfer buffer */
    void describe(ThreadSlot slot, int at) {
        slot.putInt(at + CopyDescriptor.HOST_OFFSET, host.index());
        slot.putInt(at + CopyDescriptor.PROCESS_PAGE_OFFSET, process.page());
        slot.putInt(at + CopyDescriptor.THREAD_PAGE_OFFSET, thread.page());
        slot.putInt(at + CopyDescriptor.RESULT_OFFSET, 0);
    }

    /** Takes what the guest that was copied says. @param result the copy's process id, 0 where it did not say, or a negative errno */
    void made(int result) {
        if (result > 0) {
            process.claim(result);
            born = true;
        } else if (result < 0) {
            process.forkRefused();
            refused = true;
        }
    }

    @Override
    public GuestHostBlock.StartedGuest await() throws GuestStartException {
        if (!refused && comesToItsStart()) {
            return new GuestHostBlock.StartedGuest(process, thread);
        }
        if (born || refused) {
            thread.close();
        } // otherwise a copy that nobody told of may still come to its place, which nobody else must have
        process.close();
        return host.begin(request).await();
    }

    private boolean comesToItsStart() {
        // Who was killed while it was copied may not have come to say that there is a copy.
        long deadline = System.nanoTime() + (born ? LIMIT_NANOS : 0);
        Stop stop;
        do {
            stop = thread.await(Math.max(1, deadline - System.nanoTime()));
        } while (stop == Stop.TIMEOUT && System.nanoTime() < deadline);
        return stop == Stop.CALL && thread.beginReplay();
    }
}
