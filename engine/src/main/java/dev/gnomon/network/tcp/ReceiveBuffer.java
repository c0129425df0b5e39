package dev.gnomon.network.tcp;

/** Bytes received in order that the program has not read: references into the payloads they came in. */
final class ReceiveBuffer {
    private byte[][] arrays = new byte[8][];
    private int[] offsets = new int[8];
    private int[] lengths = new int[8];
    private int head;
    private int count;
    private int bytes;

    int length() {
        return bytes;
    }

    void add(byte[] array, int offset, int length) {
        if (length == 0) {
            return;
        }
        bytes += length;
        if (count > 0) {
            int last = head + count - 1 & arrays.length - 1;
            if (arrays[last] == array && offsets[last] + lengths[last] == offset) {
                lengths[last] += length;
                return;
            }
        }
        if (count == arrays.length) {
            grow();
        }
        int slot = head + count++ & arrays.length - 1;
        arrays[slot] = array;
        offsets[slot] = offset;
        lengths[slot] = length;
    }

    int read(byte[] target, int offset, int length, boolean peek) {
        int copied = 0;
        int index = 0;
        while (copied < length && index < count) {
            int slot = head + index & arrays.length - 1;
            int part = Math.min(length - copied, lengths[slot]);
            System.arraycopy(arrays[slot], offsets[slot], target, offset + copied, part);
            copied += part;
            if (!peek && part < lengths[slot]) {
                offsets[slot] += part;
                lengths[slot] -= part;
                break;
            }
            index++;
            if (!peek) {
                arrays[slot] = null;
                head = head + 1 & arrays.length - 1;
                count--;
                index = 0;
            }
        }
        if (!peek) {
            bytes -= copied;
        }
        return copied;
    }

    /** Copies bytes from {@code skip} on, without taking them. */
    int peek(int skip, byte[] target, int offset, int length) {
        int copied = 0;
        int passed = 0;
        for (int index = 0; index < count && copied < length; index++) {
            int slot = head + index & arrays.length - 1;
            int from = Math.max(0, skip - passed);
            if (from < lengths[slot]) {
                int part = Math.min(length - copied, lengths[slot] - from);
                System.arraycopy(arrays[slot], offsets[slot] + from, target, offset + copied, part);
                copied += part;
            }
            passed += lengths[slot];
        }
        return copied;
    }

    private void grow() {
        int size = arrays.length * 2;
        byte[][] moreArrays = new byte[size][];
        int[] moreOffsets = new int[size];
        int[] moreLengths = new int[size];
        for (int i = 0; i < count; i++) {
            int slot = head + i & arrays.length - 1;
            moreArrays[i] = arrays[slot];
            moreOffsets[i] = offsets[slot];
            moreLengths[i] = lengths[slot];
        }
        arrays = moreArrays;
        offsets = moreOffsets;
        lengths = moreLengths;
        head = 0;
    }
}
