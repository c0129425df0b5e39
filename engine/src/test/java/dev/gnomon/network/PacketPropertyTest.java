package dev.gnomon.network;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PacketPropertyTest {
    private static final int A = Ipv4.parse("11.0.0.1");
    private static final int B = Ipv4.parse("11.0.0.2");

    private static int sum(byte[] bytes, int offset, int length) {
        return InternetChecksum.finish(InternetChecksum.add(0, bytes, offset, length));
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
}
