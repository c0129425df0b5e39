package dev.gnomon.guest;

import java.util.function.IntSupplier;

/**
 * Whether a worker and its guests wait for each other spinning, on two processors, or sleeping, on one. Found out while they
 * run: now and then spinning is probed, and kept while it is clearly faster and every runnable thread of the machine still
 * has a processor. A probe that fails doubles the time to the next.
 *
 * <p>Acts on what it is told, and has no clock of its own. Nothing that a guest can see depends on it.
 */
final class SpinningDecision {
    /** Crossings over which one mean is taken. */
    static final int EPOCH_CROSSINGS = 1024;

    /** One crossing in so many is timed. */
    static final int SAMPLE_EVERY = 8;

    /** While guests move to the other processor and caches fill, nothing is counted. */
    private static final int SETTLING_CROSSINGS = 256;

    private static final int FIRST_PAUSE_EPOCHS = 16;
    private static final int LONGEST_PAUSE_EPOCHS = 256;

    /** What a guest computes by itself, or a preemption, counts no more than this. */
    private static final long LONGEST_SAMPLE_NANOS = 65_536;

    /** More spins than one in so many ran out in vain: guests compute, or have no processor. */
    private static final int VAIN_SHARE = 8;

    /**
     * By so many more epochs than not there were more runnable threads than processors: some twenty milliseconds, so that
     * something short, which the kernel itself has to do, does not count.
     */
    private static final int CROWDED_EPOCHS = 32;

    private enum Stage {
        SLEEPING,
        SETTLING,
        PROBING,
        SPINNING
    }

    private final int processors;

    private Stage stage = Stage.SLEEPING;
    private int left = EPOCH_CROSSINGS;
    private int samples;
    private long sampledNanos;
    private int vain;
    private int crowded;
    private int pauseEpochs = FIRST_PAUSE_EPOCHS;
    private int epochsToProbe = FIRST_PAUSE_EPOCHS;
    private int epochsSpun;
    private double sleepingNanos;

    /** @param processors of the machine */
    SpinningDecision(int processors) {
        this.processors = processors;
    }

    /** Counts a crossing that is about to begin. Returns whether it is to be timed. */
    boolean crossing() {
        return --left % SAMPLE_EVERY == 0;
    }

    /** A timed crossing took so long, from the answer to the next call. */
    void waited(long nanos) {
        samples++;
        sampledNanos += Math.min(nanos, LONGEST_SAMPLE_NANOS);
    }

    /** The worker spun in vain, and went to sleep. */
    void spunInVain() {
        vain++;
    }

    /** Whether {@link #endEpoch} is due. A probe that goes badly is not seen through. */
    boolean isEpochOver() {
        return left <= 0 || stage != Stage.SLEEPING && vain > EPOCH_CROSSINGS / VAIN_SHARE;
    }

    /**
     * Decides.
     *
     * @param runnable tells how many threads of the machine run or could run, this one among them; asked only where needed
     * @return whether to spin from now on
     */
    boolean endEpoch(IntSupplier runnable) {
        double mean = samples == 0 ? LONGEST_SAMPLE_NANOS : (double) sampledNanos / samples;
        boolean mostlyVain = vain > EPOCH_CROSSINGS / VAIN_SHARE;
        switch (stage) {
            case SLEEPING -> sleptFor(mean, runnable);
            case SETTLING -> begin(mostlyVain ? giveUp() : Stage.PROBING);
            case PROBING -> begin(mostlyVain || mean > 0.8 * sleepingNanos ? giveUp() : Stage.SPINNING);
            case SPINNING -> {
                epochsSpun++;
                crowded = runnable.getAsInt() > processors ? crowded + 1 : Math.max(0, crowded - 1);
                begin(mostlyVain || crowded >= CROWDED_EPOCHS || mean > sleepingNanos ? giveUp() : Stage.SPINNING);
            }
        }
        return stage != Stage.SLEEPING;
    }

    private void sleptFor(double mean, IntSupplier runnable) {
        sleepingNanos = mean;
        epochsToProbe--;
        // A spinning guest takes one processor more than a sleeping one.
        boolean probe = epochsToProbe <= 0 && runnable.getAsInt() < processors;
        begin(probe ? Stage.SETTLING : Stage.SLEEPING);
    }

    private Stage giveUp() {
        pauseEpochs = epochsSpun > pauseEpochs ? FIRST_PAUSE_EPOCHS : Math.min(2 * pauseEpochs, LONGEST_PAUSE_EPOCHS);
        epochsToProbe = pauseEpochs;
        epochsSpun = 0;
        crowded = 0;
        return Stage.SLEEPING;
    }

    private void begin(Stage next) {
        stage = next;
        left = next == Stage.SETTLING ? SETTLING_CROSSINGS : EPOCH_CROSSINGS;
        samples = 0;
        sampledNanos = 0;
        vain = 0;
    }
}
