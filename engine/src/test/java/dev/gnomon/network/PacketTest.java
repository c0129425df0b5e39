package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PacketTest {
    private static final int A = Ipv4.parse("11.0.0.1");
    private static final int B = Ipv4.parse("11.0.0.2");

    private static int sum(byte[] bytes, int offset, int length) {
        return InternetChecksum.finish(InternetChecksum.add(0, bytes, offset, length));
    }

    @Test
    void aSynHasTheOptionsInTheOrderOfLinux() {
        Packet packet = Packet.tcp(A, 1000, B, 80, Packet.SYN, 0x01020304, 0);
        packet.maximumSegmentSize = 1460;
        packet.sackPermitted = true;
        packet.timestamps = true;
        packet.timestampValue = 7;
        packet.windowScale = 10;
        byte[] wire = new byte[packet.wireBytes()];
        assertThat(packet.write(wire, 0)).isEqualTo(60);
        assertThat(java.util.HexFormat.of().formatHex(wire, 40, 60))
                .isEqualTo("020405b4" + "0402080a" + "00000007" + "00000000" + "0103030a");
        assertThat(sum(wire, 0, 20)).as("header checksum").isZero();
    }

    @Test
    void sackBlocksFollowTheTimestamps() {
        Packet packet = Packet.tcp(A, 1000, B, 80, Packet.ACK, 1, 2);
        packet.timestamps = true;
        packet.sackEdges = new int[] {0x11, 0x22, 0x33, 0x44};
        assertThat(packet.transportHeaderBytes()).isEqualTo(20 + 12 + 20);
        byte[] wire = new byte[packet.wireBytes()];
        packet.write(wire, 0);
        assertThat(java.util.HexFormat.of().formatHex(wire, 40, 44)).isEqualTo("0101080a");
        assertThat(java.util.HexFormat.of().formatHex(wire, 52, 72))
                .isEqualTo("01010512" + "00000011" + "00000022" + "00000033" + "00000044");
    }

    @Property
    void everyChecksumVerifies(@ForAll byte[] payload, @ForAll @IntRange(min = 0, max = 2) int kind) {
        Packet packet = switch (kind) {
            case 0 -> Packet.udp(A, 5000, B, 53, payload, 0, payload.length);
            case 1 -> Packet.tcp(A, 5000, B, 80, Packet.ACK, -5, 77);
            default -> Packet.icmp(A, B, 8, 0, 0x12345678, payload, 0, payload.length);
        };
        packet.payload = payload;
        packet.payloadLength = payload.length;
        byte[] wire = new byte[packet.wireBytes() + 3];
        packet.write(wire, 3);
        assertThat(sum(wire, 3, 20)).isZero();
        long pseudo = 0;
        if (kind != 2) {
            pseudo = (A >>> 16) + (A & 0xffff) + (B >>> 16) + (B & 0xffff) + packet.protocol + packet.wireBytes() - 20;
        }
        assertThat(InternetChecksum.finish(InternetChecksum.add(pseudo, wire, 23, packet.wireBytes() - 20)))
                .isZero();
    }

    @Test
    void fragmentsCarryMultiplesOfEightBytes() {
        byte[] payload = new byte[65_507];
        assertThat(Packet.udp(A, 1, B, 2, payload, 0, 1472).fragments(1500)).isEqualTo(1);
        assertThat(Packet.udp(A, 1, B, 2, payload, 0, 1473).fragments(1500)).isEqualTo(2);
        Packet largest = Packet.udp(A, 1, B, 2, payload, 0, 65_507);
        assertThat(largest.wireBytes()).isEqualTo(65_535);
        assertThat(largest.fragments(1500)).isEqualTo(45);
        assertThat(largest.transmittedBytes(1500)).isEqualTo(65_535 + 44 * 20);
    }

    @Test
    void addressesAreReadAndWritten() {
        assertThat(Ipv4.parse("127.0.0.1")).isEqualTo(Ipv4.LOOPBACK);
        assertThat(Ipv4.format(Ipv4.parse("255.1.20.0"))).isEqualTo("255.1.20.0");
        for (String wrong :
                new String[] {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "a.b.c.d", "1..2.3", "1.2.3.4."}) {
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> Ipv4.parse(wrong));
        }
    }
}
