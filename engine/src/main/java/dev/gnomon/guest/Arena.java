package dev.gnomon.guest;

import dev.gnomon.jna.NativeFile;
import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/** The memory file of one run, mapped as a whole. It has no name and is gone with the last process that maps it. */
final class Arena implements AutoCloseable {
    /** Four bytes at an offset of a buffer that views a piece of an arena. */
    static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Eight bytes at an offset of a buffer that views a piece of an arena. */
    static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int descriptor;
    private final long address;
    private final long bytes;

    private final int hosts;

    private Arena(int descriptor, long address, long bytes, int hosts) {
        this.hosts = hosts;
        this.descriptor = descriptor;
        this.address = address;
        this.bytes = bytes;
    }

    /**
     * Creates a run's arena and fills its header.
     *
     * @throws IOException where the kernel has no room
     */
    static Arena create(GuestRuntimeConfiguration configuration) throws IOException {
        if (SwitchLibrary.gnomon_layout_version() != ArenaDescriptor.VERSION) {
            throw new IOException("the native parts have another layout: expected=" + ArenaDescriptor.VERSION
                    + ", found=" + SwitchLibrary.gnomon_layout_version());
        }
        long bytes = ArenaDescriptor.bytes(configuration.hosts());
        int descriptor = SwitchLibrary.gnomon_memory_file(bytes);
        if (descriptor < 0) {
            throw refused("cannot create", bytes, descriptor);
        }
        long address = SwitchLibrary.gnomon_map(descriptor, bytes);
        if (address < 0) {
            SwitchLibrary.gnomon_close(descriptor);
            throw refused("cannot map", bytes, (int) address);
        }
        Arena arena = new Arena(descriptor, address, bytes, configuration.hosts());
        arena.fillHeader(configuration);
        return arena;
    }

    private static IOException refused(String what, long bytes, int result) {
        return new IOException(what + " the arena: bytes=" + bytes + ": " + SwitchLibrary.errorText(-result));
    }

    private static int runFlags(GuestRuntimeConfiguration configuration) {
        return (configuration.realCounter() ? ArenaDescriptor.RUN_REAL_COUNTER : 0)
                | (configuration.patches() ? 0 : ArenaDescriptor.RUN_NO_PATCHES);
    }

    private void fillHeader(GuestRuntimeConfiguration configuration) {
        ByteBuffer header = buffer(0, ArenaDescriptor.WORKER_WORDS_OFFSET);
        Instant now = Instant.now();
        long realStart = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        header.putInt(ArenaDescriptor.VERSION_OFFSET, ArenaDescriptor.VERSION);
        header.putInt(ArenaDescriptor.RUN_FLAGS_OFFSET, runFlags(configuration));
        header.putLong(ArenaDescriptor.REAL_START_NANOS_OFFSET, realStart);
        header.putLong(ArenaDescriptor.VIRTUAL_START_NANOS_OFFSET, configuration.virtualStartNanos());
        header.putInt(ArenaDescriptor.WORKER_COUNT_OFFSET, configuration.workers());
        header.putInt(ArenaDescriptor.HOST_COUNT_OFFSET, configuration.hosts());
        header.putLong(ArenaDescriptor.BLOCKS_OFFSET_OFFSET, ArenaDescriptor.blocksOffset(configuration.hosts()));
        header.putLong(ArenaDescriptor.BLOCK_BYTES_OFFSET, ArenaDescriptor.blockBytes(configuration.hosts()));
        header.putInt(ArenaDescriptor.ADDRESS_BITS_OFFSET, ArenaDescriptor.addressBits(configuration.hosts()));
        LONG.setRelease(header, ArenaDescriptor.MAGIC_OFFSET, ArenaDescriptor.MAGIC);
    }

    /**
     * Enters an address that datagrams can be sent to.
     *
     * @throws IllegalStateException where the table is full: it has room for as many as there are hosts, and some
     */
    void addAddress(int ipv4Address) {
        int bits = ArenaDescriptor.addressBits(hosts);
        ByteBuffer table = buffer(ArenaDescriptor.ADDRESSES_OFFSET, Integer.BYTES << bits);
        int mask = (1 << bits) - 1;
        int entry = ipv4Address * ArenaDescriptor.ADDRESS_MULTIPLIER >>> Integer.SIZE - bits;
        for (int looked = 0; looked < mask; looked++) {
            int found = table.getInt(entry * Integer.BYTES);
            if (found == ipv4Address) {
                return;
            }
            if (found == 0) {
                table.putInt(entry * Integer.BYTES, ipv4Address);
                return;
            }
            entry = entry + 1 & mask;
        }
        throw new IllegalStateException("no room for an address: hosts=" + hosts);
    }

    /** A path by which another process of this user opens the arena. */
    String path() {
        return NativeFile.processPath(descriptor);
    }

    long address(long offset) {
        return address + offset;
    }

    ByteBuffer buffer(long offset, int length) {
        return SwitchLibrary.buffer(address + offset, length);
    }

    /** Unmaps. No thread may touch a buffer of this arena from now on. */
    @Override
    public void close() {
        SwitchLibrary.gnomon_unmap(address, bytes);
        SwitchLibrary.gnomon_close(descriptor);
    }
}
