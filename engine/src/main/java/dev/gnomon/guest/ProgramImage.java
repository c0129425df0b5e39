package dev.gnomon.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program at its entry point, of which copies may stand for processes that were executed: how it came there, and which words
 * of its memory depend on the random bytes that its host gave it.
 *
 * <p>That is learned by comparing processes, each executed for a host of its own: the first one's crossings and memory are kept;
 * every other one must have made the same crossings, have the same mappings, and differ in no word of its memory that is not
 * explained by the random bytes ({@link RandomWord}). Each that is copied from was compared before. See
 * docs/adr/2026-11-27-prepared-images.md.
 */
public final class ProgramImage {
    private static final int WORD_BYTES = 2 * Long.BYTES; // struct gnomon_word
    private static final int WORDS_LIMIT = ThreadSlotDescriptor.TRANSFER_BYTES / WORD_BYTES - Randomness.HALVES;

    private final List<PreludeStop> stops;
    private final List<ObservedCall> calls;
    private final MemoryImage memory;
    private final ProcessorWords processors;
    private final Randomness randomness;
    private final long randomAddress;

    /** By address; null before another process was compared. */
    private Map<Long, RandomWord> words;

    private ProgramImage(PreludeRecorder recorder, MemoryImage memory, ProcessorWords processors)
            throws UnpreparableException {
        this.processors = processors;
        this.stops = recorder.stops();
        this.calls = recorder.calls();
        this.memory = memory;
        this.randomAddress = stops.get(0).randomAddress();
        this.randomness = randomnessOf(recorder);
    }

    private static Randomness randomnessOf(PreludeRecorder recorder) throws UnpreparableException {
        byte[] random = recorder.stops().get(0).random();
        if (random.length != Randomness.RANDOM_BYTES) {
            throw new UnpreparableException("it was given no random bytes");
        }
        return Randomness.of(random, recorder.drawn());
    }

    /** How many outputs of its host's generator a process draws until its entry point. */
    int drawnCount() {
        return randomness.count() - Randomness.HALVES;
    }

