package dev.gnomon.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Errno;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.Packet;
import dev.gnomon.network.RawPeer;
import dev.gnomon.network.Readiness;
import dev.gnomon.network.TestNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Segments as a peer could send them that means harm, is broken, or is only slow. */
class TcpRobustnessTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final TestNetwork network = new TestNetwork(1, 10 * MILLISECOND);
    private final HostNetwork a = network.host("11.0.0.1", 1_000_000_000);
    private final byte[] buffer = new byte[200_000];
    private RawPeer peer;
    private TcpSocket socket;
    /** The next sequence number the peer sends, and the one it expects. */
    private int mine = -2;

    private int theirs;

    @BeforeEach
    void connect() {
        TcpSocket listener = a.openTcp();
        listener.bind(Ipv4.ANY, 80);
        listener.options().setNoDelay(true);
        listener.listen(1);
        peer = new RawPeer(network, a, "11.0.0.9", 5000, 80);
        Packet syn = peer.segment(Packet.SYN, mine++, 0);
        syn.maximumSegmentSize = 1000;
        syn.sackPermitted = true;
        peer.send(syn);
        theirs = peer.expect().sequence + 1;
        peer.send(Packet.ACK, mine, theirs);
        socket = listener.accept();
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        peer.expectNothing();
    }

    // RFC 5961

    @Test
    void onlyAResetAtTheExactNumberResets() {
        peer.send(Packet.RST, mine + 1, 0);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        Packet challenge = peer.expect();
        assertThat(challenge.flags).isEqualTo(Packet.ACK);
        assertThat(challenge.acknowledgment).isEqualTo(mine);
        assertThat(challenge.sequence).isEqualTo(theirs);
        peer.send(Packet.RST, mine - 1, 0);
        peer.send(Packet.RST, mine + 10_000_000, 0);
        peer.expectNothing();
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        peer.send(Packet.RST, mine, 0);
        assertThat(socket.takeError()).isEqualTo(Errno.ECONNRESET);
    }

    @Test
    void aSynInAConnectionIsChallengedNowAndThen() {
        peer.send(Packet.SYN, mine, 0);
        assertThat(peer.expect().flags).isEqualTo(Packet.ACK);
        peer.send(Packet.SYN, mine, 0);
        peer.expectNothing();
        network.runFor(SECOND);
        peer.send(Packet.SYN, mine + 100_000_000, 0);
        assertThat(peer.expect().flags).isEqualTo(Packet.ACK);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void anAcknowledgmentOfWhatWasNeverSentIsIgnored() {
        socket.send(buffer, 0, 100, false);
        peer.expect();
        peer.send(Packet.ACK, mine, theirs + 200);
        assertThat(socket.unsentBytes()).isEqualTo(100);
        assertThat(peer.expect().acknowledgment).isEqualTo(mine);
        peer.send(Packet.ACK, mine, theirs + 100);
        assertThat(socket.unsentBytes()).isZero();
    }

    @Test
    void twoPeersOutOfStepDoNotAnswerEachOtherForever() {
        for (int i = 0; i < 10; i++) {
            peer.send(Packet.ACK, mine - 50_000, theirs);
        }
        assertThat(peer.expect().flags).isEqualTo(Packet.ACK);
        peer.expectNothing();
    }

    // Data out of order

    @Test
    void overlappingSegmentsKeepTheBytesThatCameFirst() {
        peer.send(peer.data(mine + 10, theirs, 10, 10));
        peer.send(peer.data(mine + 30, theirs, 10, 30));
        peer.send(peer.data(mine + 5, theirs, 40, 5));
        Packet last = null;
        while (peer.waiting() > 0 || last == null) {
            last = peer.expect();
        }
        assertThat(last.acknowledgment).isEqualTo(mine);
        assertThat(last.sackEdges).startsWith(mine + 5, mine + 45);
        peer.send(peer.data(mine, theirs, 20, 0));
        assertThat(socket.receive(buffer, 0, 1000, false)).isEqualTo(45);
        for (int i = 0; i < 45; i++) {
            assertThat(buffer[i]).isEqualTo((byte) i);
        }
    }

    @Test
    void sackBlocksComeLatestFirstAndDuplicatesAreReported() {
        peer.send(peer.data(mine + 10, theirs, 5, 0));
        assertThat(peer.expect().sackEdges).containsExactly(mine + 10, mine + 15);
        peer.send(peer.data(mine + 30, theirs, 5, 0));
        assertThat(peer.expect().sackEdges).containsExactly(mine + 30, mine + 35, mine + 10, mine + 15);
        peer.send(peer.data(mine + 20, theirs, 5, 0));
        assertThat(peer.expect().sackEdges)
                .containsExactly(mine + 20, mine + 25, mine + 30, mine + 35, mine + 10, mine + 15);
        peer.send(peer.data(mine + 20, theirs, 5, 0));
        Packet duplicate = peer.expect();
        assertThat(duplicate.sackEdges[0]).as("RFC 2883").isEqualTo(mine + 20);
        assertThat(duplicate.sackEdges[1]).isEqualTo(mine + 25);
        peer.send(peer.data(mine, theirs, 12, 0));
        Packet merged = peer.expect();
        assertThat(merged.acknowledgment).isEqualTo(mine + 15);
        assertThat(merged.sackEdges).containsExactly(mine + 20, mine + 25, mine + 30, mine + 35);
        peer.send(peer.data(mine, theirs, 12, 0));
        assertThat(peer.expect().sackEdges).startsWith(mine, mine + 12);
    }

    @Test
    void whatLiesBeyondTheWindowIsNotTaken() {
        peer.send(peer.data(mine + 1_000_000, theirs, 10, 0));
        Packet answer = peer.expect();
        assertThat(answer.acknowledgment).isEqualTo(mine);
        assertThat(answer.sackEdges).isNull();
    }

    // Windows

    @Test
    void aClosedWindowIsProbedUntilItOpens() {
        Packet closed = peer.segment(Packet.ACK, mine, theirs);
        closed.window = 0;
        peer.send(closed);
        assertThat(socket.send(buffer, 0, 3000, false)).isEqualTo(3000);
        peer.expectNothing();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            network.runFor(SECOND);
            if (peer.waiting() > 0) {
                times.add(network.now() / SECOND);
                Packet probe = peer.expect();
                assertThat(probe.payloadLength).isZero();
                assertThat(probe.sequence)
                        .as("out of the window, so that it must be answered")
                        .isEqualTo(theirs - 1);
                peer.send(closed);
            }
        }
        assertThat(times).hasSizeGreaterThanOrEqualTo(3);
        peer.forget();
        peer.send(Packet.ACK, mine, theirs);
        assertThat(peer.expect().payloadLength).isEqualTo(1000);
    }

    @Test
    void aPeerThatAnswersNoProbeIsGivenUp() {
        Packet closed = peer.segment(Packet.ACK, mine, theirs);
        closed.window = 0;
        peer.send(closed);
        socket.send(buffer, 0, 3000, false);
        network.runFor(900 * SECOND);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        network.runFor(300 * SECOND);
        assertThat(socket.takeError()).isEqualTo(Errno.ETIMEDOUT);
    }

    @Test
    void aWindowTooSmallForASegmentIsFilledWhenNothingElseMoves() {
        // A smaller window counts only with a newer segment.
        peer.send(peer.data(mine, theirs, 1, 0));
        peer.expect();
        Packet small = peer.data(mine + 1, theirs, 1, 0);
        small.window = 300;
        peer.send(small);
        peer.expect();
        socket.send(buffer, 0, 3000, false);
        peer.expectNothing();
        network.runFor(2 * SECOND);
        assertThat(peer.expect().payloadLength).isEqualTo(300);
    }

    @Test
    void ourOwnWindowClosesAndOpensInUsefulSteps() {
        int capacity = socket.receiveBuffer();
        int sent = 0;
        int window = 65_535;
        while (window > 0 && sent < 2 * capacity) {
            int length = Math.min(1000, window);
            peer.send(peer.data(mine + sent, theirs, length, 0));
            sent += length;
            network.runFor(50 * MILLISECOND);
            while (peer.waiting() > 0) {
                window = peer.expect().window;
            }
        }
        assertThat(window).isZero();
        assertThat(sent).isBetween(capacity - 20_000, capacity + 1000);
        assertThat(socket.receivableBytes()).isEqualTo(sent);
        assertThat(socket.receive(buffer, 0, 500, false)).isEqualTo(500);
        peer.expectNothing();
        assertThat(socket.receive(buffer, 0, 60_000, false)).isEqualTo(60_000);
        assertThat(peer.expect().window).isGreaterThan(50_000);
    }

    // Timers

    @Test
    void silenceIsMetWithRetransmissionsThatDouble() {
        socket.send(buffer, 0, 100, false);
        long start = network.now();
        peer.expect();
        List<Long> gaps = new ArrayList<>();
        network.path((carrier, packet) -> gaps.add((network.now() - start) / MILLISECOND));
        network.runFor(1000 * SECOND);
        assertThat(socket.takeError()).isEqualTo(Errno.ETIMEDOUT);
        assertThat(gaps).hasSizeBetween(14, 17);
        for (int i = 3; i < gaps.size(); i++) {
            long gap = gaps.get(i) - gaps.get(i - 1);
            long before = gaps.get(i - 1) - gaps.get(i - 2);
            assertThat(gap).isBetween(Math.min(2 * before - 2, 119_990), Math.min(2 * before + 2, 120_010));
        }
    }

    @Test
    void theUserTimeoutEndsItSooner() {
        socket.options().setUserTimeout(3000);
        socket.send(buffer, 0, 100, false);
        network.runFor(2500 * MILLISECOND);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        network.runFor(10 * SECOND);
        assertThat(socket.takeError()).isEqualTo(Errno.ETIMEDOUT);
    }

    @Test
    void keepAliveFindsADeadPeer() {
        socket.options().setKeepIdle(10);
        socket.options().setKeepInterval(5);
        socket.options().setKeepCount(3);
        socket.setKeepAlive(true);
        network.runFor(9 * SECOND);
        peer.expectNothing();
        network.runFor(2 * SECOND);
        Packet probe = peer.expect();
        assertThat(probe.sequence).isEqualTo(theirs - 1);
        peer.send(Packet.ACK, mine, theirs);
        network.runFor(9 * SECOND);
        peer.expectNothing();
        network.runFor(12 * SECOND);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        network.runFor(5 * SECOND);
        assertThat(socket.takeError()).isEqualTo(Errno.ETIMEDOUT);
        Packet last = peer.expect();
        while (peer.waiting() > 0) {
            last = peer.expect();
        }
        assertThat(last.has(Packet.RST)).isTrue();
        assertThat(socket.options().setKeepIdle(0)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void acknowledgmentsAreQuickAtFirstAndThenDelayed() {
        int sequence = mine;
        // Sixteen or so at the start of a connection come at once.
        for (int i = 0; i < 20; i++) {
            peer.send(peer.data(sequence++, theirs, 1, 0));
            network.runFor(100 * MILLISECOND);
        }
        peer.forget();
        peer.send(peer.data(sequence++, theirs, 1, 0));
        network.runFor(38 * MILLISECOND);
        assertThat(peer.waiting()).isZero();
        network.runFor(3 * MILLISECOND);
        assertThat(peer.waiting()).isEqualTo(1);
        peer.forget();
        peer.send(peer.data(sequence, theirs, 1000, 0));
        assertThat(peer.waiting()).as("one segment waits").isZero();
        peer.send(peer.data(sequence + 1000, theirs, 1000, 0));
        assertThat(peer.expect().acknowledgment).as("the second does not").isEqualTo(sequence + 2000);
        socket.options().setQuickAcknowledgment(false);
        assertThat(socket.options().quickAcknowledgment()).isFalse();
    }

    // Nagle

    @Test
    void naglesRuleHoldsASecondSmallSegmentBack() {
        socket.options().setNoDelay(false);
        socket.send(buffer, 0, 10, false);
        assertThat(peer.expect().payloadLength).isEqualTo(10);
        socket.send(buffer, 0, 20, false);
        socket.send(buffer, 0, 30, false);
        peer.expectNothing();
        peer.send(Packet.ACK, mine, theirs + 10);
        Packet joined = peer.expect();
        assertThat(joined.payloadLength).isEqualTo(50);
        assertThat(joined.has(Packet.PSH)).isTrue();
        socket.send(buffer, 0, 5, false);
        peer.expectNothing();
        socket.options().setNoDelay(true);
        assertThat(peer.expect().payloadLength).isEqualTo(5);
    }

    @Test
    void aCorkHoldsPartialSegmentsForATime() {
        socket.options().setCork(true);
        socket.send(buffer, 0, 1500, false);
        assertThat(peer.expect().payloadLength).isEqualTo(1000);
        peer.send(Packet.ACK, mine, theirs + 1000);
        peer.expectNothing();
        socket.options().setCork(false);
        assertThat(peer.expect().payloadLength).isEqualTo(500);
        peer.send(Packet.ACK, mine, theirs + 1500);
        socket.send(buffer, 0, 100, true);
        peer.expectNothing();
        network.runFor(SECOND);
        assertThat(peer.expect().payloadLength).as("not forever").isEqualTo(100);
    }

    // Loss recovery, as the wire shows it

    @Test
    void threeSackedSegmentsBringTheLostOneBackAtOnce() {
        socket.send(buffer, 0, 5000, false);
        // Less than the loss probe would wait.
        network.runFor(MILLISECOND / 10);
        assertThat(peer.waiting()).isEqualTo(5);
        peer.forget();
        Packet sack = peer.segment(Packet.ACK, mine, theirs);
        sack.sackEdges = new int[] {theirs + 1000, theirs + 4000};
        peer.send(sack);
        Packet again = peer.expect();
        assertThat(again.sequence).isEqualTo(theirs);
        assertThat(again.payloadLength).isEqualTo(1000);
        peer.expectNothing();
        byte[] information = new byte[232];
        assertThat(socket.information(information, 0, 500)).isEqualTo(232);
        assertThat(information[0]).isEqualTo((byte) 1);
        assertThat(information[1]).as("recovery").isEqualTo((byte) 3);
        assertThat(information[28]).as("sacked").isEqualTo((byte) 3);
        assertThat(information[100]).as("sent again").isEqualTo((byte) 1);
        assertThat(information[80]).as("window").isLessThan((byte) 10);
        peer.send(Packet.ACK, mine, theirs + 5000);
        socket.information(information, 0, 104);
        assertThat(information[1]).isZero();
        assertThat(information[76]).as("threshold: seven tenths of ten").isEqualTo((byte) 7);
    }

    @Test
    void aLostTailIsProbedBeforeTheTimeout() {
        socket.send(buffer, 0, 3000, false);
        long sent = network.now();
        for (int i = 0; i < 3; i++) {
            peer.expect();
        }
        assertThat(network.runUntil(() -> peer.waiting() > 0, network.now() + 10 * SECOND))
                .isTrue();
        assertThat(network.now() - sent).isLessThan(200 * MILLISECOND);
        assertThat(peer.expect().sequence).as("the last one").isEqualTo(theirs + 2000);
    }

    @Test
    void withoutSackThreeDuplicateAcknowledgmentsDo() {
        TcpSocket listener = a.openTcp();
        listener.bind(Ipv4.ANY, 81);
        listener.options().setNoDelay(true);
        listener.listen(1);
        RawPeer plain = new RawPeer(network, a, "11.0.0.9", 5001, 81);
        Packet syn = plain.segment(Packet.SYN, 9, 0);
        syn.maximumSegmentSize = 1000;
        plain.send(syn);
        int next = plain.expect().sequence + 1;
        plain.send(Packet.ACK, 10, next);
        TcpSocket accepted = listener.accept();
        accepted.send(buffer, 0, 8000, false);
        for (int i = 0; i < 8; i++) {
            plain.expect();
        }
        plain.send(Packet.ACK, 10, next + 1000);
        plain.send(Packet.ACK, 10, next + 1000);
        plain.send(Packet.ACK, 10, next + 1000);
        plain.expectNothing();
        plain.send(Packet.ACK, 10, next + 1000);
        assertThat(plain.expect().sequence).isEqualTo(next + 1000);
        plain.forget();
        // A partial acknowledgment: RFC 6582 sends the next one at once.
        plain.send(Packet.ACK, 10, next + 3000);
        assertThat(plain.expect().sequence).isEqualTo(next + 3000);
        plain.forget();
        plain.send(Packet.ACK, 10, next + 8000);
        assertThat(accepted.unsentBytes()).isZero();
    }

    // Room

    @Test
    void theSendBufferFillsAndSignalsWhenAThirdIsFree() {
        socket.setSendBuffer(10_000);
        assertThat(socket.sendBuffer()).isEqualTo(20_000);
        List<Integer> signals = new ArrayList<>();
        socket.readinessListener((changed, bits) -> signals.add(bits));
        assertThat(socket.send(buffer, 0, 50_000, false)).isEqualTo(20_000);
        assertThat(socket.send(buffer, 0, 1, false)).isEqualTo(-Errno.EAGAIN);
        assertThat(socket.readiness() & Readiness.POLLOUT).isZero();
        network.runFor(MILLISECOND);
        peer.send(Packet.ACK, mine, theirs + 6000);
        assertThat(signals).isEmpty();
        peer.send(Packet.ACK, mine, theirs + 7000);
        assertThat(signals).containsExactly(Readiness.POLLOUT);
        assertThat(socket.readiness() & Readiness.POLLOUT).isNotZero();
    }

    @Test
    void eachArrivalSignalsAnew() {
        List<Integer> signals = new ArrayList<>();
        socket.readinessListener((changed, bits) -> signals.add(bits));
        peer.send(peer.data(mine, theirs, 10, 0));
        peer.send(peer.data(mine + 10, theirs, 10, 0));
        assertThat(signals).containsExactly(Readiness.POLLIN, Readiness.POLLIN);
        assertThat(socket.receive(buffer, 0, 5, true)).isEqualTo(5);
        assertThat(socket.receivableBytes()).isEqualTo(20);
    }
}
