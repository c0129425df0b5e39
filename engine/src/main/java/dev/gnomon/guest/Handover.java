package dev.gnomon.guest;

import dev.gnomon.jna.SwitchCalls;
import dev.gnomon.jna.SwitchLibrary;

/**
 * How one worker hands its guests the processor and waits for them. Sleeping, on one processor: one native call that stores,
 * wakes and sleeps. Spinning, the guest on a processor of its own: no native call while the guest answers soon, otherwise
 * the same sleep. Either side may sleep while the other spins, so the way may change at any crossing.
 *
 * <p>Belongs to the worker.
 */
final class Handover implements Crossing {
    /** How long either side spins before it sleeps: a few times what a sleep costs. */
    private static final int SPIN_NANOS = 20_000;

    private static final int PAUSES_TIMED = 20_000;

    private final WorkerWord worker;
    private final int spinningProcessor;
    private final SpinningDecision decision;
    private final int looks;

    private boolean spinning;

    /**
     * @param spinningProcessor where guests run while both sides spin; {@link WorkerWordDescriptor#ANY_PROCESSOR} where they
     *     never do
     */
    Handover(WorkerWord worker, int spinningProcessor) {
        this.worker = worker;
        this.spinningProcessor = spinningProcessor;
        boolean possible = spinningProcessor >= 0;
        this.decision = possible ? new SpinningDecision(SwitchLibrary.gnomon_processors()) : null;
        this.looks = possible ? looks() : 0;
        worker.instructGuests(worker.cpu(), 0);
    }

    /** How many pause instructions take {@link #SPIN_NANOS}: from 3 to 140 processor cycles each, by the model. */
    private static int looks() {
        long fastest = Long.MAX_VALUE;
        for (int n = 0; n < 5; n++) {
            long start = System.nanoTime();
            SwitchLibrary.gnomon_pause(PAUSES_TIMED);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return (int) Math.max(1, (long) SPIN_NANOS * PAUSES_TIMED / Math.max(1, fastest));
    }

    boolean isSpinning() {
        return spinning;
    }

    /** From the next crossing on; guests follow one by one, when they go on. */
    void spin(boolean on) {
        if (spinning != on) {
            spinning = on;
            worker.instructGuests(on ? spinningProcessor : worker.cpu(), on ? looks : 0);
        }
    }

    @Override
    public int await(ThreadSlot slot, int seen, long timeoutNanos) {
        return SwitchCalls.await(slot.address(), worker.address(), seen, timeoutNanos);
    }

    @Override
    public int letGo(ThreadSlot slot, int seen, long timeoutNanos) {
        if (decision == null) {
            return SwitchCalls.letGo(slot.address(), worker.address(), seen, timeoutNanos);
        }
        int outcome;
        if (decision.crossing()) {
            long start = System.nanoTime();
            outcome = cross(slot, seen, timeoutNanos);
            decision.waited(System.nanoTime() - start);
        } else {
            outcome = cross(slot, seen, timeoutNanos);
        }
        if (decision.isEpochOver()) {
            spin(decision.endEpoch(SwitchLibrary::gnomon_runnable));
        }
        return outcome;
    }

    private int cross(ThreadSlot slot, int seen, long timeoutNanos) {
        if (!spinning) {
            return SwitchCalls.letGo(slot.address(), worker.address(), seen, timeoutNanos);
        }
        if (slot.letGo()) {
            SwitchCalls.wake(slot.address());
        }
        for (int n = looks; n > 0; n--) {
            if (slot.isStopped()) {
                return SwitchLibrary.STOPPED;
            }
            Thread.onSpinWait();
        }
        decision.spunInVain();
        return SwitchCalls.await(slot.address(), worker.address(), seen, timeoutNanos);
    }
}
