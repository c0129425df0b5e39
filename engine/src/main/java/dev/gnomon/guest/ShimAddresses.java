package dev.gnomon.guest;

/** Where the shim lies in every guest. C twin: {@code native/include/gnomon/image.h}. */
final class ShimAddresses {
    private static final long IMAGE = 0x7e00_0000_0000L;

    /** Behind the arena's beginning and one block; nothing of a program lies between. */
    private static final long END = 0x7e80_0000_0000L;

    private ShimAddresses() {}

    static boolean holds(long address) {
        return address >= IMAGE && address < END;
    }
}
