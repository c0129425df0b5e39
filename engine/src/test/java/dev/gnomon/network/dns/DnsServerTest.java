package dev.gnomon.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gnomon.network.Ipv4;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DnsServerTest {
    private static final int A = 1;
    private static final int PTR = 12;
    private static final int AAAA = 28;

    private final NameTable names = names();
    private final DnsServer server = new DnsServer(names);

    private static NameTable names() {
        NameTable.Builder builder = new NameTable.Builder()
                .add("server", Ipv4.parse("11.0.0.1"))
                .add("Client.example", Ipv4.parse("11.0.0.2"));
        for (int i = 0; i < 40; i++) {
            builder.add("many", Ipv4.parse("11.0.1." + i));
        }
        return builder.build();
    }

    static byte[] query(String name, int type) {
        return query(name, type, 1, -1);
    }

    static byte[] query(String name, int type, int queryClass, int udpBytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte) (udpBytes < 0 ? 0 : 1)});
        for (String label : name.split("\\.")) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.writeBytes(new byte[] {0, (byte) (type >> 8), (byte) type, 0, (byte) queryClass});
        if (udpBytes >= 0) {
            bytes.writeBytes(new byte[] {0, 0, 41, (byte) (udpBytes >> 8), (byte) udpBytes, 0, 0, 0, 0, 0, 0});
        }
        return bytes.toByteArray();
    }

    private static int code(byte[] answer) {
        return answer[3] & 15;
    }

    private static int answers(byte[] answer) {
        return (answer[6] & 0xff) << 8 | answer[7] & 0xff;
    }

    private static boolean truncated(byte[] answer) {
        return (answer[2] & 2) != 0;
    }

    @Test
    void anAddressIsAnsweredByteForByte() {
        byte[] answer = server.answerUdp(query("server", A));
        assertThat(java.util.HexFormat.of().formatHex(answer))
                .isEqualTo("1234" + "8580" + "0001" + "0001" + "0000" + "0000" + "06736572766572" + "00" + "0001"
                        + "0001" + "c00c" + "0001" + "0001" + "00000e10" + "0004" + "0b000001");
    }

    @Test
    void namesAreComparedWithoutCaseAndEchoedWithIt() {
        byte[] answer = server.answerUdp(query("cLIENT.exaMple", A));
        assertThat(code(answer)).isZero();
        assertThat(answers(answer)).isEqualTo(1);
        assertThat(new String(answer, 13, 6, StandardCharsets.US_ASCII)).isEqualTo("cLIENT");
    }

    @Test
    void anUnknownNameDoesNotExistAndAnotherTypeIsEmpty() {
        assertThat(code(server.answerUdp(query("nobody", A)))).isEqualTo(3);
        assertThat(code(server.answerUdp(query("nobody", AAAA)))).isEqualTo(3);
        byte[] empty = server.answerUdp(query("server", AAAA));
        assertThat(code(empty)).isZero();
        assertThat(answers(empty)).isZero();
    }

    @Test
    void anAddressHasItsNameBack() {
        byte[] answer = server.answerUdp(query("2.0.0.11.in-addr.arpa", PTR));
        assertThat(answers(answer)).isEqualTo(1);
        String tail = java.util.HexFormat.of().formatHex(answer, answer.length - 18, answer.length);
        assertThat(tail).isEqualTo("0010" + "06436c69656e74" + "076578616d706c65" + "00");
        assertThat(code(server.answerUdp(query("9.9.9.9.in-addr.arpa", PTR)))).isEqualTo(3);
        assertThat(code(server.answerUdp(query("x.0.0.11.in-addr.arpa", PTR)))).isEqualTo(3);
        assertThat(code(server.answerUdp(query("0.11.in-addr.arpa", PTR)))).isEqualTo(3);
    }

    @Test
    void anOptionRecordIsAnsweredWithOne() {
        byte[] answer = server.answerUdp(query("server", A, 1, 4096));
        assertThat(java.util.HexFormat.of().formatHex(answer, answer.length - 11, answer.length))
                .isEqualTo("00" + "0029" + "04d0" + "00000000" + "0000");
        byte[] newer = query("server", A, 1, 4096);
        newer[newer.length - 5] = 1;
        byte[] refused = server.answerUdp(newer);
        assertThat(code(refused)).isZero();
        assertThat(refused[refused.length - 6]).as("extended code 16").isEqualTo((byte) 1);
    }

    /** As dig asks: with a cookie (RFC 7873), of which nothing may be left in the answer, whether there are records or not. */
    @Test
    void optionsOfTheQueryAreNotPartOfTheAnswer() {
        for (String name : new String[] {"server", "nothere"}) {
            byte[] plain = query(name, A, 1, 1232);
            byte[] query = Arrays.copyOf(plain, plain.length + 12);
            Arrays.fill(query, plain.length, query.length, (byte) 0xe1);
            query[plain.length - 1] = 12;
            query[plain.length] = 0;
            query[plain.length + 1] = 10;
            query[plain.length + 2] = 0;
            query[plain.length + 3] = 8;
            assertThat(server.answerUdp(query)).isEqualTo(server.answerUdp(plain));
            byte[] answer = server.answerUdp(query);
            assertThat(java.util.HexFormat.of().formatHex(answer, answer.length - 11, answer.length))
                    .as(name)
                    .isEqualTo("00" + "0029" + "04d0" + "00000000" + "0000");
        }
    }

    @Test
    void whatDoesNotFitIsTruncatedAndComesByTcp() {
        byte[] plain = server.answerUdp(query("many", A));
        assertThat(truncated(plain)).isTrue();
        assertThat(answers(plain)).isZero();
        assertThat(plain.length).isLessThanOrEqualTo(512);
        assertThat(answers(server.answerUdp(query("many", A, 1, 1232)))).isEqualTo(40);
        assertThat(answers(server.answerTcp(query("many", A)))).isEqualTo(40);
    }

    @Test
    void whatIsWrongIsSaid() {
        byte[] good = query("server", A);
        assertThat(code(server.answerUdp(Arrays.copyOf(good, good.length - 1)))).isEqualTo(1);
        byte[] twice = good.clone();
        twice[5] = 2;
        assertThat(code(server.answerUdp(twice))).isEqualTo(1);
        byte[] pointer = good.clone();
        pointer[12] = (byte) 0xc0;
        assertThat(code(server.answerUdp(pointer))).isEqualTo(1);
        byte[] update = good.clone();
        update[2] = 5 << 3;
        assertThat(code(server.answerUdp(update))).isEqualTo(4);
        assertThat(code(server.answerUdp(query("server", A, 3, -1)))).isEqualTo(5);
        byte[] response = good.clone();
        response[2] = (byte) 0x80;
        assertThat(server.answerUdp(response)).isNull();
        assertThat(server.answerUdp(new byte[11])).isNull();
    }

    @Test
    void namesThatCannotStandInAMessageAreRefused() {
        for (String wrong : new String[] {"", ".", "a..b", "a.", "a b", "x".repeat(64), "é"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> new NameTable.Builder().add(wrong, 1));
        }
        assertThat(names.address("SERVER")).isEqualTo(0x0b000001L);
        assertThat(names.address("nobody")).isEqualTo(-1);
        assertThat(names.address("localhost")).isEqualTo(0x7f000001L);
        assertThat(names.name(Ipv4.parse("11.0.0.2"))).isEqualTo("Client.example");
    }
}
