package dev.gnomon.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.application.Distribution.Shape;
import dev.gnomon.network.TestNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final String SERVER = "11.0.0.1";
    private static final Set<Transport> BOTH = Set.of(Transport.TCP, Transport.UDP);
    private static final Optional<Distribution> NO_ANSWER = Optional.of(Distribution.constant(0));

    private final TestNetwork network = new TestNetwork(1, 5 * MILLISECOND);
    private final TestHost server = new TestHost(network, SERVER, 1_000_000_000L);
    private final TestHost client = new TestHost(network, "11.0.0.2", 1_000_000_000L);

    private static TrafficSettings traffic(
            int port,
            Transport transport,
            int clients,
            long flows,
            Distribution messages,
            Distribution size,
            Optional<Distribution> response) {
        return new TrafficSettings(
                List.of("server"),
                port,
                transport,
                clients,
                flows,
                Distribution.constant(SECOND),
                messages,
                size,
                response,
                Distribution.constant(0),
                Distribution.constant(10 * MILLISECOND),
                2 * SECOND);
    }

    private static Optional<Distribution> answers(long bytes) {
        return Optional.of(Distribution.constant(bytes));
    }

    @Test
    void everyFlowMessageAndAnswerIsCounted() {
        server.run(new SinkSettings(9, BOTH));
        client.run(
                traffic(9, Transport.TCP, 2, 3, Distribution.constant(4), Distribution.constant(1000), answers(500)),
                SERVER);
        network.runToIdle(60 * SECOND);

        assertThat(client.status).isZero();
        assertThat(client.summary())
                .startsWith(
                        "flows: 6 completed, 0 failed",
                        "messages: 24 sent, 24 answered, 0 lost",
                        "bytes: 24000 sent, 12000 received");
        // Two ways of 5 ms and the transmissions of 1,000 and 500 bytes at 1 Gbit/s.
        assertThat(client.summary().get(3)).startsWith("time to answer: min 10.01");
        assertThat(server.summary()).contains("connections: 6", "messages: 24", "bytes: 24000 received, 12000 sent");
    }

    @Test
    void aLargeMessageThroughAnEchoDoesNotStandStill() {
        server.run(new EchoSettings(7, BOTH));
        client.run(
                traffic(
                        7,
                        Transport.TCP,
                        1,
                        1,
                        Distribution.constant(2),
                        Distribution.constant(20_000_000),
                        Optional.empty()),
                SERVER);
        network.runToIdle(60 * SECOND);

        assertThat(client.status).isZero();
        assertThat(client.summary())
                .contains("messages: 2 sent, 2 answered, 0 lost", "bytes: 40000000 sent, 40000000 received");
    }

    @Test
    void whatIsSmallerThanAHeaderIsAHeader() {
        server.run(new SinkSettings(9, BOTH));
        client.run(
                traffic(9, Transport.TCP, 1, 1, Distribution.constant(3), Distribution.constant(1), NO_ANSWER), SERVER);
        network.runToIdle(60 * SECOND);
        assertThat(client.summary()).contains("bytes: " + 3 * MessageHeader.BYTES + " sent, 0 received");
        assertThat(server.summary()).contains("messages: 3");
    }

    @Test
    void aRateSpreadsAFlow() {
        server.run(new SinkSettings(9, BOTH));
        TrafficSettings fast =
                traffic(9, Transport.TCP, 1, 1, Distribution.constant(1), Distribution.constant(1_000_000), NO_ANSWER);
        TrafficSettings slow = new TrafficSettings(
                fast.to(),
                fast.port(),
                fast.transport(),
                1,
                1,
                fast.flowPause(),
                fast.messages(),
                fast.size(),
                fast.response(),
                Distribution.constant(1_000_000),
                fast.pause(),
                fast.timeoutNanos());
        client.run(slow, SERVER);
        assertThat(network.runUntil(() -> client.status == 0, 60 * SECOND)).isTrue();
        // Eight million bits at a million a second, after a second's pause; the last piece is not waited for.
        assertThat(network.now()).isBetween(8_800 * MILLISECOND, 9_100 * MILLISECOND);
    }

    @Test
    void lostAnswersAreGivenUpAfterTheTimeout() {
        server.run(new SinkSettings(9, BOTH));
        network.path(TestNetwork.lossy(5 * MILLISECOND, 0.3));
        client.run(
                traffic(9, Transport.UDP, 1, 1, Distribution.constant(200), Distribution.constant(100), answers(100)),
                SERVER);
        network.runToIdle(10_000 * SECOND);

        assertThat(client.status).isZero();
        assertThat(client.summary().get(1))
                .matches(
                        "messages: 200 sent, (7|8|9|1[01])[0-9]? answered, [0-9]+ lost|messages: 200 sent, [0-9]+ answered, [0-9]+ lost");
        String[] words = client.summary().get(1).split("[ ,]+");
        int answered = Integer.parseInt(words[3]);
        int lost = Integer.parseInt(words[5]);
        assertThat(answered + lost).isEqualTo(200);
        // Both ways must hold: 0.49 of 200, give or take four standard deviations.
        assertThat(answered).isBetween(70, 126);
    }

    @Test
    void failuresAreNamedAndEndInAStatus() {
        client.run(
                traffic(9, Transport.TCP, 1, 3, Distribution.constant(1), Distribution.constant(100), NO_ANSWER),
                SERVER);
        network.runToIdle(60 * SECOND);
        assertThat(client.status).isEqualTo(1);
        assertThat(client.summary()).startsWith("flows: 0 completed, 3 failed (ECONNREFUSED 3)");
    }

    @Test
    void aServerThatLeavesFailsTheFlow() {
        server.run(new SinkSettings(9, BOTH));
        client.run(
                traffic(9, Transport.TCP, 1, 1, Distribution.constant(1000), Distribution.constant(100), answers(10)),
                SERVER);
        network.runUntil(3 * SECOND);
        server.application().close();
        network.runUntil(10 * SECOND);
        assertThat(client.status).isEqualTo(1);
        assertThat(client.summary().get(0)).matches("flows: 0 completed, 1 failed \\((closed|EPIPE|ECONNRESET) 1\\)");
    }

    @Test
    void timePassesWhateverIsDrawn() {
        network.bandwidthUnlimitedUntil = Long.MAX_VALUE;
        server.run(new SinkSettings(9, BOTH));
        TrafficSettings endless = new TrafficSettings(
                List.of("server"),
                9,
                Transport.UDP,
                1,
                0,
                Distribution.constant(0),
                Distribution.constant(2),
                Distribution.constant(0),
                NO_ANSWER,
                Distribution.constant(0),
                Distribution.constant(0),
                SECOND);
        client.run(endless, SERVER);
        network.runUntil(MILLISECOND);
        // A microsecond before each message, and one before each flow.
        assertThat(client.summary().get(1)).matches("messages: (999|1000|1001) sent, 0 answered, 0 lost");
        assertThat(client.application().shutDown()).isZero();
        client.application().close();
        long before = network.transmitted().size();
        network.runUntil(2 * MILLISECOND);
        assertThat(network.transmitted()).hasSize((int) before);
    }

    @Test
    void flowsGoToAllOthersAndNeverToTheirOwnHost() {
        TestHost[] peers = new TestHost[4];
        String[] addresses = new String[peers.length];
        for (int i = 0; i < peers.length; i++) {
            addresses[i] = "11.0.1." + (i + 1);
            peers[i] = new TestHost(network, addresses[i], 0);
            peers[i].run(new SinkSettings(9, BOTH));
        }
        TestHost sender = peers[0];
        Application traffic = traffic(
                        9,
                        Transport.UDP,
                        1,
                        200,
                        new Distribution(Shape.UNIFORM, 1, 1, 1),
                        Distribution.constant(64),
                        NO_ANSWER)
                .create(sender.network, sender, new int[] {
                    sender.network.configuration().address(),
                    peers[1].network.configuration().address(),
                    peers[2].network.configuration().address(),
                    peers[3].network.configuration().address()
                });
        traffic.start();
        network.runToIdle(1_000 * SECOND);
        assertThat(sender.summary()).contains("messages: 0");
        for (int i = 1; i < peers.length; i++) {
            int messages = Integer.parseInt(peers[i].summary().get(2).substring("messages: ".length()));
            assertThat(messages).isBetween(40, 95);
        }
    }
}
