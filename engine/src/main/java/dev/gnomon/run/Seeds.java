package dev.gnomon.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Generators that follow from the run's seed and a name, and from nothing else. */
final class Seeds {
    /** Its algorithm is fixed by the Java platform's specification ({@code java.util.random}). */
    private static final RandomGeneratorFactory<RandomGenerator> ALGORITHM =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private Seeds() {}

    static RandomGenerator generator(long seed, String name) {
        MessageDigest digest = Manifest.sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        return ALGORITHM.create(digest.digest());
    }
}
