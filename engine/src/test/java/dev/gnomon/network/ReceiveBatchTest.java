package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which packets of a batch Linux would have merged: {@code tcp_gro_receive}. */
class ReceiveBatchTest {
    private static final int FULL = 1448;

    private final ReceiveBatch batch = new ReceiveBatch();
    private int next;

    @BeforeEach
    void startOfTheStream() {
        next = 1000;
    }

    /** The next segment of a stream from this port. */
    private Packet segment(int sourcePort, int length) {
        Packet packet = Packet.tcp(1, sourcePort, 2, 80, Packet.ACK, next, 77);
        packet.payload = new byte[length];
        packet.payloadLength = length;
        packet.timestamps = true;
        packet.timestampValue = 5;
        packet.timestampEcho = 4;
        next += length;
        return packet;
    }

    private boolean[] continued(Packet... packets) {
        batch.clear();
        boolean[] result = new boolean[packets.length];
        for (Packet packet : packets) {
            batch.add(packet);
        }
        for (int i = 0; i < packets.length; i++) {
            assertThat(batch.packet(i)).isSameAs(packets[i]);
            result[i] = batch.isContinued(i);
        }
        return result;
    }

    @Test
    void fullSegmentsOfAStreamAreOne() {
        assertThat(continued(segment(9, FULL), segment(9, FULL), segment(9, FULL), segment(9, 100)))
                .containsExactly(true, true, true, false);
    }

    @Test
    void aShortSegmentIsTheLast() {
        assertThat(continued(segment(9, FULL), segment(9, 100), segment(9, 100)))
                .containsExactly(true, false, false);
        assertThat(continued(segment(9, 100), segment(9, FULL))).containsExactly(false, false);
    }

    @Test
    void aPushIsTheLastAndSoIsTheEnd() {
        Packet pushed = segment(9, FULL);
        pushed.flags |= Packet.PSH;
        Packet after = segment(9, FULL);
        Packet end = segment(9, 0);
        end.flags |= Packet.FIN;
        assertThat(continued(pushed, after, end)).containsExactly(false, false, false);
        Packet first = segment(9, FULL);
        Packet last = segment(9, FULL);
        last.flags |= Packet.PSH | Packet.FIN;
        assertThat(continued(first, last)).containsExactly(true, false);
    }

    @Test
    void otherConnectionsBetweenDoNotMatter() {
        Packet one = segment(9, FULL);
        Packet two = segment(9, FULL);
        next = 50_000;
        Packet other = segment(10, FULL);
        assertThat(continued(one, other, two)).containsExactly(true, false, false);
    }

    @Test
    void aGapOrAnotherHeaderBegins() {
        Packet one = segment(9, FULL);
        next += FULL;
        assertThat(continued(one, segment(9, FULL))).containsExactly(false, false);
        Packet two = segment(9, FULL);
        Packet acknowledging = segment(9, FULL);
        acknowledging.acknowledgment++;
        assertThat(continued(two, acknowledging)).containsExactly(false, false);
        Packet three = segment(9, FULL);
        Packet later = segment(9, FULL);
        later.timestampValue++;
        assertThat(continued(three, later)).containsExactly(false, false);
        Packet four = segment(9, FULL);
        Packet window = segment(9, FULL);
        window.window++;
        assertThat(continued(four, window)).containsExactly(false, false);
        Packet five = segment(9, FULL);
        Packet selective = segment(9, FULL);
        selective.sackEdges = new int[] {1, 2};
        assertThat(continued(five, selective)).containsExactly(false, false);
    }

    @Test
    void nothingIsLargerThanAPacketCanBe() {
        Packet[] packets = new Packet[100];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = segment(9, FULL);
        }
        boolean[] continued = continued(packets);
        // 45 segments and one header are 65,212 bytes.
        for (int i = 0; i < packets.length; i++) {
            assertThat(continued[i]).as("segment %d", i).isEqualTo(i % 45 != 44 && i != 99);
        }
    }

    @Test
    void acknowledgmentsAndDatagramsStayWhatTheyAre() {
        Packet datagram = Packet.udp(1, 9, 2, 80, new byte[FULL], 0, FULL);
        assertThat(continued(segment(9, 0), segment(9, 0), datagram, datagram.copy()))
                .containsExactly(false, false, false, false);
    }
}
