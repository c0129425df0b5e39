package dev.gnomon.run;

import dev.gnomon.simulation.RoundThread;

/** A platform thread for one worker: it is pinned to a processor, so nothing else may run on it. */
final class WorkerThread implements RoundThread {
    private final String name;
    private Thread thread;

    WorkerThread(String name) {
        this.name = name;
    }

    @Override
    public void begin(Runnable work) {
        thread = new Thread(work, name);
        thread.start();
    }

    @Override
    public void join() throws InterruptedException {
        thread.join();
    }
}
