package dev.gnomon.guest;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The generator behind {@code getrandom(2)} on one host: xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators"), its state in the host's block, where the shim goes on with it. C twin: {@code
 * native/shim/random.c}.
 */
public final class GuestRandom {
    private static final int STATE_NUMBERS = 4;

    private final ByteBuffer header;
    private final int offset;

    GuestRandom(ByteBuffer header) {
        this(header, HostBlockDescriptor.RANDOM_OFFSET);
    }

    private GuestRandom(ByteBuffer header, int offset) {
        this.header = header;
        this.offset = offset;
    }

    /**
     * The outputs that lead from one state to another.
     *
     * @return null where they are more than {@code limit}
     */
    static long[] outputs(long[] from, long[] to, int limit) {
        GuestRandom generator = new GuestRandom(ByteBuffer.allocate(STATE_NUMBERS * Long.BYTES), 0);
        generator.state(from[0], from[1], from[2], from[3]);
        long[] outputs = new long[limit];
        for (int count = 0; ; count++) {
            if (Arrays.equals(generator.state(), to)) {
                return Arrays.copyOf(outputs, count);
            }
            if (count == limit) {
                return null;
            }
            outputs[count] = generator.next();
        }
    }

    /** Drops outputs. */
    void skip(int outputs) {
        for (int n = 0; n < outputs; n++) {
            next();
        }
    }

    /** Sets the state; not all four may be 0. */
    public void state(long first, long second, long third, long fourth) {
        put(0, first);
        put(1, second);
        put(2, third);
        put(3, fourth);
    }

    /** The present state, all four numbers. */
    long[] state() {
        return new long[] {get(0), get(1), get(2), get(3)};
    }

    private long get(int index) {
        return header.getLong(offset + index * Long.BYTES);
    }

    private void put(int index, long value) {
        header.putLong(offset + index * Long.BYTES, value);
    }

    private long next() {
        long s0 = get(0);
        long s1 = get(1);
        long s2 = get(2);
        long s3 = get(3);
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = Long.rotateLeft(s3, 45);
        state(s0, s1, s2, s3);
        return result;
    }

    /** Fills bytes with outputs, little-endian; what is left of the last output is dropped. */
    public void fill(byte[] destination, int length) {
        for (int at = 0; at < length; at += Long.BYTES) {
            long output = next();
            for (int n = 0; n < Math.min(Long.BYTES, length - at); n++) {
                destination[at + n] = (byte) (output >>> n * Byte.SIZE);
            }
        }
    }
}
