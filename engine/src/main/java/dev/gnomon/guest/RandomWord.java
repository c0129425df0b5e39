package dev.gnomon.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Eight bytes of a program's memory that depend on the 16 bytes of {@code AT_RANDOM}: {@code rotate((half & mask) ^ constant,
 * rotation)}. So do the halves themselves, the stack protector's canary (a byte of it is zero), the pointer guard, and pointers
 * that glibc mangles with that (sysdeps/unix/sysv/linux/x86_64/pointer_guard.h).
 *
 * @param half 0 or 1
 */
record RandomWord(long address, int half, long mask, int rotation, long constant) {
    private static final int MANGLING_ROTATION = 17;
    private static final int[] ROTATIONS = {0, MANGLING_ROTATION};

    /** All of it, and the canaries of glibc and musl (csu/libc-start.c, env/__stack_chk_fail.c). */
    private static final long[] MASKS = {-1L, ~0xffL, ~0xff00L};

    private static final int HALVES = 2;

    /** A half of the random bytes. */
    static long half(byte[] random, int half) {
        return ByteBuffer.wrap(random).order(ByteOrder.LITTLE_ENDIAN).getLong(half * Long.BYTES);
    }

    /** Whether two processes with these random bytes show which bytes of a half a word depends on. */
    static boolean canTell(byte[] oneRandom, byte[] otherRandom) {
        for (int half = 0; half < HALVES; half++) {
            long difference = half(oneRandom, half) ^ half(otherRandom, half);
            for (long mask : MASKS) {
                if (mask != -1L && (difference & ~mask) == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * How a word depends on the random bytes.
     *
     * @param one the word in a process with the random bytes {@code oneRandom}; {@code other} likewise
     * @return null where it does not depend on them in any way known
     */
    static RandomWord of(long address, long one, byte[] oneRandom, long other, byte[] otherRandom) {
        for (int half = 0; half < HALVES; half++) {
            long oneHalf = half(oneRandom, half);
            long difference = oneHalf ^ half(otherRandom, half);
            for (long mask : MASKS) {
                for (int rotation : ROTATIONS) {
                    if ((one ^ other) == Long.rotateLeft(difference & mask, rotation)) {
                        long constant = Long.rotateRight(one, rotation) ^ oneHalf & mask;
                        return new RandomWord(address, half, mask, rotation, constant);
                    }
                }
            }
        }
        return null;
    }

    /** The word in a process with these random bytes. */
    long value(byte[] random) {
        return Long.rotateLeft(half(random, half) & mask ^ constant, rotation);
    }
}
