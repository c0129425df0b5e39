package dev.gnomon.network.tcp;

/** The loss probe that is under way, RFC 8985, section 7. */
final class TailLossProbe {
    private boolean outstanding;
    private boolean resent;
    private long end;

    boolean outstanding() {
        return outstanding;
    }

    /** @param sentAgain whether it repeats a segment, rather than to carry new data */
    void sent(boolean sentAgain, long next) {
        outstanding = true;
        resent = sentAgain;
        end = next;
    }

    void forget() {
        outstanding = false;
    }

    /** Section 7.4.2: whether the acknowledgment shows that the probe repaired a loss, which must cost what a loss costs. */
    boolean repairedLoss(long acknowledgment, boolean advanced, boolean duplicateReported) {
        if (!outstanding || acknowledgment < end) {
            return false;
        }
        if (!resent || duplicateReported) {
            outstanding = false;
            return false;
        }
        if (acknowledgment > end) {
            outstanding = false;
            return true;
        }
        outstanding = advanced;
        return false;
    }
}
