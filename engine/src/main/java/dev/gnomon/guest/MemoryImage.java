package dev.gnomon.guest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The memory of a process that stands still, as {@code proc_pid_maps(5)}, {@code proc_pid_pagemap(5)} and {@code
 * proc_pid_mem(5)} show it: its mappings, and every page that is its own. The shim's own memory is left out.
 */
final class MemoryImage {
    static final int PAGE_BYTES = 4096;

    private static final long PRESENT = 1L << 63 | 1L << 62; // in memory, or swapped out
    private static final long OF_FILE = 1L << 61;
    private static final int PAGES_LIMIT = 16_384;

    /** Pages of address space, 16 GiB: sanitizers reserve terabytes. */
    private static final long LOOKED_LIMIT = 1L << 22;

    private static final int ENTRIES_AT_ONCE = 8192;

    /** Mappings that the kernel makes, which hold nothing of the process's. */
    private static final Set<String> OF_KERNEL = Set.of("[vvar]", "[vvar_vclock]", "[vsyscall]");

    /** {@code VmFlags} of proc_pid_smaps(5) that fork does not pass on: locked, not copied, emptied. */
    private static final Set<String> NOT_INHERITED = Set.of("lo", "dc", "wf");

    private final List<String> mappings = new ArrayList<>();
    private final TreeMap<Long, byte[]> pages = new TreeMap<>();
    private long looked;

    private MemoryImage() {}

    /**
     * @param process as the engine's {@code /proc} shows it
     * @throws IOException where it cannot be read
     * @throws UnpreparableException where it holds what a copy would not have
     */
    static MemoryImage of(int process) throws IOException, UnpreparableException {
        Path directory = Path.of("/proc", Integer.toString(process));
        MemoryImage image = new MemoryImage();
        try (RandomAccessFile pageMap =
                        new RandomAccessFile(directory.resolve("pagemap").toFile(), "r");
                RandomAccessFile memory =
                        new RandomAccessFile(directory.resolve("mem").toFile(), "r")) {
            for (String line : Files.readAllLines(directory.resolve("maps"), StandardCharsets.ISO_8859_1)) {
                image.take(line, pageMap, memory);
            }
        }
        return image;
    }

    private void take(String line, RandomAccessFile pageMap, RandomAccessFile memory)
            throws IOException, UnpreparableException {
        String[] fields = line.split(" +", 6);
        String[] bounds = fields[0].split("-");
        long begin = Long.parseUnsignedLong(bounds[0], 16);
        long end = Long.parseUnsignedLong(bounds[1], 16);
        if (ShimAddresses.holds(begin) || fields.length == 6 && OF_KERNEL.contains(fields[5])) {
            return;
        }
        if (fields[1].charAt(3) == 's') {
            throw new UnpreparableException("it shares memory: " + line);
        }
        mappings.add(line);
        looked += (end - begin) / PAGE_BYTES;
        if (looked > LOOKED_LIMIT) {
            throw new UnpreparableException("it has reserved more memory than is looked through");
        }
        pageMap.seek(begin / PAGE_BYTES * Long.BYTES);
        ByteBuffer entries = ByteBuffer.allocate(0);
        for (long address = begin; address < end; address += PAGE_BYTES) {
            if (!entries.hasRemaining()) {
                entries = entriesOf(pageMap, (end - address) / PAGE_BYTES);
            }
            long entry = entries.getLong();
            if ((entry & PRESENT) != 0 && (entry & OF_FILE) == 0) {
                byte[] page = new byte[PAGE_BYTES];
                memory.seek(address);
                memory.readFully(page);
                pages.put(address, page);
                if (pages.size() > PAGES_LIMIT) {
                    throw new UnpreparableException("it has changed more memory than is compared");
                }
            }
        }
    }

    /** The next entries of a page map, at most so many as there are pages left. */
    private static ByteBuffer entriesOf(RandomAccessFile pageMap, long pagesLeft) throws IOException {
        byte[] entries = new byte[(int) Math.min(pagesLeft, ENTRIES_AT_ONCE) * Long.BYTES];
        pageMap.readFully(entries);
        return ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
    }

    /**
     * Looks at what copies by fork do not inherit.
     *
     * @throws UnpreparableException where the process has some of it
     */
    static void checkInheritance(int process) throws IOException, UnpreparableException {
        Path directory = Path.of("/proc", Integer.toString(process));
        try {
            checkInheritance(directory);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void checkInheritance(Path directory) throws IOException, UnpreparableException {
        try (Stream<String> lines = Files.lines(directory.resolve("smaps"), StandardCharsets.ISO_8859_1)) {
            if (lines.filter(line -> line.startsWith("VmFlags:"))
                    .flatMap(line -> Stream.of(line.split(" ")))
                    .anyMatch(NOT_INHERITED::contains)) {
                throw new UnpreparableException("it has memory that fork does not copy");
            }
        }
        try (Stream<Path> descriptors = Files.list(directory.resolve("fd"))) {
            List<String> names = descriptors
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
            if (!names.equals(List.of("0", "1", "2"))) {
                throw new UnpreparableException("it has other descriptors than the standard ones: " + names);
            }
        }
        try (Stream<Path> threads = Files.list(directory.resolve("task"))) {
            if (threads.count() != 1) {
                throw new UnpreparableException("it has several threads");
            }
        }
    }

    List<String> mappings() {
        return mappings;
    }

    /** The process's own pages by their addresses. */
    TreeMap<Long, byte[]> pages() {
        return pages;
    }
}
