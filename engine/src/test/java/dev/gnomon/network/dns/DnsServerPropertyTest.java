package dev.gnomon.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Ipv4;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DnsServerPropertyTest {
    private final DnsServer server = new DnsServer(
            new NameTable.Builder().add("server", Ipv4.parse("11.0.0.1")).build());

    @Property
    void anyBytesGetAnAnswerOrNone(@ForAll @Size(max = 80) byte[] garbage) {
        byte[] answer = server.answerUdp(garbage);
        if (answer != null) {
            assertThat(answer.length).isLessThanOrEqualTo(512);
            assertThat(answer[0]).isEqualTo(garbage[0]);
        }
    }

    @Property
    void aQueryWithOneByteChangedIsAnswered(@ForAll byte value, @ForAll @IntRange(max = 34) int at) {
        byte[] query = DnsServerTest.query("server", 1, 1, 4096);
        query[at % query.length] = value;
        byte[] answer = server.answerUdp(query);
        assertThat(answer == null).isEqualTo((query[2] & 0x80) != 0);
    }
}
