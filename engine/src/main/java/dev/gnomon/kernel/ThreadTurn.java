package dev.gnomon.kernel;

/** What runs a guest thread when its turn has come. */
public interface ThreadTurn {
    /** Lets the thread run until it blocks or is gone. */
    void run();
}
