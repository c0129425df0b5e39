package dev.gnomon.guest;

import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The way of one guest under the shim to its entry point, which is listened to, and what is done there. */
final class PreloadEntryPoint implements EntryPoint {
    private static final long COPYING_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final PreloadChannel channel;
    private final PreloadHostBlock host;
    private final PreloadProcess process;
    private final ThreadSlot slot;
    private final PreloadMemory memory;

    /** Null where nobody listens, or not any more. */
    private PreludeRecorder recorder;

    PreloadEntryPoint(
            PreloadChannel channel,
            PreloadHostBlock host,
            PreloadProcess process,
            ThreadSlot slot,
            PreloadMemory memory) {
        this.channel = channel;
        this.host = host;
        this.process = process;
        this.slot = slot;
        this.memory = memory;
    }

    /** The thread's stops are kept until its entry point. */
    void record(Preparation preparation) {
        process.prepare(preparation);
        recorder = new PreludeRecorder(host);
        memory.record(recorder);
    }

    /** A stop was taken from the slot. */
    void stopped(Phase phase, int rangeCount) {
        if (recorder != null) {
            recorder.stopped(slot, phase, rangeCount);
            if (recorder.objection() != null) {
                process.prepare(Preparation.NONE);
            }
        }
    }

    /** The reply in the slot is about to be heard. */
    void replied() {
        if (recorder != null) {
            recorder.replied(slot);
        }
    }

    /** Ends the recording. */
    private PreludeRecorder takeRecorder() throws UnpreparableException {
        PreludeRecorder taken = recorder;
        forgetPrelude();
        if (taken == null) {
            throw new UnpreparableException("it was not watched");
        }
        return taken;
    }

    @Override
    public void forgetPrelude() {
        if (recorder != null) {
            recorder = null;
            memory.record(null);
            process.prepare(Preparation.NONE);
        }
    }

    @Override
    public ProgramImage captureImage() throws UnpreparableException {
        return ProgramImage.of(takeRecorder(), process.machineProcessId());
    }

    @Override
    public boolean confirm(ProgramImage image) throws UnpreparableException {
        return image.confirm(takeRecorder(), process.machineProcessId());
    }

    @Override
    public List<GuestHostBlock.PendingGuest> copy(ProgramImage image, List<GuestHostBlock.Copy> wanted) {
        List<GuestHostBlock.PendingGuest> all = new ArrayList<>(wanted.size());
        List<PendingCopy> copies = new ArrayList<>(wanted.size());
        for (GuestHostBlock.Copy one : wanted) {
            PendingCopy copy = ((PreloadHostBlock) one.host()).openCopy(image, one.request());
            if (copy == null) {
                all.add(() -> one.host().start(one.request()));
            } else {
                copy.describe(slot, copyOffset(copies.size()));
                copies.add(copy);
                all.add(copy);
            }
        }
        channel.replyCopy(copies.size());
        long deadline = System.nanoTime() + COPYING_LIMIT_NANOS;
        Stop stop;
        do {
            stop = channel.resume(Math.max(1, deadline - System.nanoTime()));
        } while (stop == Stop.TIMEOUT && System.nanoTime() < deadline);
        if (stop == Stop.TIMEOUT) {
            process.misbehaved("did not make the copies of itself that it was asked for");
        }
        for (int n = 0; n < copies.size(); n++) {
            copies.get(n).made(slot.getInt(copyOffset(n) + CopyDescriptor.RESULT_OFFSET));
        }
        return all;
    }

    private static int copyOffset(int index) {
        return ThreadSlotDescriptor.TRANSFER_OFFSET + index * CopyDescriptor.COPY_BYTES;
    }
}
