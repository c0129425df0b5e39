package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which words of a program's memory are explained by the randomness that its host gave it. */
class RandomWordTest {
    private static final long ADDRESS = 0x7000;

    private static Randomness randomness(long seed) {
        Random random = new Random(seed);
        return new Randomness(new long[] {random.nextLong(), random.nextLong(), random.nextLong()});
    }

    private interface Word {
        long in(Randomness randomness);
    }

    /** Learns a word from two processes, and foretells it in a third. */
    private static void isLearned(Word word) {
        Randomness one = randomness(1);
        Randomness other = randomness(2);
        Randomness third = randomness(3);
        assertThat(RandomWord.canTell(one, other)).isTrue();
        RandomWord learned = RandomWord.of(ADDRESS, word.in(one), one, word.in(other), other);
        assertThat(learned).isNotNull();
        assertThat(learned.address()).isEqualTo(ADDRESS);
        assertThat(learned.value(third)).isEqualTo(word.in(third));
    }

    @Test
    void bytesCanariesGuardsAndMangledPointersAre() {
        isLearned(randomness -> randomness.word(0));
        isLearned(randomness -> randomness.word(1));
        isLearned(randomness -> randomness.word(2));
        isLearned(randomness -> randomness.word(0) & ~0xffL);
        isLearned(randomness -> randomness.word(0) & ~0xff00L);
        isLearned(randomness -> Long.rotateLeft(randomness.word(1) ^ 0x5555_5555_4000L, 17));
    }

    @Test
    void otherFunctionsOfThemAreNot() {
        Randomness one = randomness(1);
        Randomness other = randomness(2);
        assertThat(RandomWord.of(ADDRESS, one.word(0) * 31, one, other.word(0) * 31, other))
                .isNull();
        assertThat(RandomWord.of(ADDRESS, (int) one.word(0), one, (int) other.word(0), other))
                .isNull();
        assertThat(RandomWord.of(ADDRESS, 1, one, 2, other)).isNull();
    }

    @Test
    void twoProcessesWithAByteInCommonDoNotTellACanaryFromTheBytes() {
        Randomness one = new Randomness(new long[] {0x1111_1111_1111_11aaL, 1L << 40 | 0x0102});
        Randomness other = new Randomness(new long[] {0x2222_2222_2222_22aaL, 2L << 40 | 0x0201});
        assertThat(RandomWord.canTell(one, other)).isFalse();
    }

    @Test
    void whatAGeneratorGaveIsFoundFromItsStates() {
        ByteBuffer header =
                ByteBuffer.allocate(HostBlockDescriptor.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        GuestRandom generator = new GuestRandom(header);
        generator.state(1, 2, 3, 4);
        long[] before = generator.state();
        byte[] bytes = new byte[20]; // three outputs, and of the last one half
        generator.fill(bytes, bytes.length);
        long[] outputs = GuestRandom.outputs(before, generator.state(), 3);
        assertThat(outputs).hasSize(3);
        ByteBuffer given = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(outputs[0]).isEqualTo(given.getLong(0));
        assertThat(outputs[1]).isEqualTo(given.getLong(Long.BYTES));
        assertThat((int) outputs[2]).isEqualTo(given.getInt(2 * Long.BYTES));
        assertThat(GuestRandom.outputs(before, generator.state(), 2)).isNull();

        generator.state(1, 2, 3, 4);
        generator.skip(2);
        assertThat(GuestRandom.outputs(before, generator.state(), 3)).containsExactly(outputs[0], outputs[1]);
    }
}
