package dev.gnomon.simulation;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * Runs hosts in rounds until the end of the simulation. A round spans the lookahead, the least latency between two hosts:
 * nothing that a host does in it can reach another host before it is over, so hosts run it independently. Host {@code i} belongs
 * to worker {@code i % workers}.
 */
public final class Rounds {
    /** Told between rounds, by one worker while the others wait. */
    public interface Control {
        /**
         * @param nowNanos the time up to which all hosts have run
         * @return whether to go on
         */
        boolean roundEnded(long nowNanos);

        /** Called by each worker's thread before its first round. */
        void workerStarted(int workerIndex);
    }

    private final Worker[] workers;
    private final long lookaheadNanos;
    private final long stopNanos;
    private final Control control;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private long roundEndNanos;
    private boolean going = true;

    /** @param lookaheadNanos at least 1; {@link EventQueue#NEVER} where hosts cannot reach each other */
    public Rounds(int workerCount, long lookaheadNanos, long stopNanos, Control control) {
        if (workerCount < 1 || lookaheadNanos < 1) {
            throw new IllegalArgumentException(
                    "out of range: workerCount=" + workerCount + ", lookaheadNanos=" + lookaheadNanos);
        }
        this.lookaheadNanos = lookaheadNanos;
        this.stopNanos = stopNanos;
        this.control = control;
        this.workers = new Worker[workerCount];
        for (int i = 0; i < workerCount; i++) {
            workers[i] = new Worker(i, workerCount, new Outbox(workerCount));
        }
    }

    /** The outbox of the worker that runs host {@code hostIndex}. */
    public Outbox outboxFor(int hostIndex) {
        return workers[hostIndex % workers.length].outbox();
    }

    /**
     * Runs the hosts, whose indices must count from 0, to the end. The calling thread waits.
     *
     * @param threads makes the (not yet started) threads that run the workers
     * @throws InterruptedException where the calling thread was interrupted; the workers have ended then too
     */
    public void run(List<? extends SimulatedHost> hosts, IntFunction<RoundThread> threads) throws InterruptedException {
        for (SimulatedHost host : hosts) {
            workers[host.index() % workers.length].add(host);
        }
        for (Worker worker : workers) {
            worker.prepare();
        }
        planRound();
        if (!going) {
            control.roundEnded(stopNanos);
            return;
        }
        boolean spin = workers.length <= Runtime.getRuntime().availableProcessors();
        RoundBarrier ran = new RoundBarrier(workers.length, spin, () -> {});
        RoundBarrier collected = new RoundBarrier(workers.length, spin, this::endRound);
        RoundThread[] running = new RoundThread[workers.length];
        for (int i = 0; i < workers.length; i++) {
            Worker worker = workers[i];
            running[i] = threads.apply(i);
            running[i].begin(() -> work(worker, ran, collected));
        }
        boolean interrupted = false;
        for (RoundThread thread : running) {
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    failure.compareAndSet(null, e);
                }
            }
        }
        if (interrupted) {
            throw new InterruptedException("interrupted while rounds ran");
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private void work(Worker worker, RoundBarrier ran, RoundBarrier collected) {
        try {
            control.workerStarted(worker.index());
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
        while (going) {
            try {
                if (failure.get() == null) {
                    worker.runUntil(roundEndNanos);
                }
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
            ran.await(worker.index());
            try {
                worker.collect(workers);
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
            collected.await(worker.index());
        }
    }

    /** Runs in one worker while the others wait: what it writes they see. */
    private void endRound() {
        long ended = roundEndNanos;
        planRound();
        try {
            // Where nothing is left to happen, all that remains of the virtual time has passed.
            if (!control.roundEnded(going ? Math.min(ended, stopNanos) : stopNanos) || failure.get() != null) {
                going = false;
            }
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
            going = false;
        }
    }

    private void planRound() {
        long next = EventQueue.NEVER;
        for (Worker worker : workers) {
            next = Math.min(next, worker.nextEventNanos());
        }
        if (next >= stopNanos) {
            going = false;
            roundEndNanos = stopNanos;
            return;
        }
        roundEndNanos = next > stopNanos - lookaheadNanos ? stopNanos : next + lookaheadNanos;
    }
}
