package dev.gnomon.run;

/** Watches a run. Called from the engine's threads: must return fast and never throw. */
public interface RunObserver {

    /** How far the run is: about four times a wall-clock second, and once at the end. */
    default void progress(RunProgress progress) {}

    /** A process that the definition names has ended, or the run has ended with the process still running. */
    default void processEnded(ProcessOutcome outcome) {}
}
