package dev.gnomon.service.storage;

import java.security.SecureRandom;

/** Names for what the service stores: 80 random bits in letters and digits that no file system or URL minds. */
public final class Identifiers {

    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 16;

    private static final SecureRandom random = new SecureRandom();

    private Identifiers() {}

    /** A name that was never given before. */
    public static String fresh() {
        StringBuilder name = new StringBuilder(LENGTH);
        for (int digit = 0; digit < LENGTH; digit++) {
            name.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return name.toString();
    }
}
