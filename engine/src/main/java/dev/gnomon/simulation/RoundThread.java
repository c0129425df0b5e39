package dev.gnomon.simulation;

/** A thread that runs one worker. */
public interface RoundThread {
    void begin(Runnable work);

    void join() throws InterruptedException;
}
