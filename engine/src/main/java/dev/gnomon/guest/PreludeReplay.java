package dev.gnomon.guest;

import java.util.List;

/** Makes, for a copy of a guest at its entry point, the stops that brought it there. */
final class PreludeReplay {
    private final ProgramImage image;
    private final PreloadHostBlock host;
    private final List<PreludeStop> stops;
    private int next;
    private byte[] random = new byte[0];
    private long[] generator;

    PreludeReplay(ProgramImage image, PreloadHostBlock host) {
        this.image = image;
        this.host = host;
        this.stops = image.stops();
    }

    /**
     * Takes the reply to the present stop, when the guest would go on to the next.
     *
     * @return null, or why the copy cannot stand for a guest that was executed
     */
    String replied(ThreadSlot slot) {
        if (isOver()) {
            return null;
        }
        PreludeStop present = stops.get(next - 1);
        if (!present.isAnsweredAlike(slot)) {
            return "its call number " + (next - 1)
                    + " before its entry point was answered otherwise than that of others";
        }
        if (stops.get(next).clockNanos() != host.clock()) {
            return "it came to its entry point at another time than others";
        }
        if (present.isStart()) {
            random = present.answerOf(slot, 0);
        }
        return null;
    }

    /** Whether the present stop is the last, that at the entry point. */
    boolean isOver() {
        return next == stops.size();
    }

    /** Puts the next stop into the slot. */
    void advance(ThreadSlot slot) {
        PreludeStop stop = stops.get(next++);
        if (stop.isStart()) {
            generator = host.random().state();
        }
        host.random().skip(stop.drawn());
        stop.repeat(slot);
    }

    /**
     * Stores what the copy has to change in its memory.
     *
     * @return null, or why the copy cannot stand for a guest that was executed
     */
    String storeWords(ThreadSlot slot) {
        long[] drawn = GuestRandom.outputs(generator, host.random().state(), image.drawnCount());
        if (drawn == null || drawn.length != image.drawnCount()) {
            return "it drew another number of random bytes than others";
        }
        image.storeWords(slot, Randomness.of(random, drawn));
        return null;
    }
}
