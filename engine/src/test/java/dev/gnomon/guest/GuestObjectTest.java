package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuestObjectTest {
    private final ByteBuffer block = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private final List<String> closed = new ArrayList<>();
    private boolean room = true;

    private final GuestObject.Source source = new GuestObject.Source() {
        @Override
        public int openMirror(int bytes) {
            return room ? 8 : BlockSpace.NONE;
        }

        @Override
        public ByteBuffer mirror(int page, int bytes) {
            return block.slice(page * 4096, bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void closeMirror(int page, int bytes) {
            closed.add("mirror " + page + " " + bytes);
        }

        @Override
        public void closeRecord(int unit) {
            closed.add("record " + unit);
        }
    };
    private final GuestObject object = new GuestObject(source, block, 256, 4);

    private void show() {
        object.kind(ObjectDescriptor.KIND_STREAM, 0, 0);
    }

    private int begin() {
        return block.getInt(256 + ObjectDescriptor.BEGIN_OFFSET);
    }

    private int end() {
        return block.getInt(256 + ObjectDescriptor.END_OFFSET);
    }

    @Test
    void theMirrorHoldsWhatWasNotReadYet() {
        assertThat(object.mirrorRoom()).isEqualTo(ObjectDescriptor.MIRROR_BYTES);
        object.mirror(new byte[] {1, 2, 3, 4, 5}, 1, 4);
        show();
        assertThat(begin()).isZero();
        assertThat(end()).isEqualTo(4);
        assertThat(block.getLong(256 + ObjectDescriptor.MIRROR_OFFSET)).isEqualTo(8 * 4096);
        assertThat(block.get(8 * 4096)).isEqualTo((byte) 2);
        object.consumed(3);
        object.mirror(new byte[] {9}, 0, 1);
        show();
        assertThat(begin()).isEqualTo(3);
        assertThat(end()).isEqualTo(5);
        assertThat(object.mirrored()).isEqualTo(2);
        assertThat(block.get(8 * 4096 + 4)).isEqualTo((byte) 9);
    }

    @Test
    void anEmptyMirrorBeginsAgainAtItsStart() {
        object.mirrorRoom();
        object.mirror(new byte[100], 0, 100);
        object.consumed(100);
        show();
        assertThat(end()).isZero();
        assertThat(object.mirrorRoom()).isEqualTo(ObjectDescriptor.MIRROR_BYTES);
    }

    @Test
    void readingMoreThanTheMirrorHeldEmptiesIt() {
        object.mirrorRoom();
        object.mirror(new byte[10], 0, 10);
        object.consumed(5_000_000_000L);
        assertThat(object.mirrored()).isZero();
    }

    @Test
    void aDatagramThatDoesNotFitStaysOut() {
        byte[] bytes = new byte[65_507];
        assertThat(object.mirrorDatagram(0x0b000001, 53, bytes, 0, bytes.length))
                .isTrue();
        assertThat(object.mirrorDatagram(0x0b000001, 53, bytes, 0, 8)).isFalse();
        object.consumed(GuestObject.datagramBytes(bytes.length));
        assertThat(object.mirrorDatagram(0x0b000002, 54, bytes, 0, 8)).isTrue();
        assertThat(block.getInt(8 * 4096)).isEqualTo(0x0b000002);
        assertThat(block.getShort(8 * 4096 + 4)).isEqualTo((short) 54);
        assertThat(block.getInt(8 * 4096 + 8)).isEqualTo(8);
        assertThat(object.mirrored()).isEqualTo(24);
    }

    @Test
    void withoutRoomInTheBlockNothingIsMirrored() {
        room = false;
        assertThat(object.mirrorRoom()).isZero();
        assertThat(object.mirrorDatagram(1, 1, new byte[1], 0, 1)).isFalse();
        assertThat(object.table()).isNull();
    }

    @Test
    void closingGivesRecordAndMirrorBackOnce() {
        object.mirrorRoom();
        show();
        object.close();
        object.close();
        assertThat(closed).containsExactly("mirror 8 65536", "record 4");
        assertThat(block.getInt(256 + ObjectDescriptor.KIND_OFFSET)).isEqualTo(ObjectDescriptor.KIND_OPAQUE);
    }
}
