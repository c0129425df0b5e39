package dev.gnomon.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.signal.Signal;
import dev.gnomon.kernel.signal.SignalAction;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.kernel.socket.Socket;
import dev.gnomon.network.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockingCallsTest {
    private static final long MILLI = 1_000_000;
    private static final int BUFFER = 200_000;

    private final TestGuest guest = new TestGuest();
    private final TestGuest other = guest.newThread();
    private int readEnd;
    private int writeEnd;

    @BeforeEach
    void openPipe() {
        assertThat(guest.call(SystemCallNumber.PIPE2, 64, 0)).isZero();
        readEnd = guest.intAt(64);
        writeEnd = guest.intAt(68);
        assertThat(writeEnd).isEqualTo(readEnd + 1);
    }

    private void catchSignal() {
        guest.process.action(Signal.USR1, new SignalAction(0x1000, 0, 0, 0));
    }

    @Test
    void aReaderSleepsUntilSomethingIsWritten() {
        assertThat(guest.call(SystemCallNumber.READ, readEnd, BUFFER, 10)).isEqualTo(TestGuest.BLOCKED);
        assertThat(guest.thread.state()).isEqualTo(GuestThread.State.BLOCKED);
        guest.bytes[100] = 42;
        assertThat(other.call(SystemCallNumber.WRITE, writeEnd, 100, 3)).isEqualTo(3);
        assertThat(guest.environment.takeRunnable()).containsExactly(guest.thread);
        assertThat(guest.retry()).isEqualTo(3);
        assertThat(guest.bytes[BUFFER]).isEqualTo((byte) 42);
    }

    @Test
    void aLargeWriteGoesOnWhereItStopped() {
        for (int i = 0; i < 150_000; i++) {
            guest.bytes[BUFFER + i] = (byte) (i * 31 >> 3);
        }
        long result = guest.call(SystemCallNumber.WRITE, writeEnd, BUFFER, 150_000);
        int done = 0;
        while (result == TestGuest.BLOCKED) {
            long read = other.call(SystemCallNumber.READ, readEnd, 400_000 + done, 30_000);
            assertThat(read).isPositive();
            done += (int) read;
            for (GuestThread woken : guest.environment.takeRunnable()) {
                assertThat(woken).isSameAs(guest.thread);
                result = guest.retry();
            }
        }
        assertThat(result).isEqualTo(150_000);
        done += (int) other.call(SystemCallNumber.READ, readEnd, 400_000 + done, 150_000);
        assertThat(done).isEqualTo(150_000);
        for (int i = 0; i < 150_000; i++) {
            assertThat(guest.bytes[400_000 + i]).isEqualTo(guest.bytes[BUFFER + i]);
        }
    }

    @Test
    void aSignalEndsALargeWriteWithWhatWasWritten() {
        catchSignal();
        assertThat(guest.call(SystemCallNumber.WRITE, writeEnd, BUFFER, 150_000))
                .isEqualTo(TestGuest.BLOCKED);
        guest.thread.send(SignalInformation.ofKernel(Signal.USR1));
        assertThat(guest.environment.takeRunnable()).containsExactly(guest.thread);
        assertThat(guest.retry()).isEqualTo(65_536);
    }

    @Test
    void aSignalEndsAReadThatHasNothing() {
        catchSignal();
        assertThat(guest.call(SystemCallNumber.READ, readEnd, BUFFER, 10)).isEqualTo(TestGuest.BLOCKED);
        guest.thread.send(SignalInformation.ofKernel(Signal.USR1));
        assertThat(guest.retry()).isEqualTo(-Errno.ERESTARTSYS);
    }

    @Test
    void writingWithoutReadersRaisesSigpipe() {
        guest.process.action(Signal.PIPE, new SignalAction(0x1000, 0, 0, 0));
        guest.process.descriptors().remove(readEnd);
        assertThat(guest.call(SystemCallNumber.WRITE, writeEnd, BUFFER, 1)).isEqualTo(-Errno.EPIPE);
        assertThat(guest.thread.pending().mask()).isEqualTo(Signal.bit(Signal.PIPE));
    }

    @Test
    void pollReturnsAtItsDeadline() {
        LittleEndian.putInt(guest.bytes, 128, readEnd);
        LittleEndian.putInt(guest.bytes, 132, Poll.IN);
        assertThat(guest.call(SystemCallNumber.POLL, 128, 1, 20)).isEqualTo(TestGuest.BLOCKED);
        guest.environment.advance(20 * MILLI - 1);
        assertThat(guest.environment.takeRunnable()).isEmpty();
        guest.environment.advance(1);
        assertThat(guest.environment.takeRunnable()).containsExactly(guest.thread);
        assertThat(guest.retry()).isZero();
    }

    @Test
    void ofSeveralThreadsInOneEpollAnEventWakesTheLongestWaiting() {
        TestGuest third = guest.newThread();
        int poll = (int) guest.call(SystemCallNumber.EPOLL_CREATE1, 0);
        LittleEndian.putInt(guest.bytes, 128, Poll.IN | 1 << 31);
        LittleEndian.putLong(guest.bytes, 132, 77);
        assertThat(guest.call(SystemCallNumber.EPOLL_CTL, poll, 1, readEnd, 128))
                .isZero();
        assertThat(guest.call(SystemCallNumber.EPOLL_WAIT, poll, 256, 4, -1)).isEqualTo(TestGuest.BLOCKED);
        assertThat(other.call(SystemCallNumber.EPOLL_WAIT, poll, 256, 4, -1)).isEqualTo(TestGuest.BLOCKED);
        assertThat(third.call(SystemCallNumber.WRITE, writeEnd, BUFFER, 1)).isEqualTo(1);
        assertThat(guest.environment.takeRunnable()).containsExactly(guest.thread);
        assertThat(guest.retry()).isEqualTo(1);
        assertThat(guest.intAt(256)).isEqualTo(Poll.IN);
        assertThat(guest.longAt(260)).isEqualTo(77);
        assertThat(guest.environment.takeRunnable()).isEmpty();
    }

    @Test
    void aReceiveTimeLimitEndsWithEagain() {
        assertThat(guest.call(SystemCallNumber.SOCKETPAIR, Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 64))
                .isZero();
        int socket = guest.intAt(64);
        LittleEndian.putLong(guest.bytes, 128, 0);
        LittleEndian.putLong(guest.bytes, 136, 30_000);
        assertThat(guest.call(SystemCallNumber.SETSOCKOPT, socket, 1, 20, 128, 16))
                .isZero();
        assertThat(guest.call(SystemCallNumber.RECVFROM, socket, BUFFER, 10, 0, 0, 0))
                .isEqualTo(TestGuest.BLOCKED);
        guest.environment.advance(30 * MILLI);
        assertThat(guest.environment.takeRunnable()).containsExactly(guest.thread);
        assertThat(guest.retry()).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void waitAllGathersAcrossWakeUps() {
        assertThat(guest.call(SystemCallNumber.SOCKETPAIR, Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 64))
                .isZero();
        int near = guest.intAt(64);
        int far = guest.intAt(68);
        assertThat(guest.call(SystemCallNumber.RECVFROM, near, BUFFER, 6, Socket.MSG_WAITALL, 0, 0))
                .isEqualTo(TestGuest.BLOCKED);
        System.arraycopy("abcdef".getBytes(), 0, guest.bytes, 300, 6);
        assertThat(other.call(SystemCallNumber.SENDTO, far, 300, 4, 0, 0, 0)).isEqualTo(4);
        assertThat(guest.retry()).isEqualTo(TestGuest.BLOCKED);
        assertThat(other.call(SystemCallNumber.SENDTO, far, 304, 2, 0, 0, 0)).isEqualTo(2);
        assertThat(guest.retry()).isEqualTo(6);
        assertThat(new String(guest.bytes, BUFFER, 6)).isEqualTo("abcdef");
    }

    @Test
    void filesUnderWayAreClosedWithTheSocketThatWouldHaveReceivedThem() {
        assertThat(guest.call(SystemCallNumber.SOCKETPAIR, Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 64))
                .isZero();
        int near = guest.intAt(64);
        int far = guest.intAt(68);
        byte[] bytes = guest.bytes;
        LittleEndian.putLong(bytes, 400, BUFFER);
        LittleEndian.putLong(bytes, 408, 1);
        LittleEndian.putLong(bytes, 500, 20);
        LittleEndian.putInt(bytes, 508, 1);
        LittleEndian.putInt(bytes, 512, 1);
        LittleEndian.putInt(bytes, 516, writeEnd);
        LittleEndian.putLong(bytes, 600 + 16, 400);
        LittleEndian.putLong(bytes, 600 + 24, 1);
        LittleEndian.putLong(bytes, 600 + 32, 500);
        LittleEndian.putLong(bytes, 600 + 40, 24);
        assertThat(guest.call(SystemCallNumber.SENDMSG, near, 600, 0)).isEqualTo(1);
        guest.process.descriptors().remove(writeEnd);
        assertThat(guest.call(SystemCallNumber.READ, readEnd, BUFFER, 1)).isEqualTo(TestGuest.BLOCKED);
        guest.process.descriptors().remove(far);
        assertThat(guest.environment.takeRunnable()).containsExactly(guest.thread);
        assertThat(guest.retry()).as("no writer is left").isZero();
    }

    @Test
    void aClosedFileLeavesEveryPoll() {
        int poll = (int) guest.call(SystemCallNumber.EPOLL_CREATE1, 0);
        LittleEndian.putInt(guest.bytes, 128, Poll.IN);
        assertThat(guest.call(SystemCallNumber.EPOLL_CTL, poll, 1, readEnd, 128))
                .isZero();
        assertThat(guest.call(SystemCallNumber.WRITE, writeEnd, BUFFER, 1)).isEqualTo(1);
        guest.process.descriptors().remove(readEnd);
        assertThat(guest.call(SystemCallNumber.EPOLL_WAIT, poll, 256, 4, 0)).isZero();
    }
}
