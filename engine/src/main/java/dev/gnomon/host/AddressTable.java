package dev.gnomon.host;

/** Something for each of many IPv4 addresses: looked up for each packet, so without an object a look. */
final class AddressTable<V> {
    private static final int FIRST_CAPACITY = 16;
    /** 2^32 divided by the golden ratio: spreads neighbouring addresses. */
    private static final int MULTIPLIER = 0x9e37_79b9;

    private int size;
    /** A power of two of places, at least half of them empty. */
    private int[] addresses = new int[FIRST_CAPACITY];
    /** Null where a place is empty. */
    private V[] values = newValues(FIRST_CAPACITY);

    /** A later value takes the place of an earlier one. */
    void put(int address, V value) {
        if (2 * (size + 1) > values.length) {
            grow();
        }
        int place = place(address);
        if (values[place] == null) {
            size++;
        }
        addresses[place] = address;
        values[place] = value;
    }

    /** Null where the address is nobody's. */
    V get(int address) {
        return values[place(address)];
    }

    /** Where the address is, or would be. */
    private int place(int address) {
        int mask = values.length - 1;
        int place = address * MULTIPLIER >>> Integer.numberOfLeadingZeros(mask);
        while (values[place] != null && addresses[place] != address) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        int[] oldAddresses = addresses;
        V[] oldValues = values;
        addresses = new int[2 * oldValues.length];
        values = newValues(2 * oldValues.length);
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != null) {
                int place = place(oldAddresses[i]);
                addresses[place] = oldAddresses[i];
                values[place] = oldValues[i];
            }
        }
    }

    @SuppressWarnings("unchecked") // nobody else sees the array
    private V[] newValues(int capacity) {
        return (V[]) new Object[capacity];
    }
}
