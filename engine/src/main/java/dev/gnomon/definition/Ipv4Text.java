package dev.gnomon.definition;

import java.util.OptionalInt;

/** IPv4 addresses as four decimal numbers from 0 to 255, without leading zeros (inet_pton(3)). */
final class Ipv4Text {
    private Ipv4Text() {}

    static String format(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                + (address & 255);
    }

    static OptionalInt parse(String text) {
        int address = 0;
        int at = 0;
        for (int part = 0; part < 4; part++) {
            if (part > 0) {
                if (at >= text.length() || text.charAt(at) != '.') {
                    return OptionalInt.empty();
                }
                at++;
            }
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = value * 10 + text.charAt(at) - '0';
                at++;
            }
            if (at == start || value > 255 || (text.charAt(start) == '0' && at - start > 1)) {
                return OptionalInt.empty();
            }
            address = address << 8 | value;
        }
        return at == text.length() ? OptionalInt.of(address) : OptionalInt.empty();
    }
}
