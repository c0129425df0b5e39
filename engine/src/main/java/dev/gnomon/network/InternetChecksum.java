package dev.gnomon.network;

/** The ones' complement checksum of RFC 1071. */
final class InternetChecksum {
    private InternetChecksum() {}

    /** Adds bytes, as big-endian 16-bit words, to a running sum; an odd last byte is padded with zero. */
    static long add(long sum, byte[] bytes, int offset, int length) {
        int end = offset + (length & ~1);
        for (int i = offset; i < end; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
        }
        if ((length & 1) != 0) {
            sum += (bytes[end] & 0xff) << 8;
        }
        return sum;
    }

    /** The checksum to put into the header, for a running sum. */
    static int finish(long sum) {
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }
}
