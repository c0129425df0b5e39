package dev.gnomon.guest;

/**
 * Eight bytes of a program's memory that depend on the random words that its host gave it: {@code rotate((word & mask) ^ constant,
 * rotation)}. So do the words themselves, the stack protector's canary (a byte of it is zero), the pointer guard, and pointers that
 * glibc mangles with that (sysdeps/unix/sysv/linux/x86_64/pointer_guard.h).
 *
 * @param source which word of {@link Randomness}
 */
record RandomWord(long address, int source, long mask, int rotation, long constant) {
    private static final int MANGLING_ROTATION = 17;
    private static final int[] ROTATIONS = {0, MANGLING_ROTATION};

    /** All of it, and the canaries of glibc and musl (csu/libc-start.c, env/__stack_chk_fail.c). */
    private static final long[] MASKS = {-1L, ~0xffL, ~0xff00L};

    /** Whether two processes with this randomness show which bytes of it a word depends on. */
    static boolean canTell(Randomness one, Randomness other) {
        for (int source = 0; source < one.count(); source++) {
            long difference = one.word(source) ^ other.word(source);
            for (long mask : MASKS) {
                if (mask != -1L && (difference & ~mask) == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * How a word depends on the randomness.
     *
     * @param one the word in a process with {@code oneRandomness}; {@code other} likewise, with as many random words
     * @return null where it does not depend on it in any way known
     */
    static RandomWord of(long address, long one, Randomness oneRandomness, long other, Randomness otherRandomness) {
        for (int source = 0; source < oneRandomness.count(); source++) {
            long word = oneRandomness.word(source);
            long difference = word ^ otherRandomness.word(source);
            for (long mask : MASKS) {
                for (int rotation : ROTATIONS) {
                    if ((one ^ other) == Long.rotateLeft(difference & mask, rotation)) {
                        long constant = Long.rotateRight(one, rotation) ^ word & mask;
                        return new RandomWord(address, source, mask, rotation, constant);
                    }
                }
            }
        }
        return null;
    }

    /** The word in a process with this randomness. */
    long value(Randomness randomness) {
        return Long.rotateLeft(randomness.word(source) & mask ^ constant, rotation);
    }
}
