package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpinningDecisionTest {
    private static final int PROCESSORS = 4;
    private static final int MANY_EPOCHS = 2000;

    private final SpinningDecision decision = new SpinningDecision(PROCESSORS);
    private boolean spinning;
    private int epochs;
    private int epochsSpun;
    private int probes;

    /** What crossings cost on a machine, for so many epochs. @param vainEvery one spin in so many is in vain; 0 for none */
    private void live(int count, long sleepingNanos, long spinningNanos, int vainEvery, int runnable) {
        for (int n = 0; n < count; n++) {
            int crossings = 0;
            while (!decision.isEpochOver()) {
                if (decision.crossing()) {
                    decision.waited(spinning ? spinningNanos : sleepingNanos);
                }
                if (spinning && vainEvery > 0 && crossings % vainEvery == 0) {
                    decision.spunInVain();
                }
                crossings++;
            }
            boolean before = spinning;
            spinning = decision.endEpoch(() -> runnable + (spinning ? 1 : 0));
            epochs++;
            epochsSpun += spinning ? 1 : 0;
            probes += spinning && !before ? 1 : 0;
        }
    }

    @Test
    void spinsWhereThatIsFaster() {
        live(MANY_EPOCHS, 4_000, 400, 0, 1);
        assertThat(spinning).isTrue();
        assertThat(probes).isEqualTo(1);
        assertThat(epochs - epochsSpun).isLessThan(20);
    }

    @Test
    void probesEverMoreSeldomWhereSpinningIsSlower() {
        live(MANY_EPOCHS, 4_000, 6_000, 0, 1);
        assertThat(spinning).isFalse();
        assertThat(probes).isBetween(3, 12);
        assertThat(epochsSpun).isLessThan(30);
    }

    @Test
    void aSmallGainIsNotWorthAProcessor() {
        live(MANY_EPOCHS, 4_000, 3_500, 0, 1);
        assertThat(spinning).isFalse();
        assertThat(epochsSpun).isLessThan(30);
    }

    @Test
    void doesNotEvenProbeWhereEveryProcessorIsInUse() {
        live(MANY_EPOCHS, 4_000, 400, 0, PROCESSORS);
        assertThat(probes).isZero();
    }

    @Test
    void guestsThatComputeAreNotSpunFor() {
        live(MANY_EPOCHS, 60_000, 25_000, 2, 1);
        assertThat(spinning).isFalse();
        assertThat(epochsSpun).isLessThan(30);
    }

    @Test
    void givesTheProcessorBackWhenSomethingElseWantsIt() {
        live(MANY_EPOCHS, 4_000, 400, 0, 1);
        assertThat(spinning).isTrue();
        int before = epochsSpun;
        live(MANY_EPOCHS, 4_000, 400, 0, PROCESSORS);
        assertThat(spinning).isFalse();
        assertThat(epochsSpun - before).isLessThan(40);
        live(MANY_EPOCHS, 4_000, 400, 0, 1);
        assertThat(spinning).isTrue();
    }

    @Test
    void goesOnSpinningThroughShortCrowds() {
        live(MANY_EPOCHS, 4_000, 400, 0, 1);
        for (int n = 0; n < 100; n++) {
            live(5, 4_000, 400, 0, PROCESSORS);
            live(5, 4_000, 400, 0, 1);
        }
        assertThat(spinning).isTrue();
        assertThat(probes).isEqualTo(1);
    }

    @Test
    void stopsWhenSpinningBecomesSlow() {
        live(MANY_EPOCHS, 4_000, 400, 0, 1);
        live(2, 4_000, 5_000, 0, 1);
        assertThat(spinning).isFalse();
    }
}
