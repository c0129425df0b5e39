package dev.gnomon.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The random words that a process had from its host until its entry point: the two halves of {@code AT_RANDOM}, and what {@code
 * getrandom(2)} drew, in order. Little-endian.
 */
record Randomness(long[] words) {
    static final int HALVES = 2;

    static final int RANDOM_BYTES = HALVES * Long.BYTES;

    /** @param random the 16 bytes of {@code AT_RANDOM} */
    static Randomness of(byte[] random, long[] drawn) {
        ByteBuffer halves = ByteBuffer.wrap(random).order(ByteOrder.LITTLE_ENDIAN);
        long[] words = new long[HALVES + drawn.length];
        for (int half = 0; half < HALVES; half++) {
            words[half] = halves.getLong(half * Long.BYTES);
        }
        System.arraycopy(drawn, 0, words, HALVES, drawn.length);
        return new Randomness(words);
    }

    long word(int index) {
        return words[index];
    }

    int count() {
        return words.length;
    }
}
