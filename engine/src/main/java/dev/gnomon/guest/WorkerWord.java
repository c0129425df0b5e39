package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one worker sleeps on for all its guests, and what it alone uses while it works.
 *
 * <p>Notices (a death, an interruption) are stored where they belong first; then the word is counted up. A worker reads the
 * word, looks for notices, and sleeps only while the word is what it read: none is lost.
 */
final class WorkerWord {
    /** Room for bytes on their way to or from a guest's memory. */
    static final int SCRATCH_BYTES = 65536;

    private final long address;
    private final ByteBuffer buffer;
    private final int cpu;
    private final ByteBuffer scratch;
    private final long scratchAddress;

    private static final int NO_EVENT = -1;

    private volatile int event = NO_EVENT;

    /** Those that are open: of the worker's own guests. */
    private final Set<NotificationListener> listeners = ConcurrentHashMap.newKeySet();

    /** Counts {@link #interrupt}; written by any thread. */
    private volatile int interruptions;

    /** How many of them the worker has returned for; the worker's own. */
    private int interruptionsSeen;

    /** @param cpu the processor that the worker's guests are bound to, -1 for none */
    WorkerWord(Arena arena, int workerIndex, int cpu) {
        int offset = ArenaDescriptor.workerWordOffset(workerIndex);
        this.address = arena.address(offset);
        this.buffer = arena.buffer(offset, ArenaDescriptor.WORKER_WORD_STRIDE);
        this.cpu = cpu;
        this.scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        this.scratchAddress = SwitchLibrary.address(scratch);
    }

    long address() {
        return address;
    }

    int cpu() {
        return cpu;
    }

    ByteBuffer scratch() {
        return scratch;
    }

    long scratchAddress() {
        return scratchAddress;
    }

    Set<NotificationListener> listeners() {
        return listeners;
    }

    int sequence() {
        return (int) Arena.INT.getAcquire(buffer, WorkerWordDescriptor.SEQUENCE_OFFSET);
    }

    /** The guests' priority under {@code SCHED_FIFO}; before any of them exists. */
    void guestPriority(int priority) {
        buffer.putInt(WorkerWordDescriptor.GUEST_PRIORITY_OFFSET, priority);
    }

    /**
     * Tells the worker's guests how to wait, from their next crossing on.
     *
     * @param processor where they run; {@link WorkerWordDescriptor#ANY_PROCESSOR} for any
     * @param looks how often each looks for an answer before it sleeps
     */
    void instructGuests(int processor, int looks) {
        buffer.putInt(WorkerWordDescriptor.GUEST_PROCESSOR_OFFSET, processor);
        Arena.INT.setRelease(buffer, WorkerWordDescriptor.GUEST_LOOKS_OFFSET, looks);
    }

    /** Wakes the worker to look for what was stored for it; from any thread. */
    void wake() {
        SwitchLibrary.gnomon_notify(address);
        int opened = event;
        if (opened != NO_EVENT) {
            SwitchLibrary.gnomon_signal_event(opened);
        }
    }

    /**
     * The event descriptor by which the worker hears of {@link #wake} while it does not sleep on the word, opened when first
     * asked for; before the worker reads the word.
     *
     * @throws IOException where no descriptor is to be had
     */
    synchronized int event() throws IOException {
        if (event == NO_EVENT) {
            int opened = SwitchLibrary.gnomon_event();
            if (opened < 0) {
                throw new IOException("no event descriptor: " + SwitchLibrary.errorText(-opened));
            }
            event = opened;
        }
        return event;
    }

    /** Nobody wakes the worker any more. */
    synchronized void close() {
        List.copyOf(listeners).forEach(NotificationListener::close);
        if (event != NO_EVENT) {
            SwitchLibrary.gnomon_close(event);
            event = NO_EVENT;
        }
    }

    synchronized void interrupt() {
        interruptions++;
        wake();
    }

    /** Whether the worker was interrupted since this was last asked; for the worker. */
    boolean takeInterruption() {
        int now = interruptions;
        if (now == interruptionsSeen) {
            return false;
        }
        interruptionsSeen = now;
        return true;
    }
}
