package dev.gnomon.network;

/** IPv4 addresses as {@code int} in host order: 127.0.0.1 is 0x7f000001. */
public final class Ipv4 {
    /** 0.0.0.0, INADDR_ANY. */
    public static final int ANY = 0;

    /** 127.0.0.1. */
    public static final int LOOPBACK = 0x7f000001;

    /** 255.255.255.255. */
    public static final int BROADCAST = 0xffffffff;

    /** Bytes of an IPv4 header without options. */
    public static final int HEADER_BYTES = 20;

    private Ipv4() {}

    /** Whether the address lies in 127.0.0.0/8. */
    public static boolean isLoopback(int address) {
        return address >>> 24 == 127;
    }

    /** Whether the address lies in 224.0.0.0/4. */
    public static boolean isMulticast(int address) {
        return address >>> 28 == 14;
    }

    /** Dotted decimal. */
    public static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    /**
     * Reads dotted decimal.
     *
     * @throws IllegalArgumentException where the text is not four decimal numbers of 0 to 255
     */
    public static int parse(String text) {
        int address = 0;
        int parts = 0;
        int position = 0;
        while (position <= text.length()) {
            int dot = text.indexOf('.', position);
            int end = dot < 0 ? text.length() : dot;
            int value = 0;
            if (end == position || end - position > 3) {
                throw notAnAddress(text);
            }
            for (int i = position; i < end; i++) {
                char digit = text.charAt(i);
                if (digit < '0' || digit > '9') {
                    throw notAnAddress(text);
                }
                value = value * 10 + digit - '0';
            }
            if (value > 255) {
                throw notAnAddress(text);
            }
            address = address << 8 | value;
            parts++;
            position = end + 1;
        }
        if (parts != 4) {
            throw notAnAddress(text);
        }
        return address;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("not an IPv4 address: " + text);
    }
}
