package dev.gnomon.guest;

import java.util.Arrays;

/**
 * The pages of one host's block behind its header: which regions are given out. The lowest free place is taken first, so that
 * what is used lies close together and needs few page tables. Not safe for several threads: it belongs to the host's worker.
 */
final class BlockSpace {
    /** What {@link #allocate} says where there is no room. */
    static final int NONE = -1;

    private final int pages;
    private int next = HostBlockDescriptor.HEADER_BYTES / HostBlockDescriptor.PAGE_BYTES;

    /** Free regions of each size in use: sizes, and for each a stack of first pages. There are three or four sizes. */
    private int[] sizes = new int[4];

    private int[][] free = new int[4][];
    private int[] freeCounts = new int[4];
    private int sizeCount;

    /** @param blockBytes of the whole block */
    BlockSpace(long blockBytes) {
        this.pages = (int) (blockBytes / HostBlockDescriptor.PAGE_BYTES);
    }

    /** The first page of so many pages that nobody else has; {@link #NONE} where there are none. */
    int allocate(int count) {
        int size = indexOf(count);
        if (size >= 0 && freeCounts[size] > 0) {
            return free[size][--freeCounts[size]];
        }
        if (count > pages - next) {
            return NONE;
        }
        int first = next;
        next += count;
        return first;
    }

    /** Takes back what {@link #allocate} gave. What stands in it stays there. */
    void release(int first, int count) {
        int size = indexOf(count);
        if (size < 0) {
            size = addSize(count);
        }
        if (freeCounts[size] == free[size].length) {
            free[size] = Arrays.copyOf(free[size], freeCounts[size] * 2);
        }
        free[size][freeCounts[size]++] = first;
    }

    private int indexOf(int count) {
        for (int i = 0; i < sizeCount; i++) {
            if (sizes[i] == count) {
                return i;
            }
        }
        return -1;
    }

    private int addSize(int count) {
        if (sizeCount == sizes.length) {
            sizes = Arrays.copyOf(sizes, sizeCount * 2);
            free = Arrays.copyOf(free, sizeCount * 2);
            freeCounts = Arrays.copyOf(freeCounts, sizeCount * 2);
        }
        sizes[sizeCount] = count;
        free[sizeCount] = new int[4];
        return sizeCount++;
    }
}
