package dev.gnomon.simulation;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the workers wait for each other. Who arrives last opens it for all and the next time. Where every worker has a processor
 * a worker first waits spinning, for rounds are often shorter than it takes to be woken, and then sleeps.
 */
final class RoundBarrier {
    /** So many pauses take about as long as waking a sleeping thread. */
    private static final int SPINS = 1000;

    private final int parties;
    private final int spins;
    private final Runnable action;
    private final AtomicInteger missing;
    private final AtomicReferenceArray<Thread> sleepers;
    /** How often the barrier has opened. Written by the last to arrive, read by all; what was done before is seen after. */
    private volatile int openings;

    /** @param action what the last to arrive does while the others still wait; must not throw */
    RoundBarrier(int parties, boolean spin, Runnable action) {
        this.parties = parties;
        this.spins = spin ? SPINS : 0;
        this.action = action;
        this.missing = new AtomicInteger(parties);
        this.sleepers = new AtomicReferenceArray<>(parties);
    }

    /** @param party from 0, another for each who waits */
    void await(int party) {
        int before = openings;
        if (missing.decrementAndGet() == 0) {
            open(before);
            return;
        }
        for (int i = 0; i < spins; i++) {
            if (openings != before) {
                return;
            }
            Thread.onSpinWait();
        }
        sleep(party, before);
    }

    private void open(int before) {
        action.run();
        missing.set(parties);
        openings = before + 1;
        for (int i = 0; i < parties; i++) {
            Thread sleeper = sleepers.get(i);
            if (sleeper != null) {
                LockSupport.unpark(sleeper);
            }
        }
    }

    /** Says that it sleeps before it looks once more, so that whoever opens sees one of both. */
    private void sleep(int party, int before) {
        boolean interrupted = false;
        sleepers.set(party, Thread.currentThread());
        while (openings == before) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        sleepers.set(party, null);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
