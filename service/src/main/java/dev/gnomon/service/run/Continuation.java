package dev.gnomon.service.run;

/** What the executor of a run is to do next. */
public enum Continuation {
    GO_ON,
    /** A client wants it to end. */
    CANCEL,
    /** It is no longer this executor's: it was taken for dead, or has ended. */
    LOST
}
