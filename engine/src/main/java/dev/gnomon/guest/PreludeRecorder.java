package dev.gnomon.guest;

import dev.gnomon.guest.GuestThreadChannel.Phase;
import java.util.ArrayList;
import java.util.List;

/** Listens to the crossings of one guest thread from its start to its entry point. */
final class PreludeRecorder {
    /** Outputs of the host's generator that are followed at most. */
    private static final int DRAWN_LIMIT = 64;

    /** Calls that are kept at most, and the bytes that they carried: some never come to their entry point. */
    private static final int CALLS_LIMIT = 65_536;

    private static final long CARRIED_LIMIT = 16L << 20;

    private final PreloadHostBlock host;
    private final List<PreludeStop> stops = new ArrayList<>();
    private final List<ObservedCall> calls = new ArrayList<>();
    private PreludeStop current;

    /** States of the host's generator: when the guest started, and when it was last answered. */
    private long[] firstState;

    private long[] answeredState;
    private long[] drawn;
    private int localCalls;
    private int localTimeCalls;
    private long carried;
    private String objection;

    PreludeRecorder(PreloadHostBlock host) {
        this.host = host;
    }

    /** The guest does something that cannot be repeated for another; the first one said counts. Nothing is kept any more. */
    void object(String what) {
        if (objection == null) {
            objection = what;
            stops.clear();
            calls.clear();
            current = null;
        }
    }

    void stopped(ThreadSlot slot, Phase phase, int rangeCount) {
        if (objection != null) {
            return;
        }
        PreludeStop stop = PreludeStop.of(slot, phase, rangeCount, host.clock());
        current = null;
        carried += stop.carriedBytes();
        if (calls.size() >= CALLS_LIMIT || carried > CARRIED_LIMIT) {
            object("it makes more calls before its entry point than are kept");
            return;
        }
        if (phase == Phase.WATCHED_CALL) {
            calls.add(stop.call());
            localCalls += stop.localCalls();
            localTimeCalls += stop.localTimeCalls();
            return;
        }
        boolean repeatable = phase == Phase.EXEC_START && stops.isEmpty()
                || phase == Phase.NEW_CALL
                || phase == Phase.AFTER_NATIVE
                || phase == Phase.ENTRY;
        if (!repeatable) {
            object("it crosses with " + phase);
        }
        if (slot.getInt(ThreadSlotDescriptor.LOG_COUNT_OFFSET) != 0) {
            object("it changes objects of its host");
        }
        if (phase == Phase.EXEC_START) {
            firstState = host.random().state();
            answeredState = firstState;
        } else if (phase == Phase.NEW_CALL) {
            calls.add(stop.call());
        }
        stop.addDrawn(drawnSince(answeredState).length);
        if (phase == Phase.ENTRY) {
            drawn = drawnSince(firstState);
        }
        stop.addLocalCalls(localCalls, localTimeCalls);
        localCalls = 0;
        localTimeCalls = 0;
        if (objection != null) {
            return;
        }
        stops.add(stop);
        current = stop;
    }

    private long[] drawnSince(long[] state) {
        long[] outputs = GuestRandom.outputs(state, host.random().state(), DRAWN_LIMIT);
        if (outputs == null) {
            object("it draws many random bytes");
            return new long[0];
        }
        return outputs;
    }

    void replied(ThreadSlot slot) {
        if (current == null) {
            return;
        }
        answeredState = host.random().state();
        int kind = slot.getInt(ThreadSlotDescriptor.REPLY_KIND_OFFSET);
        if (kind < ThreadSlotDescriptor.REPLY_RESULT || kind > ThreadSlotDescriptor.REPLY_NATIVE_PATH_REPORT) {
            object("a call of it is answered with " + kind);
        }
        if (slot.getInt(ThreadSlotDescriptor.SIGNAL_OFFSET + SignalDeliveryDescriptor.NUMBER_OFFSET) != 0) {
            object("it handles a signal");
        }
        if (current != null) {
            current.replied(slot);
        }
    }

    /** Why what was heard cannot be repeated for another; null where it can. */
    String objection() {
        return objection;
    }

    /** What {@code getrandom(2)} took of the host's generator until the entry point. */
    long[] drawn() {
        return drawn;
    }

    /** All stops but those of calls that are only told of; the last one is that at the entry point, without an answer. */
    List<PreludeStop> stops() {
        return List.copyOf(stops);
    }

    /** All calls, also those that are only told of. */
    List<ObservedCall> calls() {
        return List.copyOf(calls);
    }
}
