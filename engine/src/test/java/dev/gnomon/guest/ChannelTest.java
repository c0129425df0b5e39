package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.GuestThreadChannel.Phase;
import dev.gnomon.guest.GuestThreadChannel.Stop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's end of a channel, against a guest that crosses by hand. */
class ChannelTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final int EXIT_GROUP = 231; // arch/x86/entry/syscalls/syscall_64.tbl

    private static PreloadRuntime runtime;
    private static GuestHostBlock host;

    @BeforeAll
    static void open() throws Exception {
        runtime = PreloadRuntime.open(
                GuestRuntimeConfiguration.of(3, 2).withShim(NativeTarget.shipped("libgnomon-switch.so")));
        host = runtime.openHost(2, 1);
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    private static GuestHostBlock.StartedGuest play(String... arguments) throws GuestStartException {
        Path program = NativeTarget.guest("slot-player");
        String[] all = new String[arguments.length + 1];
        all[0] = "slot-player";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return host.start(new GuestHostBlock.StartRequest(
                Mechanism.PRELOAD,
                program,
                List.of(all),
                List.of(),
                Path.of("/"),
                Path.of("/dev/null"),
                Path.of("/dev/null")));
    }

    private static void finish(GuestHostBlock.StartedGuest guest) {
        guest.thread().close();
        guest.process().close();
    }

    private static void expectStart(GuestThreadChannel thread) {
        assertThat(thread.await(PATIENCE)).isEqualTo(Stop.CALL);
        assertThat(thread.phase()).isEqualTo(Phase.EXEC_START);
        thread.replyResult(0);
    }

    @Test
    void everyCallArrivesAndEveryAnswerReturns() throws Exception {
        GuestHostBlock.StartedGuest guest = play("loop", "20000");
        GuestThreadChannel thread = guest.thread();
        expectStart(thread);
        for (int n = 0; n < 20000; n++) {
            assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.CALL);
            assertThat(thread.phase()).isEqualTo(Phase.NEW_CALL);
            assertThat(thread.callNumber()).isEqualTo(1000 + n % 7);
            assertThat(thread.argument(0)).isEqualTo(n);
            assertThat(thread.argument(5)).isEqualTo(n + 5);
            thread.replyResult(n + 1);
        }
        assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.CALL);
        assertThat(thread.callNumber()).isEqualTo(EXIT_GROUP);
        thread.replyExitProcess((int) thread.argument(0));
        assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.DIED);
        assertThat(guest.process().waitStatus()).isEqualTo(5 << 8);
        assertThat(guest.process().misconduct()).isEmpty();
        finish(guest);
    }

    @Test
    void memoryIsTheSameWhetherItTravelledOrNot() throws Exception {
        GuestHostBlock.StartedGuest guest = play("memory");
        GuestThreadChannel thread = guest.thread();
        expectStart(thread);
        assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.CALL);
        GuestMemory memory = thread.memory();
        long text = thread.argument(0);
        long room = thread.argument(1);
        long missing = thread.argument(3);

        assertThat(memory.readString(text, 100)).isEqualTo(bytes("travels with the call"));
        assertThat(memory.readString(text + 8, 100)).isEqualTo(bytes("with the call"));
        assertThat(memory.readString(text, 20)).isNull();
        assertThat(memory.readString(text, 21)).hasSize(21);
        byte[] long_ = memory.readString(thread.argument(2), 6000);
        assertThat(long_).hasSize(5000).containsOnly((byte) 'x');
        assertThat(memory.readString(thread.argument(2), 4999)).isNull();
        assertThat(memory.readString(missing, 10)).isNull();
        assertThat(memory.readInt(missing)).isEqualTo(GuestMemory.UNREADABLE);
        assertThat(memory.readInt(missing - 2)).isEqualTo(GuestMemory.UNREADABLE);
        assertThat(memory.readLong(missing - 8, new long[1])).isTrue();
        assertThat(memory.isReadable(missing - 8, 8)).isTrue();
        assertThat(memory.isReadable(missing - 8, 9)).isFalse();
        assertThat(memory.isReadable(text, 22)).isTrue();
        assertThat(memory.isReadable(-4096, 100)).isFalse();
        assertThat(memory.isReadable(Long.MAX_VALUE - 10, 100)).isFalse();
        assertThat(memory.read(Long.MAX_VALUE - 1, new byte[8], 0, 8)).isFalse();
        assertThat(memory.write(missing, new byte[8], 0, 8)).isFalse();
        assertThat(memory.writeInt(0, 1)).isFalse();

        // From the start, then on from there; then with a gap, which goes to the process at once.
        assertThat(memory.write(room, bytes("abcd"), 0, 4)).isTrue();
        assertThat(memory.writeInt(room + 4, 0x68676665)).isTrue();
        assertThat(memory.write(room + 20, bytes("uvwx"), 1, 3)).isTrue();
        byte[] seen = new byte[24];
        assertThat(memory.read(room, seen, 0, 24)).isTrue();
        assertThat(seen).isEqualTo(bytes("abcdefgh............vwx."));

        // What travelled only inward is written to the process, and read as written.
        assertThat(memory.write(text, bytes("TRAVELS"), 0, 7)).isTrue();
        assertThat(memory.readString(text, 100)).isEqualTo(bytes("TRAVELS with the call"));
        thread.replyResult(0);

        assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.CALL);
        assertThat(thread.callNumber()).isEqualTo(2001);
        assertThat(memory.readString(text, 100)).isEqualTo(bytes("TRAVELS with the call"));
        assertThat(thread.argument(0)).isEqualTo(room);
        assertThat(memory.read(room, seen, 0, 24)).isTrue();
        assertThat(seen).isEqualTo(bytes("abcdefgh............vwx."));
        thread.replyResult(0);
        assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.CALL);
        thread.replyExitProcess(0);
        assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.DIED);
        assertThat(memory.readInt(text)).isEqualTo(GuestMemory.UNREADABLE);
        finish(guest);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void killedAtAnyInstantAGuestIsFoundDead() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            GuestHostBlock.StartedGuest guest = play("spin");
            GuestThreadChannel thread = guest.thread();
            expectStart(thread);
            long after = System.nanoTime() + random.nextInt(3_000_000);
            Thread killer = new Thread(() -> {
                while (System.nanoTime() < after) {
                    Thread.onSpinWait();
                }
                guest.process().kill();
            });
            killer.start();
            long calls = 0;
            Stop stop = thread.resume(PATIENCE);
            while (stop == Stop.CALL) {
                thread.replyResult(0);
                calls++;
                stop = thread.resume(PATIENCE);
            }
            killer.join();
            assertThat(stop).as("after %d calls", calls).isEqualTo(Stop.DIED);
            assertThat(guest.process().waitStatus() & 0x7f).isEqualTo(9);
            assertThat(thread.resume(PATIENCE)).isEqualTo(Stop.DIED);
            finish(guest);
        }
    }

    @Test
    void aDeathBetweenTurnsIsFoundAtTheNext() throws Exception {
        GuestHostBlock.StartedGuest guest = play("spin");
        expectStart(guest.thread());
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(Stop.CALL);
        guest.process().kill();
        assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
        guest.thread().replyResult(0);
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(Stop.DIED);
        finish(guest);
    }

    @Test
    void aSilentGuestIsReportedAndCanBeWaitedForAgain() throws Exception {
        GuestHostBlock.StartedGuest guest = play("sleep");
        expectStart(guest.thread());
        assertThat(guest.thread().resume(TimeUnit.MILLISECONDS.toNanos(30))).isEqualTo(Stop.TIMEOUT);
        assertThat(guest.thread().resume(TimeUnit.MILLISECONDS.toNanos(30))).isEqualTo(Stop.TIMEOUT);
        guest.process().kill();
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(Stop.DIED);
        finish(guest);
    }

    @Test
    void anInterruptionEndsAWorkersSleep() throws Exception {
        GuestHostBlock.StartedGuest guest = play("sleep");
        expectStart(guest.thread());
        Thread interrupter = new Thread(() -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            runtime.interruptWorkers();
        });
        interrupter.start();
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(Stop.TIMEOUT);
        interrupter.join();
        assertThat(guest.thread().resume(TimeUnit.MILLISECONDS.toNanos(1))).isEqualTo(Stop.TIMEOUT);
        guest.process().kill();
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(Stop.DIED);
        finish(guest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void garbageInTheSlotHarmsOnlyItsGuest(int seed) throws Exception {
        GuestHostBlock.StartedGuest honest = play("loop", "1000");
        expectStart(honest.thread());
        GuestHostBlock.StartedGuest guest = play("garbage", Integer.toString(seed));
        GuestThreadChannel thread = guest.thread();
        expectStart(thread);
        byte[] some = new byte[300];
        long[] number = new long[1];
        Stop stop = thread.resume(PATIENCE);
        int turns = 0;
        while (stop == Stop.CALL && thread.callNumber() != EXIT_GROUP) {
            for (int n = 0; n < 6; n++) {
                long address = thread.argument(n);
                thread.memory().read(address, some, 0, some.length);
                thread.memory().write(address, some, 0, some.length);
                thread.memory().readString(address, 5000);
                thread.memory().isReadable(address, 70000);
                thread.memory().readLong(address, number);
                thread.memory().writeInt(address, 1);
            }
            assertThat(thread.installedDescriptor(turns % 8)).isBetween(-4095, 32767);
            thread.takeLocalCalls();
            assertThat(thread.localCalls() + thread.localTimeCalls()).isZero();
            thread.faultInformation(some);
            thread.replyNativePath(0, some, true);
            turns++;
            stop = thread.resume(PATIENCE);
        }
        // Whatever was wrong was found, before long.
        assertThat(turns).isBetween(0, 399);
        assertThat(guest.process().misconduct()).isPresent();
        assertThat(stop).isEqualTo(Stop.DIED);
        assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
        finish(guest);

        for (int n = 0; n < 1000; n++) {
            assertThat(honest.thread().resume(PATIENCE)).isEqualTo(Stop.CALL);
            honest.thread().replyResult(n + 1);
        }
        assertThat(honest.thread().resume(PATIENCE)).isEqualTo(Stop.CALL);
        honest.thread().replyExitProcess(0);
        assertThat(honest.thread().resume(PATIENCE)).isEqualTo(Stop.DIED);
        assertThat(honest.process().waitStatus()).isZero();
        finish(honest);
    }

    @Test
    void aGuestThatSaysToBeAnotherIsKilled() throws Exception {
        GuestHostBlock.StartedGuest honest = play("spin");
        expectStart(honest.thread());
        GuestHostBlock.StartedGuest guest =
                play("impostor", Integer.toString(honest.thread().realProcessId()));
        assertThat(guest.thread().await(PATIENCE)).isEqualTo(Stop.DIED);
        assertThat(guest.process().misconduct())
                .hasValueSatisfying(reason -> assertThat(reason).contains("said to be process"));
        assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
        assertThat(honest.process().waitStatus()).isEqualTo(-1);
        finish(guest);
        honest.process().kill();
        assertThat(honest.process().awaitDeath(PATIENCE)).isTrue();
        assertThat(honest.thread().resume(PATIENCE)).isEqualTo(Stop.DIED);
        finish(honest);
    }

    @Test
    void aGuestThatLeavesUnaskedIsKilled() throws Exception {
        GuestHostBlock.StartedGuest guest = play("gone");
        expectStart(guest.thread());
        assertThat(guest.thread().resume(PATIENCE)).isEqualTo(Stop.DIED);
        assertThat(guest.process().misconduct()).isPresent();
        assertThat(guest.process().awaitDeath(PATIENCE)).isTrue();
        finish(guest);
    }

    @Test
    void descriptorsStandInTheRecordAndAreGoneWithTheProcess() throws Exception {
        GuestHostBlock.StartedGuest guest = play("sleep");
        expectStart(guest.thread());
        int[] shown = {0, 63, 64, 1000, 32767};
        Arrays.stream(shown).forEach(descriptor -> guest.process().showDescriptor(descriptor, null));
        GuestObject object = guest.process().openObject();
        guest.process().showDescriptor(63, object);
        guest.process().hideDescriptor(64);
        int page = ((PreloadProcess) guest.process()).page();
        ByteBuffer record = runtime.arena()
                .buffer(
                        ArenaDescriptor.hostBlockOffset(runtime.configuration().hosts(), 2)
                                + (long) page * HostBlockDescriptor.PAGE_BYTES,
                        ProcessRecordDescriptor.RECORD_BYTES);
        assertThat(record.getInt(ProcessRecordDescriptor.descriptorOffset(0)))
                .isEqualTo(ProcessRecordDescriptor.DESCRIPTOR_OPAQUE);
        assertThat(record.getInt(ProcessRecordDescriptor.descriptorOffset(63))).isEqualTo(object.unit());
        assertThat(record.getInt(ProcessRecordDescriptor.descriptorOffset(64))).isZero();
        assertThat(record.getInt(ProcessRecordDescriptor.descriptorOffset(32767)))
                .isEqualTo(ProcessRecordDescriptor.DESCRIPTOR_OPAQUE);
        guest.process().close();
        guest.thread().close();
        assertThat(guest.process().waitStatus() & 0x7f).isEqualTo(9);
        for (int descriptor : shown) {
            assertThat(record.getInt(ProcessRecordDescriptor.descriptorOffset(descriptor)))
                    .isZero();
        }
    }
}
