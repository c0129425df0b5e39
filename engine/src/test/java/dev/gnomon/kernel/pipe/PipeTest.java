package dev.gnomon.kernel.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.kernel.ByteArrayMemory;
import dev.gnomon.kernel.Credentials;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.TestEnvironment;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipeTest {
    private final byte[] bytes = new byte[200_000];
    private final ByteArrayMemory memory = new ByteArrayMemory(bytes);
    private final Kernel kernel =
            new Kernel(new TestEnvironment(), "host", null, Credentials.of(0, 0), null, process -> {});
    private final Pipe pipe = new Pipe(kernel, 0);

    private UserBuffer buffer(long address, long length) {
        return new UserBuffer().single(memory, address, length);
    }

    private long write(int length) {
        return pipe.writeEnd().write(buffer(0, length));
    }

    private long read(int length) {
        return pipe.readEnd().read(buffer(100_000, length));
    }

    @Test
    void holdsSixteenPages() {
        assertThat(write(100_000)).isEqualTo(65_536);
        assertThat(write(1)).isEqualTo(-Errno.EAGAIN);
        assertThat(read(100_000)).isEqualTo(65_536);
        assertThat(read(1)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void aWriteThatDoesNotFitTheLastPageBeginsANewOne() {
        for (int i = 0; i < 16; i++) {
            assertThat(write(3000)).isEqualTo(3000);
        }
        assertThat(write(3000)).isEqualTo(-Errno.EAGAIN);
        assertThat(write(1096)).as("fits beside the last 3000").isEqualTo(1096);
        assertThat(pipe.queuedBytes()).isEqualTo(16 * 3000 + 1096);
    }

    @Test
    void bytesComeOutAsTheyWentIn() {
        for (int i = 0; i < 100_000; i++) {
            bytes[i] = (byte) (i * 31 >> 2);
        }
        long written = 0;
        long done = 0;
        int step = 1;
        while (done < 60_000) {
            long length = Math.min(step * 37L % 9000 + 1, 60_000 - written);
            if (length > 0) {
                long result = pipe.writeEnd().write(buffer(written, length));
                written += Math.max(0, result);
            }
            long result = pipe.readEnd().read(buffer(100_000 + done, step * 29L % 7000 + 1));
            done += Math.max(0, result);
            step++;
        }
        for (int i = 0; i < 60_000; i++) {
            assertThat(bytes[100_000 + i]).isEqualTo(bytes[i]);
        }
    }

    @Test
    void aMergedWriteWithABadTailLeavesNothingHalfWritten() {
        assertThat(write(10)).isEqualTo(10);
        assertThat(pipe.writeEnd().write(buffer(bytes.length - 5, 10))).isEqualTo(-Errno.EFAULT);
        assertThat(pipe.queuedBytes()).isEqualTo(10);
    }

    @Test
    void everyWriteWakesReadersAndOnlyRoomWakesWriters() {
        List<String> woken = new ArrayList<>();
        pipe.readEnd().waiters().add((queue, bits) -> woken.add("in"), Poll.IN);
        pipe.writeEnd().waiters().add((queue, bits) -> woken.add("out"), Poll.OUT);
        write(1);
        write(1);
        assertThat(woken).containsExactly("in", "in");
        read(2);
        woken.clear();
        write(100_000);
        read(4095);
        assertThat(woken).containsExactly("in");
        read(1);
        assertThat(woken).containsExactly("in", "out");
    }

    @Test
    void hangsUpWhenTheLastWriterIsGone() {
        OpenFile writer = pipe.writeEnd();
        writer.acquire();
        writer.acquire();
        write(3);
        writer.release();
        assertThat(pipe.readEnd().readiness() & Poll.HUP).isZero();
        writer.release();
        assertThat(pipe.readEnd().readiness() & (Poll.IN | Poll.HUP)).isEqualTo(Poll.IN | Poll.HUP);
        assertThat(read(10)).isEqualTo(3);
        assertThat(read(10)).isZero();
    }

    @Test
    void peekedBytesStayUntilDiscarded() {
        for (int i = 0; i < 5100; i++) {
            bytes[i] = (byte) (i % 251);
        }
        write(5100);
        read(100);
        byte[] seen = new byte[6000];
        assertThat(pipe.peek(seen, 6000)).isEqualTo(5000);
        assertThat(seen).startsWith((byte) 100, (byte) 101, (byte) 102);
        pipe.discard(4500);
        assertThat(pipe.queuedBytes()).isEqualTo(500);
        assertThat(pipe.freeBytes()).isEqualTo(15 * 4096);
    }

    @Test
    void cannotShrinkBelowWhatIsInIt() {
        write(3 * 4096);
        assertThat(pipe.resize(8192)).isEqualTo(-Errno.EBUSY);
        assertThat(pipe.resize(12_000)).as("rounded up to a power of two").isEqualTo(16_384);
        assertThat(write(100_000)).isEqualTo(4096);
        assertThat(pipe.resize(2 << 20)).isEqualTo(-Errno.EPERM);
    }
}
