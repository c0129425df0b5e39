package dev.gnomon.guest;

import java.util.List;

/** Makes, for a copy of a guest at its entry point, the stops that brought it there. */
final class PreludeReplay {
    private final ProgramImage image;
    private final List<PreludeStop> stops;
    private int next;
    private byte[] random = new byte[0];

    PreludeReplay(ProgramImage image) {
        this.image = image;
        this.stops = image.stops();
    }

    /**
     * Takes the reply to the present stop, when the guest would go on to the next.
     *
     * @param clockNanos the host's clock now
     * @return null, or why the copy cannot stand for a guest that was executed
     */
    String replied(ThreadSlot slot, long clockNanos) {
        if (isOver()) {
            return null;
        }
        PreludeStop present = stops.get(next - 1);
        if (!present.isAnsweredAlike(slot)) {
            return "its call number " + (next - 1)
                    + " before its entry point was answered otherwise than that of others";
        }
        if (stops.get(next).clockNanos() != clockNanos) {
            return "it came to its entry point at another time than others";
        }
        if (present.isStart()) {
            random = PreludeStop.answerOf(slot, 0);
        }
        return null;
    }

    /** Whether the present stop is the last, that at the entry point. */
    boolean isOver() {
        return next == stops.size();
    }

    /** Puts the next stop into the slot. */
    void advance(ThreadSlot slot) {
        stops.get(next++).repeat(slot);
    }

    /** Stores what the copy has to change in its memory. */
    void storeWords(ThreadSlot slot) {
        image.storeWords(slot, random);
    }
}
