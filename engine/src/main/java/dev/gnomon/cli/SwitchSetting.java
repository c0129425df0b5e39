package dev.gnomon.cli;

import dev.gnomon.guest.Mechanism;
import java.util.Locale;

/**
 * Under what circumstances `gnomon bench switch` lets a worker and its guests hand each other the processor.
 *
 * @param mechanism how guests are reached; one that crosses by itself, a static program, finds its slot by what preloading
 *     puts into its environment
 * @param caught whether the guest's calls are caught by the shim; otherwise the guest crosses by itself, and the switch alone
 *     is measured
 * @param guests of each worker, which take turns
 * @param workers at the same time
 * @param pinned whether a worker and its guests are bound to one processor
 * @param spinning whether they may spin on two
 * @param fifo whether they run under {@code SCHED_FIFO}
 * @param busy whether a thread that computes for ever runs beside
 */
record SwitchSetting(
        Mechanism mechanism,
        boolean caught,
        int guests,
        int workers,
        boolean pinned,
        boolean spinning,
        boolean fifo,
        boolean busy) {
    static final SwitchSetting PLAIN = new SwitchSetting(Mechanism.PRELOAD, false, 1, 1, true, false, false, false);

    /** A guest whose calls the mechanism catches. */
    SwitchSetting caughtBy(Mechanism chosen) {
        return new SwitchSetting(chosen, true, guests, workers, pinned, spinning, fifo, busy);
    }

    SwitchSetting withGuests(int count) {
        return new SwitchSetting(mechanism, caught, count, workers, pinned, spinning, fifo, busy);
    }

    SwitchSetting withWorkers(int count) {
        return new SwitchSetting(mechanism, caught, guests, count, pinned, spinning, fifo, busy);
    }

    SwitchSetting withoutPinning() {
        return new SwitchSetting(mechanism, caught, guests, workers, false, false, fifo, busy);
    }

    SwitchSetting withSpinning() {
        return new SwitchSetting(mechanism, caught, guests, workers, pinned, true, fifo, busy);
    }

    SwitchSetting withFifo() {
        return new SwitchSetting(mechanism, caught, guests, workers, pinned, spinning, true, busy);
    }

    SwitchSetting withBusyProcessor() {
        return new SwitchSetting(mechanism, caught, guests, workers, pinned, spinning, fifo, true);
    }

    /** A sentence for people. */
    String title() {
        StringBuilder title = new StringBuilder(
                caught ? mechanism.name().toLowerCase(Locale.ROOT) + ": forwarded call" : "switch alone");
        title.append(", ").append(guests).append(guests == 1 ? " guest" : " guests in turn");
        if (workers > 1) {
            title.append(" each, ").append(workers).append(" workers");
        }
        title.append(pinned ? ", pinned" : ", not pinned");
        if (fifo) {
            title.append(", SCHED_FIFO");
        }
        if (spinning) {
            title.append(busy ? ", may spin, other processor busy" : ", spinning");
        }
        return title.toString();
    }
}