    /** Takes the image of the first process, which stands at its entry point. */
    static ProgramImage of(PreludeRecorder recorder, int machineProcessId) throws UnpreparableException {
        MemoryImage memory = observe(recorder, machineProcessId);
        try {
            MemoryImage.checkInheritance(machineProcessId);
            return new ProgramImage(recorder, memory, ProcessorWords.read());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static MemoryImage observe(PreludeRecorder recorder, int machineProcessId) throws UnpreparableException {
        if (recorder.objection() != null) {
            throw new UnpreparableException(recorder.objection());
        }
        List<PreludeStop> stops = recorder.stops();
        if (stops.get(stops.size() - 1).nativeResult() != 0) {
            throw new UnpreparableException("the kernel lets nobody write to read-only memory of his own");
        }
        try {
            return MemoryImage.of(machineProcessId);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static UnpreparableException unreadable(IOException e) {
        return new UnpreparableException("its memory cannot be read: " + e.getMessage(), e);
    }

    /** All calls until the entry point. */
    public List<ObservedCall> calls() {
        return calls;
    }

    List<PreludeStop> stops() {
        return stops;
    }

    /**
     * Compares another process at its entry point: whether the image is one of it too.
     *
     * @return false where its random bytes are too like those of the first process to learn from; only for the first comparison
     */
    boolean confirm(PreludeRecorder recorder, int machineProcessId) throws UnpreparableException {
        MemoryImage other = observe(recorder, machineProcessId);
        List<PreludeStop> otherStops = recorder.stops();
        boolean alike = stops.size() == otherStops.size();
        for (int n = 0; alike && n < stops.size(); n++) {
            alike = stops.get(n).isLike(otherStops.get(n));
        }
        if (!alike) {
            throw new UnpreparableException("its calls before its entry point depend on the host");
        }
        if (!memory.mappings().equals(other.mappings())
                || !memory.pages().keySet().equals(other.pages().keySet())) {
            throw new UnpreparableException("its mappings depend on the host");
        }
        Randomness otherRandomness = randomnessOf(recorder);
        if (otherRandomness.count() != randomness.count()) {
            throw new UnpreparableException("how many random bytes it draws depends on the host");
        }
        if (words == null && !RandomWord.canTell(randomness, otherRandomness)) {
            return false;
        }
        if (words != null) {
            settleKnownWords(other, otherRandomness);
        }
        Map<Long, RandomWord> found = new HashMap<>();
        for (Map.Entry<Long, byte[]> page : memory.pages().entrySet()) {
            compare(page.getKey(), page.getValue(), other.pages().get(page.getKey()), otherRandomness, found);
        }
        if (found.size() > WORDS_LIMIT) {
            throw new UnpreparableException("too many words of its memory depend on the random bytes");
        }
        if (words == null) {
            words = found;
        } else if (!found.isEmpty()) {
            throw new UnpreparableException("its memory depends on the host");
        }
        return true;
    }

    /**
     * Checks the words that are known to depend on the random bytes, and makes them those of the first process. They are not
     * learned again: these random bytes may be too like the first process's for that.
     */
    private void settleKnownWords(MemoryImage other, Randomness otherRandomness) throws UnpreparableException {
        for (RandomWord word : words.values()) {
            long page = word.address() & -MemoryImage.PAGE_BYTES;
            int at = (int) (word.address() - page);
            ByteBuffer one = buffer(memory.pages().get(page));
            ByteBuffer same = buffer(other.pages().get(page));
            hideRandom(page, one.array());
            hideRandom(page, same.array());
            if (same.getLong(at) != word.value(otherRandomness)) {
                throw new UnpreparableException("its memory depends on the host");
            }
            same.putLong(at, one.getLong(at));
        }
    }

    private static ByteBuffer buffer(byte[] page) {
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void compare(
            long address, byte[] one, byte[] other, Randomness otherRandomness, Map<Long, RandomWord> found)
            throws UnpreparableException {
        if (Arrays.equals(one, other)) {
            return;
        }
        hideRandom(address, one);
        hideRandom(address, other);
        ByteBuffer left = buffer(one);
        ByteBuffer right = buffer(other);
        for (int at = 0; at < MemoryImage.PAGE_BYTES; at += Long.BYTES) {
            long a = left.getLong(at);
            long b = right.getLong(at);
            if (a != b && !processors.isChance(a, b)) {
                RandomWord word = RandomWord.of(address + at, a, randomness, b, otherRandomness);
                if (word == null) {
                    throw new UnpreparableException(
                            "its memory depends on the host in a way that is not known: address=0x"
                                    + Long.toHexString(address + at));
                }
                found.put(address + at, word);
            }
        }
    }

    /** The random bytes themselves are stored in any case. They may lie across words. */
    private void hideRandom(long address, byte[] page) {
        for (int n = 0; n < Randomness.RANDOM_BYTES; n++) {
            long at = randomAddress + n - address;
            if (at >= 0 && at < page.length) {
                page[(int) at] = 0;
            }
        }
    }

    /** Stores, in a copy's slot, the reply that lets it begin, and every word that is another in it: struct gnomon_word. */
    void storeWords(ThreadSlot slot, Randomness own) {
        int at = ThreadSlotDescriptor.TRANSFER_OFFSET;
        for (int half = 0; half < Randomness.HALVES; half++) {
            at = store(slot, at, randomAddress + half * Long.BYTES, own.word(half));
        }
        for (RandomWord word : words.values()) {
            at = store(slot, at, word.address(), word.value(own));
        }
        int count = (at - ThreadSlotDescriptor.TRANSFER_OFFSET) / WORD_BYTES;
        slot.putInt(ThreadSlotDescriptor.REPLY_PARAMETER_OFFSET, count);
    }

    private static int store(ThreadSlot slot, int at, long address, long value) {
        slot.putLong(at, address);
        slot.putLong(at + Long.BYTES, value);
        return at + WORD_BYTES;
    }
}
