package dev.gnomon.network.dns;

import dev.gnomon.network.Ipv4;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which name has which addresses, and which address has which name. Names are compared without regard to case. */
public final class NameTable {
    private static final int[] NONE = {};

    private final Map<String, int[]> addresses;
    private final Map<Integer, String> names;

    private NameTable(Map<String, int[]> addresses, Map<Integer, String> names) {
        this.addresses = addresses;
        this.names = names;
    }

    /** Collects names; {@code localhost} is known from the start. */
    public static final class Builder {
        private final Map<String, int[]> addresses = new HashMap<>();
        private final Map<Integer, String> names = new HashMap<>();

        public Builder() {
            add("localhost", Ipv4.LOOPBACK);
        }

        /**
         * Adds an address to a name. The first name of an address is the one that a reverse query answers.
         *
         * @param name labels of 1 to 63 bytes joined by dots, 253 bytes at most
         * @throws IllegalArgumentException where the name cannot stand in a DNS message
         */
        public Builder add(String name, int address) {
            checkName(name);
            int[] before = addresses.getOrDefault(fold(name), NONE);
            int[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = address;
            addresses.put(fold(name), after);
            names.putIfAbsent(address, name);
            return this;
        }

        public NameTable build() {
            return new NameTable(Map.copyOf(addresses), Map.copyOf(names));
        }

        private static void checkName(String name) {
            boolean wrong = name.isEmpty() || name.length() > 253;
            for (String label : name.split("\\.", -1)) {
                wrong |= label.isEmpty() || label.length() > 63;
            }
            for (int i = 0; i < name.length(); i++) {
                wrong |= name.charAt(i) <= ' ' || name.charAt(i) > '~';
            }
            if (wrong) {
                throw new IllegalArgumentException("not a host name: " + name);
            }
        }
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The addresses of a name, or null where there is no such name. Not to be modified. */
    int[] addresses(String name) {
        return addresses.get(fold(name));
    }

    /** The address of a name, or -1 where there is no such name; otherwise 0 to 2^32-1. */
    public long address(String name) {
        int[] found = addresses(name);
        return found == null ? -1 : found[0] & 0xffffffffL;
    }

    /** The name of an address, or null. */
    public String name(int address) {
        return names.get(address);
    }
}
