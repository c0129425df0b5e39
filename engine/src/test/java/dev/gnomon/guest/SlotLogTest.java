package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotLogTest {
    private final ByteBuffer bytes =
            ByteBuffer.allocate(ThreadSlotDescriptor.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<String> misconduct = new ArrayList<>();
    private final SlotLog log = new SlotLog(misconduct::add, new ThreadSlot(bytes, 0));
    private int used;
    private int count;

    private void entry(int operation, int descriptor, long result, int payload) {
        int at = ThreadSlotDescriptor.LOG_OFFSET + used;
        bytes.putShort(at + LogEntryDescriptor.OPERATION_OFFSET, (short) operation);
        bytes.putInt(at + LogEntryDescriptor.DESCRIPTOR_OFFSET, descriptor);
        bytes.putLong(at + LogEntryDescriptor.RESULT_OFFSET, result);
        bytes.putInt(at + LogEntryDescriptor.PAYLOAD_OFFSET, payload);
        for (int n = 0; n < payload; n++) {
            bytes.put(at + LogEntryDescriptor.ENTRY_BYTES + n, (byte) (descriptor + n));
        }
        used += LogEntryDescriptor.ENTRY_BYTES + (payload + 7 & ~7);
        count++;
        said(count, used);
    }

    private void said(int entries, int size) {
        bytes.putInt(ThreadSlotDescriptor.LOG_COUNT_OFFSET, entries);
        bytes.putInt(ThreadSlotDescriptor.LOG_USED_OFFSET, size);
    }

    @Test
    void entriesComeInOrderWithTheirPayload() {
        entry(LogEntryDescriptor.WRITE, 5, 13, 13);
        entry(LogEntryDescriptor.CLOSE, 9, 0, 0);
        assertThat(log.open()).isTrue();
        assertThat(log.next()).isTrue();
        assertThat(log.operation()).isEqualTo(LogEntryDescriptor.WRITE);
        assertThat(log.descriptor()).isEqualTo(5);
        assertThat(log.result()).isEqualTo(13);
        byte[] payload = new byte[13];
        assertThat(log.payload().read(0, payload, 0, 13)).isTrue();
        assertThat(payload[12]).isEqualTo((byte) 17);
        assertThat(log.payload().read(1, payload, 0, 13)).isFalse();
        assertThat(log.payload().read(-1, payload, 0, 2)).isFalse();
        assertThat(log.next()).isTrue();
        assertThat(log.operation()).isEqualTo(LogEntryDescriptor.CLOSE);
        assertThat(log.payload().read(0, payload, 0, 1)).isFalse();
        assertThat(log.next()).isFalse();
        assertThat(log.open()).as("it is gone").isFalse();
        assertThat(misconduct).isEmpty();
    }

    @Test
    void anEntryBeyondTheEndIsMisconduct() {
        entry(LogEntryDescriptor.CLOSE, 9, 0, 0);
        said(2, used);
        assertThat(log.open()).isTrue();
        assertThat(log.next()).isTrue();
        assertThat(log.next()).isFalse();
        assertThat(misconduct).hasSize(1);
    }

    @Test
    void aPayloadBeyondTheEndIsMisconduct() {
        entry(LogEntryDescriptor.WRITE, 5, 8, 8);
        said(1, used - 8);
        assertThat(log.open()).isTrue();
        assertThat(log.next()).isFalse();
        assertThat(misconduct).hasSize(1);
    }

    @Test
    void whateverStandsThereNothingOutsideTheLogIsRead() {
        Random random = new Random(3);
        byte[] sink = new byte[ThreadSlotDescriptor.LOG_BYTES];
        for (int n = 0; n < 2000; n++) {
            byte[] noise = new byte[4096];
            random.nextBytes(noise);
            bytes.put(ThreadSlotDescriptor.LOG_OFFSET, noise);
            said(
                    random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(100),
                    random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(70_000));
            if (log.open()) {
                while (log.next()) {
                    assertThat(log.payloadBytes()).isBetween(0, ThreadSlotDescriptor.LOG_BYTES);
                    assertThat(log.payload().read(0, sink, 0, log.payloadBytes()))
                            .isTrue();
                }
            }
        }
        assertThat(misconduct).isNotEmpty();
    }
}
