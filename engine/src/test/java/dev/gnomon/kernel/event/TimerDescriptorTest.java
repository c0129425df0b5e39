package dev.gnomon.kernel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.kernel.ByteArrayMemory;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.TestEnvironment;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.network.Errno;
import org.junit.jupiter.api.Test;

class TimerDescriptorTest {
    private final TestEnvironment environment = new TestEnvironment();
    private final TimerDescriptor timer = new TimerDescriptor(environment, true);
    private final byte[] bytes = new byte[8];

    private long read() {
        long result = timer.read(new UserBuffer().single(new ByteArrayMemory(bytes), 0, 8));
        return result == 8 ? LittleEndian.getLong(bytes, 0) : result;
    }

    @Test
    void countsWhatPassedWithoutAnEventForEach() {
        timer.set(100, 10);
        environment.advance(99);
        assertThat(read()).isEqualTo(-Errno.EAGAIN);
        environment.advance(1_000_001);
        assertThat(environment.scheduled()).as("nobody read").isZero();
        assertThat(timer.readiness()).isEqualTo(Poll.IN);
        assertThat(read()).isEqualTo(1 + 1_000_000 / 10);
        assertThat(timer.remainingNanos()).isEqualTo(10);
        environment.advance(10);
        assertThat(read()).isEqualTo(1);
    }

    @Test
    void askingForTheRestKeepsTheCount() {
        timer.set(100, 100);
        environment.advance(350);
        assertThat(timer.remainingNanos()).isEqualTo(50);
        assertThat(read()).isEqualTo(3);
    }

    @Test
    void aTimeThatHasPassedExpiresAtOnce() {
        environment.advance(1000);
        timer.set(10, 0);
        environment.advance(0);
        assertThat(read()).isEqualTo(1);
        assertThat(timer.remainingNanos()).isZero();
    }

    @Test
    void settingForgetsAndDisarms() {
        timer.set(10, 0);
        environment.advance(10);
        timer.set(-1, 0);
        assertThat(read()).isEqualTo(-Errno.EAGAIN);
        timer.set(50, 0);
        timer.set(-1, 0);
        environment.advance(100);
        assertThat(timer.readiness()).isZero();
    }
}
