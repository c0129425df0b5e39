package dev.gnomon.guest;

import dev.gnomon.jna.SwitchCalls;
import dev.gnomon.jna.SwitchLibrary;

/** To guests whose tracers do what the reply says in their stead: all tracers of a host sleep on one word. */
final class TracerCrossing implements Crossing {
    private final WorkerWord worker;
    private final long tracerWordAddress;

    TracerCrossing(WorkerWord worker, long tracerWordAddress) {
        this.worker = worker;
        this.tracerWordAddress = tracerWordAddress;
    }

    @Override
    public int letGo(ThreadSlot slot, int seen, long timeoutNanos) {
        slot.letGo();
        SwitchLibrary.gnomon_notify(tracerWordAddress);
        return await(slot, seen, timeoutNanos);
    }

    @Override
    public int await(ThreadSlot slot, int seen, long timeoutNanos) {
        return SwitchCalls.await(slot.address(), worker.address(), seen, timeoutNanos);
    }
}
