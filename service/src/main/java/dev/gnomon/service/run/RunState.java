package dev.gnomon.service.run;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a run stands. */
public enum RunState {
    QUEUED("queued", false),
    RUNNING("running", false),
    /** Every process ended as expected. */
    SUCCEEDED("succeeded", true),
    /** It could not start, broke down, or a process ended otherwise than expected. */
    FAILED("failed", true),
    CANCELLED("cancelled", true),
    /** The service died under it too often. */
    INTERRUPTED("interrupted", true);

    private final String text;
    private final boolean ended;

    RunState(String text, boolean ended) {
        this.text = text;
        this.ended = ended;
    }

    /** Name in the database and for clients. */
    @JsonValue
    public String text() {
        return text;
    }

    /** Whether it stays so for ever. */
    public boolean ended() {
        return ended;
    }

    /**
     * The state of that name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static RunState of(String text) {
        for (RunState state : values()) {
            if (state.text.equals(text)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "a state is one of queued, running, succeeded, failed, cancelled, interrupted");
    }
}
