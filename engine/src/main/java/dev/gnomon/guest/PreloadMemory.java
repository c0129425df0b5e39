package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A guest's memory as one of its threads stands in a call: ranges that travelled in the slot, and the process itself for all
 * else.
 *
 * <p>Bytes for the guest go into a range as long as they join what stands in it from its start, because that is what the
 * shim carries back; the rest is written to the process at once. Whatever is written there and also lies in a range is
 * brought up to date in the range, so that reading gives what was written, and carrying back undoes nothing.
 */
final class PreloadMemory implements GuestMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int ESRCH = 3; // include/uapi/asm-generic/errno-base.h

    private final PreloadProcess process;
    private final ThreadSlot slot;
    private final WorkerWord worker;

    // The ranges of the present call: copied, so that what was checked is what is used.
    private final long[] addresses = new long[ThreadSlotDescriptor.RANGE_LIMIT];
    private final int[] lengths = new int[ThreadSlotDescriptor.RANGE_LIMIT];
    private final int[] offsets = new int[ThreadSlotDescriptor.RANGE_LIMIT];
    private final int[] directions = new int[ThreadSlotDescriptor.RANGE_LIMIT];
    private final int[] written = new int[ThreadSlotDescriptor.RANGE_LIMIT];
    private int count;

    private final byte[] number = new byte[Long.BYTES];

    /** Hears of what does not travel in ranges; null for nobody. */
    private PreludeRecorder recorder;

    PreloadMemory(PreloadProcess process, ThreadSlot slot, WorkerWord worker) {
        this.process = process;
        this.slot = slot;
        this.worker = worker;
    }

    /** @param to hears from now on of accesses to the process itself; null for nobody */
    void record(PreludeRecorder to) {
        recorder = to;
    }

    /** Takes the ranges of a new stop. @param ranges at most {@link ThreadSlotDescriptor#RANGE_LIMIT} */
    void carry(int ranges) {
        count = 0;
        for (int n = 0; n < ranges; n++) {
            int at = ThreadSlotDescriptor.rangeOffset(n);
            int length = slot.getInt(at + RangeDescriptor.LENGTH_OFFSET);
            int offset = slot.getInt(at + RangeDescriptor.TRANSFER_OFFSET_OFFSET);
            int direction = slot.getInt(at + RangeDescriptor.DIRECTION_OFFSET);
            if (!RangeDescriptor.isValid(length, offset, direction)) {
                process.misbehaved("carried a range outside its transfer buffer: length=" + length + ", offset="
                        + offset + ", direction=" + direction);
                count = 0;
                return;
            }
            addresses[n] = slot.getLong(at + RangeDescriptor.GUEST_ADDRESS_OFFSET);
            lengths[n] = length;
            offsets[n] = ThreadSlotDescriptor.TRANSFER_OFFSET + offset;
            directions[n] = direction;
            written[n] = 0;
            count = n + 1;
        }
    }

    /** How far into a range an address lies; negative or beyond its length where it does not. */
    private long delta(int range, long address) {
        return address - addresses[range];
    }

    /** So many bytes from a range's start stand in the transfer buffer as the guest has them, or will have them. */
    private int known(int range) {
        return (directions[range] & RangeDescriptor.IN) != 0 ? lengths[range] : written[range];
    }

    private int rangeToRead(long address, int length) {
        for (int n = 0; n < count; n++) {
            long delta = delta(n, address);
            if (delta >= 0 && delta <= known(n) - length) {
                return n;
            }
        }
        return -1;
    }

    private int rangeToWrite(long address, int length) {
        for (int n = 0; n < count; n++) {
            long delta = delta(n, address);
            if ((directions[n] & RangeDescriptor.OUT) != 0
                    && delta >= 0
                    && delta <= lengths[n] - length
                    && delta <= known(n)) {
                return n;
            }
        }
        return -1;
    }

    private void extend(int range, int end) {
        if (end > written[range]) {
            written[range] = end;
            slot.putInt(ThreadSlotDescriptor.rangeOffset(range) + RangeDescriptor.WRITTEN_OFFSET, end);
        }
    }

    // ---- reading

    @Override
    public boolean read(long address, byte[] destination, int offset, int length) {
        if (length == 0) {
            return true;
        }
        int range = rangeToRead(address, length);
        if (range >= 0) {
            slot.get(offsets[range] + (int) delta(range, address), destination, offset, length);
            return true;
        }
        return readProcess(address, destination, offset, length);
    }

    private boolean readProcess(long address, byte[] destination, int offset, int length) {
        ByteBuffer scratch = worker.scratch();
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, WorkerWord.SCRATCH_BYTES);
            if (readToScratch(address + done, part) != part) {
                return false;
            }
            scratch.get(0, destination, offset + done, part);
            done += part;
        }
        overlay(address, destination, offset, length);
        return true;
    }

    private long readToScratch(long address, int bytes) {
        reachProcess();
        while (true) {
            int machine = process.machineProcessId();
            long done = machine == 0
                    ? -ESRCH
                    : SwitchLibrary.gnomon_read_process(machine, worker.scratchAddress(), address, bytes);
            if (done != -ESRCH || !process.looksForOtherThread()) {
                return done;
            }
        }
    }

    private void reachProcess() {
        if (recorder != null) {
            recorder.object("a call of it reaches memory that it does not carry");
        }
    }

    private long writeFromScratch(long address, int bytes) {
        reachProcess();
        while (true) {
            int machine = process.machineProcessId();
            long done = machine == 0
                    ? -ESRCH
                    : SwitchLibrary.gnomon_write_process(machine, worker.scratchAddress(), address, bytes);
            if (done != -ESRCH || !process.looksForOtherThread()) {
                return done;
            }
        }
    }

    /** Puts what still waits in ranges to be carried back over what was read from the process. */
    private void overlay(long address, byte[] destination, int offset, int length) {
        for (int n = 0; n < count; n++) {
            long from = Math.max(0, delta(n, address));
            long to = Math.min(written[n], delta(n, address) + length);
            if (written[n] > 0 && delta(n, address) < written[n] && from < to) {
                int into = (int) (from - delta(n, address));
                slot.get(offsets[n] + (int) from, destination, offset + into, (int) (to - from));
            }
        }
    }

    @Override
    public byte[] readString(long address, int limit) {
        for (int n = 0; n < count; n++) {
            long delta = delta(n, address);
            if (delta >= 0 && delta < known(n)) {
                int end = (int) Math.min(known(n), delta + limit + 1);
                for (int at = (int) delta; at < end; at++) {
                    if (slot.get(offsets[n] + at) == 0) {
                        byte[] string = new byte[at - (int) delta];
                        slot.get(offsets[n] + (int) delta, string, 0, string.length);
                        return string;
                    }
                }
            }
        }
        return readProcessString(address, limit);
    }

    private byte[] readProcessString(long address, int limit) {
        byte[] string = new byte[Math.min(limit + 1, PAGE_BYTES)];
        int have = 0;
        while (have <= limit) {
            // No further than the page: the next one may not be there, and need not.
            int part = Math.min(PAGE_BYTES - (int) (address + have & PAGE_BYTES - 1), limit + 1 - have);
            if (have + part > string.length) {
                string = Arrays.copyOf(string, Math.min(limit + 1, Math.max(2 * string.length, have + part)));
            }
            if (!readProcess(address + have, string, have, part)) {
                return null;
            }
            for (int at = have; at < have + part; at++) {
                if (string[at] == 0) {
                    return Arrays.copyOf(string, at);
                }
            }
            have += part;
        }
        return null;
    }

    @Override
    public boolean isReadable(long address, int length) {
        if (length <= 0 || rangeToRead(address, length) >= 0) {
            return true;
        }
        long end = address + length;
        for (long at = address; end - at > 0; at = (at | PAGE_BYTES - 1) + 1) {
            if (readToScratch(at, 1) != 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long readInt(long address) {
        int range = rangeToRead(address, Integer.BYTES);
        if (range >= 0) {
            return Integer.toUnsignedLong(slot.getInt(offsets[range] + (int) delta(range, address)));
        }
        return readProcess(address, number, 0, Integer.BYTES) ? number(Integer.BYTES) : UNREADABLE;
    }

    @Override
    public boolean readLong(long address, long[] destination) {
        int range = rangeToRead(address, Long.BYTES);
        if (range >= 0) {
            destination[0] = slot.getLong(offsets[range] + (int) delta(range, address));
            return true;
        }
        if (!readProcess(address, number, 0, Long.BYTES)) {
            return false;
        }
        destination[0] = number(Long.BYTES);
        return true;
    }

    private long number(int bytes) {
        long value = 0;
        for (int n = bytes - 1; n >= 0; n--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(number[n]);
        }
        return value;
    }

    // ---- writing

    @Override
    public boolean write(long address, byte[] source, int offset, int length) {
        if (length == 0) {
            return true;
        }
        int range = rangeToWrite(address, length);
        if (range >= 0) {
            int delta = (int) delta(range, address);
            slot.put(offsets[range] + delta, source, offset, length);
            extend(range, delta + length);
            return true;
        }
        return writeProcess(address, source, offset, length);
    }

    private boolean writeProcess(long address, byte[] source, int offset, int length) {
        ByteBuffer scratch = worker.scratch();
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, WorkerWord.SCRATCH_BYTES);
            scratch.put(0, source, offset + done, part);
            if (writeFromScratch(address + done, part) != part) {
                return false;
            }
            done += part;
        }
        refresh(address, source, offset, length);
        return true;
    }

    /** Brings ranges up to date with what was written to the process. */
    private void refresh(long address, byte[] source, int offset, int length) {
        for (int n = 0; n < count; n++) {
            long delta = delta(n, address);
            long from = Math.max(0, delta);
            long to = Math.min(known(n), delta + length);
            if (delta < known(n) && delta > -(long) length && from < to) {
                int first = offset + (int) (from - delta);
                slot.put(offsets[n] + (int) from, source, first, (int) (to - from));
            }
        }
    }

    @Override
    public boolean writeInt(long address, int value) {
        int range = rangeToWrite(address, Integer.BYTES);
        if (range >= 0) {
            int delta = (int) delta(range, address);
            slot.putInt(offsets[range] + delta, value);
            extend(range, delta + Integer.BYTES);
            return true;
        }
        putNumber(value);
        return writeProcess(address, number, 0, Integer.BYTES);
    }

    @Override
    public boolean writeLong(long address, long value) {
        int range = rangeToWrite(address, Long.BYTES);
        if (range >= 0) {
            int delta = (int) delta(range, address);
            slot.putLong(offsets[range] + delta, value);
            extend(range, delta + Long.BYTES);
            return true;
        }
        putNumber(value);
        return writeProcess(address, number, 0, Long.BYTES);
    }

    private void putNumber(long value) {
        for (int n = 0; n < Long.BYTES; n++) {
            number[n] = (byte) (value >>> n * Byte.SIZE);
        }
    }
}
