package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

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
