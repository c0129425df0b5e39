package dev.gnomon.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * How many calls the guests of one worker made, and who answered them. Results do not depend on these numbers, nor do they
 * come out the same with another setting of {@code local_calls}. Not safe for several threads.
 */
public final class CallCounters {
    /** Numbers of calls that are told apart; all others are counted as one. */
    private static final int NUMBERS = 512;

    /** Operations of a log that are told apart, from 1 on. */
    private static final int OPERATIONS = 10;

    private static final String[] OPERATION_NAMES = {
        "invalid",
        "read",
        "write",
        "epollWait",
        "epollControl",
        "setStatusFlags",
        "close",
        "setOption",
        "signalAction",
        "unknown"
    };

    private final long[] crossed = new long[NUMBERS];
    private final long[] logged = new long[OPERATIONS];
    private long crossings;
    private long local;
    private long localTime;
    private long copies;

    /** A guest came to its worker, for whatever reason. */
    public void countCrossing() {
        crossings++;
    }

    /** A new call has come to the engine. */
    public void countCall(int number) {
        crossed[number >= 0 && number < NUMBERS - 1 ? number : NUMBERS - 1]++;
    }

    /** So many calls were answered by a guest itself: others, and those for the time. */
    public void countLocal(int calls, int timeCalls) {
        local += calls;
        localTime += timeCalls;
    }

    /** One of them was on an object, and is repeated by the engine. */
    public void countLogged(int operation) {
        logged[operation > 0 && operation < OPERATIONS ? operation : 0]++;
    }

    /** So many processes came to life as copies of one that was executed. */
    public void countCopies(int count) {
        copies += count;
    }

    /** Adds what another worker counted. */
    public void add(CallCounters other) {
        for (int i = 0; i < NUMBERS; i++) {
            crossed[i] += other.crossed[i];
        }
        for (int i = 0; i < OPERATIONS; i++) {
            logged[i] += other.logged[i];
        }
        crossings += other.crossings;
        local += other.local;
        localTime += other.localTime;
        copies += other.copies;
    }

    /** Calls that the engine answered. */
    public long crossedCalls() {
        long sum = 0;
        for (long count : crossed) {
            sum += count;
        }
        return sum;
    }

    /** Calls that guests answered themselves. */
    public long localCalls() {
        return local + localTime;
    }

    /**
     * All that was counted, by name, for the run's summary.
     *
     * @param nameOf the name of a call's number
     */
    public Map<String, Object> toMap(IntFunction<String> nameOf) {
        Map<String, Object> byCall = new LinkedHashMap<>();
        for (int number = 0; number < NUMBERS; number++) {
            if (crossed[number] > 0) {
                byCall.put(number < NUMBERS - 1 ? nameOf.apply(number) : "other", crossed[number]);
            }
        }
        Map<String, Object> byOperation = new LinkedHashMap<>();
        for (int operation = 0; operation < OPERATIONS; operation++) {
            if (logged[operation] > 0) {
                byOperation.put(OPERATION_NAMES[operation], logged[operation]);
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("crossings", crossings);
        all.put("crossed", crossedCalls());
        all.put("crossedByCall", byCall);
        all.put("local", localCalls());
        all.put("localTime", localTime);
        all.put("localOnObjects", byOperation);
        all.put("copiedProcesses", copies);
        return all;
    }
}
