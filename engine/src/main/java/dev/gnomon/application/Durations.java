package dev.gnomon.application;

/**
 * Least, greatest and median of durations, in little memory: the median is exact to one part in 32, the others wholly. Buckets
 * of one power of two are made when the first duration falls into them.
 */
final class Durations {
    private static final int PARTS_BITS = 5;
    private static final int PARTS = 1 << PARTS_BITS;

    private final int[][] counts = new int[Long.SIZE - PARTS_BITS][];
    private long count;
    private long least = Long.MAX_VALUE;
    private long greatest;

    /** @param nanos 0 or more */
    void add(long nanos) {
        int octave = octave(nanos);
        if (counts[octave] == null) {
            counts[octave] = new int[PARTS];
        }
        counts[octave][part(nanos, octave)]++;
        count++;
        least = Math.min(least, nanos);
        greatest = Math.max(greatest, nanos);
    }

    long count() {
        return count;
    }

    /** The lower end of the bucket that the median is in, but not below the least or above the greatest. */
    long median() {
        long before = 0;
        for (int octave = 0; octave < counts.length; octave++) {
            for (int part = 0; counts[octave] != null && part < PARTS; part++) {
                before += counts[octave][part];
                if (2 * before >= count && before > 0) {
                    return Math.max(least, Math.min(greatest, start(octave, part)));
                }
            }
        }
        return 0;
    }

    /** Below 2^5 each number is its own part; above, an octave is one power of two in 32 parts. */
    private static int octave(long nanos) {
        return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - PARTS_BITS);
    }

    private static int part(long nanos, int octave) {
        return octave == 0 ? (int) nanos : (int) (nanos >>> octave - 1) & PARTS - 1;
    }

    private static long start(int octave, int part) {
        return octave == 0 ? part : (long) (PARTS + part) << octave - 1;
    }

    /** Such as {@code min 2.000000 ms, median 2.500000 ms, max 3.000000 ms}; {@code none} where there are none. */
    @Override
    public String toString() {
        if (count == 0) {
            return "none";
        }
        return "min " + milliseconds(least) + ", median " + milliseconds(median()) + ", max " + milliseconds(greatest);
    }

    private static String milliseconds(long nanos) {
        // By hand: hundreds of thousands of applications report, and String.format takes microseconds.
        String fraction = Long.toString(1_000_000 + nanos % 1_000_000);
        return nanos / 1_000_000 + "." + fraction.substring(1) + " ms";
    }
}
