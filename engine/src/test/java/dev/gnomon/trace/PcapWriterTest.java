package dev.gnomon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.TestNetwork;
import dev.gnomon.network.tcp.TcpSocket;
import dev.gnomon.network.udp.UdpSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapWriterTest {
    @TempDir
    Path directory;

    @Test
    void headerAndRecordsAreWhereTheFormatSays() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Packet packet = Packet.udp(Ipv4.parse("11.0.0.1"), 1, Ipv4.parse("11.0.0.2"), 2, new byte[100], 0, 100);
        try (PcapWriter writer = new PcapWriter(bytes, 40)) {
            writer.captured(3_000_000_007L, packet);
            writer.captured(4_000_000_000L, Packet.udp(1, 1, 2, 2, new byte[2], 0, 2));
        }
        ByteBuffer file = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(file.getInt(0)).isEqualTo(0xa1b23c4d);
        assertThat(file.getShort(4)).isEqualTo((short) 2);
        assertThat(file.getShort(6)).isEqualTo((short) 4);
        assertThat(file.getInt(16)).isEqualTo(40);
        assertThat(file.getInt(20)).isEqualTo(101);
        assertThat(file.getInt(24)).isEqualTo(946_684_803);
        assertThat(file.getInt(28)).isEqualTo(7);
        assertThat(file.getInt(32)).isEqualTo(40);
        assertThat(file.getInt(36)).isEqualTo(128);
        assertThat(file.getInt(40 + 40)).isEqualTo(946_684_804);
        assertThat(file.capacity()).isEqualTo(24 + 16 + 40 + 16 + 30);
    }

    private static List<String> tshark(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tshark", "-n"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(false).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return output.lines().toList();
    }

    @Test
    @Tag("needs-tshark")
    void tsharkReadsEveryKindOfPacketWithoutComplaint() throws IOException, InterruptedException {
        Path file = directory.resolve("eth0.pcap");
        TestNetwork network = new TestNetwork(3, 0);
        network.path(TestNetwork.lossy(5_000_000, 0.1));
        HostNetwork a = network.host("11.0.0.1", 10_000_000);
        HostNetwork b = network.host("11.0.0.2", 10_000_000);
        try (PcapWriter writer = PcapWriter.create(file, PcapWriter.DEFAULT_SNAP_LENGTH_BYTES)) {
            a.external().capture(writer);
            TcpSocket listener = b.openTcp();
            listener.bind(Ipv4.ANY, 8080);
            listener.listen(1);
            TcpSocket client = a.openTcp();
            assertThat(client.connect(Ipv4.parse("11.0.0.2"), 8080)).isEqualTo(-Errno.EINPROGRESS);
            network.runFor(5_000_000_000L);
            assertThat(client.send(new byte[60_000], 0, 60_000, false)).isEqualTo(60_000);
            network.runFor(20_000_000_000L);
            client.close();
            UdpSocket datagrams = a.openUdp();
            for (int i = 0; i < 50; i++) {
                datagrams.sendTo(new byte[i * 100 + 1], 0, i * 100 + 1, Ipv4.parse("11.0.0.2"), 9);
            }
            network.runFor(20_000_000_000L);
        }
        String[] strict = {
            "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"
        };
        List<String> all = tshark(with(strict, "-r", file.toString()));
        assertThat(all).hasSizeGreaterThan(100);
        assertThat(all).anyMatch(line -> line.contains("Destination unreachable (Port unreachable)"));
        assertThat(all).anyMatch(line -> line.contains("SACK_PERM"));
        assertThat(tshark(with(
                        strict,
                        "-r",
                        file.toString(),
                        "-Y",
                        "_ws.malformed || ip.checksum.status==0 || tcp.checksum.status==0 || udp.checksum.status==0"
                                + " || icmp.checksum.status==0 || _ws.expert.group==\"Malformed\"")))
                .isEmpty();
        List<String> good = tshark(with(strict, "-r", file.toString(), "-Y", "tcp.checksum.status==1"));
        assertThat(good).hasSizeGreaterThan(50);
        List<String> first = tshark("-r", file.toString(), "-c", "1", "-T", "fields", "-e", "frame.time_epoch");
        assertThat(first).containsExactly("946684800.000000000");
    }

    private static String[] with(String[] options, String... more) {
        String[] all = Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }
}
